"""Settings of the staff: who works here, what each role may do, and somebody new."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect

from wallet_service.access import hiring, invitations
from wallet_service.brands import role_words, staff
from wallet_service.brands.pin import WeakPin
from wallet_service.brands.roles import Intention, Role
from wallet_service.errors import Refusal
from wallet_service.pages.console import frame, settings, settings_once, settings_roles
from wallet_service.pages.console.settings_forms import NewStaffForm
from wallet_service.pages.console.settings_links import shown_link, was_shown
from wallet_service.pages.console.sign_in import Answer
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint("settings_staff", __name__, url_prefix="/console/<slug>/settings/staff")


@bp.get("")
@needs(Intention.STAFF_SEE)
def here() -> str:
    """Those who work here."""
    brand_id = frame.current().brand.brand_id
    with current_wallet().database.read() as connection:
        people = staff.of(connection, brand_id)
        return settings.page(
            "staff",
            people=people,
            places={who.staff_id: settings_roles.places_of(connection, who) for who in people},
            locked=staff.locked(connection, brand_id),
            awaited=invitations.awaited(connection, brand_id),
            role_name=settings_roles.name,
        )


@bp.get("/roles")
@needs(Intention.STAFF_SEE)
def what_roles_may() -> str:
    """Who may do what, from the table that the doors themselves ask."""
    return settings.page(
        "staff-roles",
        table=role_words.table(),
        roles=tuple(Role),
        role_name=settings_roles.name,
        hints=settings_roles.hints(),
    )


@bp.get("/new")
@needs(Intention.STAFF_CHANGE, proof=True)
def ask() -> str:
    """Somebody new."""
    return _page(NewStaffForm(formdata=None, once=settings_once.new(), role=Role.CASHIER.value))


@bp.post("/new")
@needs(Intention.STAFF_CHANGE, proof=True)
def add() -> Answer:
    """Add them; an invitation's link is shown this once."""
    visit, form, wallet = frame.current(), NewStaffForm(), current_wallet()
    with wallet.database.read() as connection:
        settings_roles.offer(connection, form)
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    if settings_once.was_sent(form.once.data):
        return was_shown("staff")
    try:
        hired = wallet.database.run(
            hiring.hire,
            wallet.keyring,
            visit.brand,
            form.name.data,
            role=Role(form.role.data),
            pin=form.pin.data or None,
            email=(form.email.data or "").strip(),
            locations=form.locations.data,
            actor=visit.actor,
        )
    except Refusal as refusal:
        form.take(refusal, "pin" if isinstance(refusal, WeakPin) else "")
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    settings_once.note(form.once.data)
    if hired.token is not None:
        return shown_link(hired.staff, invitations.url(wallet.config.base_url, hired.token))
    flash(_("%(name)s works here now.", name=hired.staff.name))
    return redirect(f"{visit.root}/settings/staff", 303)


def _page(form: NewStaffForm) -> str:
    with current_wallet().database.read() as connection:
        settings_roles.offer(connection, form)
    level = frame.current().level
    return settings.page("staff-new", form=form, hints=settings_roles.hints(), level=level)
