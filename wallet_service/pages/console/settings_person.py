"""One of the staff: name, role and places, the PIN, the way to sign in, and letting them go."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, flash, redirect
from sqlalchemy import Connection

from wallet_service.access import hiring, invitations, recovery
from wallet_service.brands import roles, staff
from wallet_service.brands.roles import Intention, Role
from wallet_service.brands.staff import Staff, UnknownStaff
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.pages.console import frame, missing, settings, settings_once, settings_roles
from wallet_service.pages.console.settings_forms import InviteForm, PinForm, RecoverForm, StaffForm
from wallet_service.pages.console.settings_links import shown_link, was_shown
from wallet_service.pages.console.sign_in import Answer
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

bp = Blueprint("settings_person", __name__, url_prefix="/console/<slug>/settings/staff/<staff_id>")
missing.is_404(bp, UnknownStaff)


@bp.get("")
@needs(Intention.STAFF_CHANGE, proof=True)
def here(staff_id: str) -> str:
    """One person."""
    return _page(_found(staff_id))


@bp.post("")
@needs(Intention.STAFF_CHANGE, proof=True)
def change(staff_id: str) -> Answer:
    """Another name, role or places."""
    visit, who, form = frame.current(), _found(staff_id), StaffForm()
    with current_wallet().database.read() as connection:
        settings_roles.offer(connection, form, who)
    if not form.validate():
        return _page(who, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = replace(
        who,
        name=form.name.data,
        role=Role(form.role.data),
        locations=frozenset(form.locations.data),
    )
    try:
        current_wallet().database.run(staff.change, wanted, actor=visit.actor)
    except Refusal as refusal:
        form.take(refusal, "role")
        return _page(who, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(_("Saved."))


@bp.post("/pin")
@needs(Intention.STAFF_CHANGE, proof=True)
def change_pin(staff_id: str) -> Answer:
    """Another PIN."""
    visit, who, form, wallet = frame.current(), _found(staff_id), PinForm(), current_wallet()
    if not form.validate():
        return _page(who, pin_form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        wallet.database.run(staff.set_pin, wallet.keyring, who, form.pin.data, actor=visit.actor)
    except Refusal as refusal:
        form.take(refusal, "pin")
        return _page(who, pin_form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(_("%(name)s has a new PIN.", name=who.name))


@bp.post("/unlock")
@needs(Intention.STAFF_CHANGE, proof=True)
def unlock(staff_id: str) -> Answer:
    """Let a person try their PIN again at once."""
    who = _found(staff_id)
    return _do(who, staff.unlock, _("%(name)s can try again.", name=who.name))


@bp.post("/invite")
@needs(Intention.STAFF_CHANGE, proof=True)
def invite(staff_id: str) -> Answer:
    """A link to come in with, shown this once."""
    visit, who, form, wallet = frame.current(), _found(staff_id), InviteForm(), current_wallet()
    if not form.validate():
        return _page(who, invite_form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    if settings_once.was_sent(form.once.data):
        return was_shown("staff", staff_id)
    try:
        token = wallet.database.run(
            hiring.invite, visit.brand, who, form.email.data, actor=visit.actor
        )
    except Refusal as refusal:
        form.take(refusal, "email")
        return _page(who, invite_form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    settings_once.note(form.once.data)
    return shown_link(who, invitations.url(wallet.config.base_url, token))


@bp.post("/recover")
@needs(Intention.STAFF_CHANGE, proof=True)
def recover(staff_id: str) -> Answer:
    """A link to choose a new password with, shown this once."""
    visit, who, form, wallet = frame.current(), _found(staff_id), RecoverForm(), current_wallet()
    if not form.validate():
        return _page(who), HTTPStatus.UNPROCESSABLE_ENTITY
    if settings_once.was_sent(form.once.data):
        return was_shown("staff", staff_id)
    try:
        token = wallet.database.run(hiring.help_back, who, whole=form.whole.data, actor=visit.actor)
    except Refusal as refusal:
        return _page(who, notice=said(refusal.say)), HTTPStatus.CONFLICT
    settings_once.note(form.once.data)
    address = recovery.url(wallet.config.base_url, token)
    return shown_link(who, address, recovers=True, whole=form.whole.data)


@bp.post("/end")
@needs(Intention.STAFF_CHANGE, proof=True)
def end(staff_id: str) -> Answer:
    """Let a person go."""
    who = _found(staff_id)
    return _do(who, hiring.let_go, _("%(name)s works here no more.", name=who.name))


def _found(staff_id: str) -> Staff:
    """One of the brand's own. Raises UnknownStaff."""
    with current_wallet().database.read() as connection:
        who = staff.get(connection, frame.current().brand.brand_id, staff_id)
    if who is None:
        raise UnknownStaff(phrase("Nobody like that works here."))
    return who


def _do(who: Staff, what: Callable[..., object], words: str) -> Answer:
    try:
        current_wallet().database.run(what, who, actor=frame.current().actor)
    except Refusal as refusal:
        return _page(who, notice=said(refusal.say)), HTTPStatus.CONFLICT
    return _back(words)


def _back(words: str) -> Answer:
    flash(words)
    return redirect(f"{frame.current().root}/settings/staff", 303)


def _page(
    who: Staff,
    *,
    form: StaffForm | None = None,
    pin_form: PinForm | None = None,
    invite_form: InviteForm | None = None,
    notice: str = "",
) -> str:
    """A person with all that can be done about them."""
    shown = form or StaffForm(
        formdata=None, name=who.name, role=who.role.value, locations=sorted(who.locations)
    )
    with current_wallet().database.read() as connection:
        settings_roles.offer(connection, shown, who)
        return settings.page(
            "staff-one",
            who=who,
            form=shown,
            pin_form=pin_form or PinForm(formdata=None),
            invite_form=invite_form
            or InviteForm(
                formdata=None,
                once=settings_once.new(),
                email=invitations.last_email(connection, who),
            ),
            notice=notice or shown.notice,
            once=settings_once.new(),
            **_states(connection, who),
        )


def _states(connection: Connection, who: Staff) -> dict[str, object]:
    visit = frame.current()
    return {
        "may_change": visit.staff.reaches(who),
        "is_me": who.staff_id == visit.staff.staff_id,
        "locked_until": staff.locked(connection, who.brand_id).get(who.staff_id),
        "awaited_until": invitations.awaited(connection, who.brand_id).get(who.staff_id),
        "stands_at_till": roles.may(who.role, Intention.TILL_SERVE),
        "role_name": settings_roles.name,
        "places": settings_roles.places_of(connection, who),
        "hints": settings_roles.hints(),
        "level": visit.level,
    }
