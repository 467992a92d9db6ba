"""Settings of the tills: where they stand, letting a device be one, and ending one."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, flash, redirect
from wtforms import SelectChoice

from passes import barcode
from wallet_service.brands import locations, staff, tills
from wallet_service.brands.roles import Intention
from wallet_service.brands.tills import Standing, UnknownTill
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.pages.console import frame, missing, settings, settings_once
from wallet_service.pages.console.settings_forms import OnceForm, TillForm
from wallet_service.pages.console.settings_links import was_shown
from wallet_service.pages.console.sign_in import Answer
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

bp = Blueprint("settings_tills", __name__, url_prefix="/console/<slug>/settings/tills")
missing.is_404(bp, UnknownTill)


@bp.get("")
@needs(Intention.TILLS_SEE)
def here() -> str:
    """The tills of the brand."""
    brand_id = frame.current().brand.brand_id
    with current_wallet().database.read() as connection:
        return settings.page(
            "tills",
            standing=tills.standing(connection, brand_id),
            place_names={each.location_id: each.name for each in locations(connection, brand_id)},
            staff_names={each.staff_id: each.name for each in staff.of(connection, brand_id)},
        )


@bp.get("/new")
@needs(Intention.TILLS_CHANGE)
def ask() -> str:
    """A till more."""
    return _new_page(TillForm(formdata=None, name=_("Counter")))


@bp.post("/new")
@needs(Intention.TILLS_CHANGE)
def add() -> Answer:
    """Add it; it still has to be paired."""
    form, visit = _with_places(TillForm()), frame.current()
    if not form.validate():
        return _new_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        made = current_wallet().database.run(
            tills.add,
            visit.brand.brand_id,
            form.location_id.data,
            form.name.data,
            actor=visit.actor,
        )
    except Refusal as refusal:
        form.take(refusal)
        return _new_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("%(name)s is there. Now pair a device with it.", name=made.name))
    return redirect(f"{visit.root}/settings/tills/{made.till_id}", 303)


@bp.get("/<till_id>")
@needs(Intention.TILLS_CHANGE, proof=True)
def one(till_id: str) -> str:
    """One till."""
    return _page(_found(till_id))


@bp.post("/<till_id>")
@needs(Intention.TILLS_CHANGE)
def change(till_id: str) -> Answer:
    """Another name, or another place."""
    there, form, visit = _found(till_id), _with_places(TillForm()), frame.current()
    if not form.validate():
        return _page(there, form), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = replace(there.till, name=form.name.data, location_id=form.location_id.data)
    try:
        current_wallet().database.run(tills.change, wanted, actor=visit.actor)
    except Refusal as refusal:
        form.take(refusal)
        return _page(there, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved."))
    return redirect(f"{visit.root}/settings/tills", 303)


@bp.post("/<till_id>/pair")
@needs(Intention.TILLS_CHANGE, proof=True)
def pair(till_id: str) -> Answer:
    """A code for one device, shown this once and good for ten minutes."""
    there, form, visit, wallet = _found(till_id), OnceForm(), frame.current(), current_wallet()
    if not form.validate():
        return _page(there), HTTPStatus.UNPROCESSABLE_ENTITY
    if settings_once.was_sent(form.once.data):
        return was_shown("tills", till_id)
    try:
        code = wallet.database.run(tills.pairing_code, there.till, actor=visit.actor)
    except Refusal as refusal:
        return _page(there, notice=said(refusal.say)), HTTPStatus.CONFLICT
    settings_once.note(form.once.data)
    url = f"{wallet.config.base_url}/till"
    return settings.page("tills-pair", there=there, code=code, url=url, qr=barcode.svg(url))


@bp.post("/<till_id>/end")
@needs(Intention.TILLS_CHANGE)
def end(till_id: str) -> Answer:
    """End it; its device is out at once."""
    there, visit = _found(till_id), frame.current()
    try:
        current_wallet().database.run(tills.end, there.till, actor=visit.actor)
    except Refusal as refusal:
        return _page(there, notice=said(refusal.say)), HTTPStatus.CONFLICT
    flash(_("%(name)s lets nobody in any more.", name=there.till.name))
    return redirect(f"{visit.root}/settings/tills", 303)


def _found(till_id: str) -> Standing:
    """One of the brand's own. Raises UnknownTill."""
    with current_wallet().database.read() as connection:
        for each in tills.standing(connection, frame.current().brand.brand_id):
            if each.till.till_id == till_id:
                return each
    raise UnknownTill(phrase("There is no such till any more."))


def _with_places(form: TillForm, also: str = "") -> TillForm:
    with current_wallet().database.read() as connection:
        known = locations(connection, frame.current().brand.brand_id)
        mine = settings.my_places(connection)
    form.location_id.choices = [
        SelectChoice(each.location_id, each.name)
        for each in known
        if each in mine or each.location_id == also
    ]
    return form


def _new_page(form: TillForm) -> str:
    return settings.page("tills-new", form=_with_places(form))


def _page(there: Standing, form: TillForm | None = None, notice: str = "") -> str:
    till = there.till
    shown = form or TillForm(formdata=None, name=till.name, location_id=till.location_id)
    return settings.page(
        "tills-one",
        there=there,
        form=_with_places(shown, till.location_id),
        notice=notice or shown.notice,
        may_change=frame.current().staff.works_at(till.location_id),
        once=settings_once.new(),
    )
