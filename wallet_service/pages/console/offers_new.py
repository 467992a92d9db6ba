"""Making an offer: what kind it is first, then only what that kind asks."""

import re
import unicodedata
from collections.abc import Container
from http import HTTPStatus

from flask import Blueprint, flash, redirect, request
from sqlalchemy import Connection

from wallet_service import programme
from wallet_service.brands.roles import Intention
from wallet_service.coupons import offers
from wallet_service.coupons.errors import BadOffer
from wallet_service.coupons.offering import Offering
from wallet_service.coupons.promise import Promise
from wallet_service.pages.console import frame
from wallet_service.pages.console.offer_forms import KINDS, OfferForm
from wallet_service.pages.console.offers import form_of, page
from wallet_service.pages.console.offers_words import kind_name
from wallet_service.pages.console.sign_in import Answer
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint("console_offers_new", __name__, url_prefix="/console/<slug>/offers/new")

KEY_LENGTH_MAX = 40


@bp.get("")
@needs(Intention.OFFERS_CHANGE)
def ask() -> str:
    """The kinds to choose among; with one chosen, its form."""
    kind = request.args.get("kind", "")
    if kind not in KINDS:
        return page("kinds")
    return _page(form_of(kind))


@bp.post("")
@needs(Intention.OFFERS_CHANGE)
def add() -> Answer:
    """Make it, under a key that its name gives."""
    kind, visit = request.form.get("kind", ""), frame.current()
    if kind not in KINDS:
        return page("kinds"), HTTPStatus.UNPROCESSABLE_ENTITY
    form = form_of(kind, sent=True)
    if not form.validate() or _is_there(form):
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        made = current_wallet().database.run(_make, form, form.promise(visit.brand.zone))
    except BadOffer as refusal:
        form.take(refusal)
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The offer is made."))
    return redirect(f"{visit.root}/offers/{made.key}", 303)


def key_of(name: str, taken: Container[str]) -> str:
    """A key that is like the name: `kevat-kimppu`, and `kevat-kimppu-2` where that is taken."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    if not words[:1].isalpha():
        words = f"offer-{words}".strip("-")
    stem, number = words[: KEY_LENGTH_MAX - 5].strip("-"), 1
    found = stem
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def _make(connection: Connection, form: OfferForm, promise: Promise) -> Offering:
    visit = frame.current()
    brand_id = visit.brand.brand_id
    rules = programme.of_brand(connection, brand_id).rules
    # "new" is this page's own address.
    taken = {"new", *(each.key for each in rules.reward)}
    taken |= {each.key for each in offers.list_(connection, brand_id)}
    names = form.words("name")
    return offers.put(
        connection,
        brand_id,
        key_of(names[form.language], taken),
        names,
        form.words("terms"),
        promise,
        actor=visit.actor,
    )


def _page(form: OfferForm) -> str:
    return page("new", form=form, title=kind_name(form.kind.data))


def _is_there(form: OfferForm) -> bool:
    """Whether an open offer has this name already: a second press, or two that nobody can part."""
    field = form[f"name_{form.language}"]
    wanted = field.data.strip().casefold()
    with current_wallet().database.read() as connection:
        there = offers.list_(connection, frame.current().brand.brand_id, only_open=True)
    if all(each.name.words.get(form.language, "").casefold() != wanted for each in there):
        return False
    field.errors = [_("There is an open offer of this name. Change that one, or say another name.")]
    return True
