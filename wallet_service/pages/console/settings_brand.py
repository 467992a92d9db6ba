"""Settings of the brand: its name, how members reach it, its language and time zone."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, flash, redirect

from wallet_service import brands
from wallet_service.brands import designs
from wallet_service.brands.brand import BrandRefused
from wallet_service.brands.roles import Intention
from wallet_service.pages.console import frame, settings, zones
from wallet_service.pages.console.settings_forms import SPOKEN, BrandForm
from wallet_service.pages.console.sign_in import Answer
from wallet_service.programme import versions
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint("settings_brand", __name__, url_prefix="/console/<slug>/settings/brand")

_FIELDS = ("name", "contact_email", "contact_phone", "website", "language", "time_zone")


@bp.get("")
@needs(Intention.BRAND_SEE)
def here() -> str:
    """What the brand says of itself."""
    return _page(BrandForm(formdata=None, obj=frame.current().brand))


@bp.post("")
@needs(Intention.BRAND_CHANGE)
def change() -> Answer:
    """Save it."""
    visit, form = frame.current(), BrandForm()
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = replace(visit.brand, **{name: form[name].data or "" for name in _FIELDS})
    try:
        current_wallet().database.run(brands.change, wanted, actor=visit.actor)
    except BrandRefused as refusal:
        form.take(refusal)
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved."))
    return redirect(f"{visit.root}/settings/brand", 303)


def _page(form: BrandForm) -> str:
    brand_id = frame.current().brand.brand_id
    with current_wallet().database.read() as connection:
        try:
            written = {
                "programme": versions.of_brand(connection, brand_id).rules.languages,
                "design": designs.current(connection, brand_id).languages,
            }
        except LookupError:
            written = {}
    return settings.page(
        "brand",
        form=form,
        zones=zones.NEAR,
        written={
            where: ", ".join(SPOKEN.get(tag, tag) for tag in tags)
            for where, tags in written.items()
        },
    )
