"""Offers: what the shop promises, each in a sentence; one of them whole, changed and ended."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template
from sqlalchemy import Connection

from wallet_service import clock, programme
from wallet_service.brands import locations
from wallet_service.brands.roles import Intention
from wallet_service.coupons import offers
from wallet_service.coupons.errors import BadOffer, UnknownOffer
from wallet_service.coupons.offering import Offering
from wallet_service.pages.console import frame, missing, offer_typed
from wallet_service.pages.console.offer_forms import OfferForm
from wallet_service.pages.console.offers_words import Sayer
from wallet_service.pages.console.settings_forms import SPOKEN
from wallet_service.pages.console.sign_in import Answer
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import chosen
from wallet_service.web.language import gettext as _

bp = Blueprint("console_offers", __name__, url_prefix="/console/<slug>/offers")
missing.is_404(bp, UnknownOffer)


@bp.get("")
@needs(Intention.OFFERS_SEE)
def here() -> str:
    """All that is on offer, what has ended, and what the programme gives."""
    brand_id = frame.current().brand.brand_id
    with current_wallet().database.read() as connection:
        there = offers.list_(connection, brand_id)
        rules = programme.of_brand(connection, brand_id).rules
        say = sayer(connection, there)
    return page(
        "",
        say=say,
        open_offers=[each for each in there if each.ended_at is None],
        ended=[each for each in there if each.ended_at is not None],
        rewards=[(rules.words(each.name), each) for each in rules.reward],
    )


@bp.get("/<key>")
@needs(Intention.OFFERS_SEE)
def one(key: str) -> str:
    """One offer, whole."""
    visit = frame.current()
    with current_wallet().database.read() as connection:
        there = offers.get(connection, visit.brand.brand_id, key)
        say = sayer(connection, offers.list_(connection, visit.brand.brand_id))
    return page("one", there=there, say=say, spoken_names=SPOKEN)


@bp.get("/<key>/change")
@needs(Intention.OFFERS_CHANGE)
def ask(key: str) -> str:
    """The form, with the offer in it."""
    there = _found(key)
    return page("change", there=there, form=form_of(there.kind, there))


@bp.post("/<key>/change")
@needs(Intention.OFFERS_CHANGE)
def change(key: str) -> Answer:
    """Other terms from now on; those who have one keep theirs."""
    there, visit = _found(key), frame.current()
    form = form_of(there.kind, there, sent=True)
    if not form.validate():
        return page("change", there=there, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        current_wallet().database.run(
            offers.put,
            visit.brand.brand_id,
            key,
            form.words("name", there.name.words),
            form.words("terms", there.terms.words),
            form.promise(visit.brand.zone, there.promise),
            actor=visit.actor,
        )
    except BadOffer as refusal:
        form.take(refusal)
        return page("change", there=there, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved. Whoever has one keeps it as it was."))
    return redirect(f"{visit.root}/offers/{key}", 303)


@bp.post("/<key>/end")
@needs(Intention.OFFERS_CHANGE)
def end(key: str) -> Answer:
    """Nobody gets it any more."""
    visit = frame.current()
    ended = current_wallet().database.run(offers.end, visit.brand.brand_id, key, actor=visit.actor)
    flash(_("%(name)s has ended. Nobody gets it any more.", name=ended.name.say(chosen())))
    return redirect(f"{visit.root}/offers", 303)


def page(name: str, /, **shown: object) -> str:
    """A page of the offers."""
    template = f"console/offers-{name}.html" if name else "console/offers.html"
    visit = frame.current()
    return render_template(template, visit=visit, root=f"{visit.root}/offers", **shown)


def sayer(connection: Connection, there: tuple[Offering, ...]) -> Sayer:
    """Who says what this shop's offers are."""
    brand = frame.current().brand
    return Sayer(
        currency=programme.of_brand(connection, brand.brand_id).rules.currency,
        zone=brand.zone,
        now=clock.now(),
        shops=_shops(connection),
        names={each.key: each.name.say(chosen()) for each in there},
    )


def form_of(kind: str, there: Offering | None = None, *, sent: bool = False) -> OfferForm:
    """The form of an offer, with what this shop can choose among."""
    brand = frame.current().brand
    with current_wallet().database.read() as connection:
        rules = programme.of_brand(connection, brand.brand_id).rules
        shops = _shops(connection)
        known = offers.list_(connection, brand.brand_id)
    keep = there.promise.then if there else None
    return OfferForm.of(
        kind,
        languages=rules.languages,
        language=brand.language,
        currency=rules.currency,
        shops=shops,
        others={
            each.key: each.name.say(chosen())
            for each in known
            if each.key == keep
            or (each.ended_at is None and (there is None or each.key != there.key))
        },
        sent=sent,
        there=offer_typed.of_offering(there, brand.zone, rules.currency) if there else None,
    )


def _found(key: str) -> Offering:
    with current_wallet().database.read() as connection:
        return offers.get(connection, frame.current().brand.brand_id, key)


def _shops(connection: Connection) -> Mapping[str, str]:
    known = locations(connection, frame.current().brand.brand_id)
    return {each.location_id: each.name for each in known}
