"""Settings of the shops: where they are, when they are open."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, flash, redirect

from wallet_service.brands import Location, location, locations, opening
from wallet_service.brands.location import UnknownLocation
from wallet_service.brands.opening import DAYS
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.pages.console import frame, missing, settings, zones
from wallet_service.pages.console.settings_forms import LocationForm
from wallet_service.pages.console.sign_in import Answer
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import chosen
from wallet_service.web.language import gettext as _

bp = Blueprint("settings_locations", __name__, url_prefix="/console/<slug>/settings/locations")
missing.is_404(bp, UnknownLocation)


@bp.get("")
@needs(Intention.LOCATIONS_SEE)
def here() -> str:
    """The shops of the brand."""
    with current_wallet().database.read() as connection:
        known = locations(connection, frame.current().brand.brand_id)
    return settings.page(
        "locations",
        locations=known,
        summary_of=lambda each: opening.summary(each.opening, chosen()),
    )


@bp.get("/new")
@needs(Intention.LOCATIONS_CHANGE)
def ask() -> str:
    """A shop more."""
    return _page(LocationForm(formdata=None), None)


@bp.post("/new")
@needs(Intention.LOCATIONS_CHANGE)
def add() -> Answer:
    """Add it."""
    form, visit = LocationForm(), frame.current()
    if not form.validate():
        return _page(form, None), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        made = current_wallet().database.run(
            location.add,
            visit.brand.brand_id,
            name=form.name.data,
            address=form.address.data or "",
            time_zone=form.time_zone.data or None,
            opening=form.opening(settings.today()),
            actor=visit.actor,
        )
    except Refusal as refusal:
        form.take(refusal)
        return _page(form, None), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("%(name)s is a shop of %(brand)s.", name=made.name, brand=visit.brand.name))
    return redirect(f"{visit.root}/settings/locations", 303)


@bp.get("/<location_id>")
@needs(Intention.LOCATIONS_SEE)
def one(location_id: str) -> str:
    """One shop."""
    place = _found(location_id)
    return _page(_filled(place), place)


@bp.post("/<location_id>")
@needs(Intention.LOCATIONS_CHANGE)
def change(location_id: str) -> Answer:
    """Save it."""
    form, visit, place = LocationForm(), frame.current(), _found(location_id)
    if not form.validate():
        return _page(form, place), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        wanted = replace(
            place,
            name=form.name.data,
            address=form.address.data or "",
            time_zone=form.time_zone.data or None,
            opening=form.opening(settings.today()),
        )
        current_wallet().database.run(location.change, wanted, actor=visit.actor)
    except Refusal as refusal:
        form.take(refusal)
        return _page(form, place), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved."))
    return redirect(f"{visit.root}/settings/locations", 303)


@bp.post("/<location_id>/end")
@needs(Intention.LOCATIONS_CHANGE)
def end(location_id: str) -> Answer:
    """Close it for good."""
    visit, place = frame.current(), _found(location_id)
    try:
        current_wallet().database.run(location.end, place, actor=visit.actor)
    except Refusal as refusal:
        form = _filled(place)
        form.take(refusal)
        return _page(form, place), HTTPStatus.CONFLICT
    flash(_("%(name)s is closed.", name=place.name))
    return redirect(f"{visit.root}/settings/locations", 303)


def _found(location_id: str) -> Location:
    with current_wallet().database.read() as connection:
        return location.get(connection, frame.current().brand.brand_id, location_id)


def _filled(place: Location) -> LocationForm:
    form = LocationForm(
        formdata=None, name=place.name, address=place.address, time_zone=place.time_zone or ""
    )
    form.show(place.opening.since(settings.today()))
    return form


def _page(form: LocationForm, place: Location | None) -> str:
    visit = frame.current()
    may_change = visit.may(Intention.LOCATIONS_CHANGE) and (
        visit.staff.works_at(place.location_id) if place else not visit.staff.locations
    )
    return settings.page(
        "locations-one",
        form=form,
        place=place,
        may_change=may_change,
        zones=zones.NEAR,
        days=[
            (form[day], opening.weekday_name(number, chosen())) for number, day in enumerate(DAYS)
        ],
    )
