"""Offers over the API: what is promised, with its conditions; read, made and changed."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service import brands, clock, programme
from wallet_service.coupons import Offering, offering, offers, promise
from wallet_service.programme import Reward
from wallet_service.web import current_wallet
from webhooks.api import body, calls, cursors, etags
from webhooks.api.answers import OfferShown, OffersPage
from webhooks.api.coupon_models import OfferBody, OffersQuery
from webhooks.api.key import actor, current, needs
from webhooks.api.models import Language


@needs("coupons:read")
@calls.call("List offers", OffersPage, query=OffersQuery, tagged=True)
def find() -> Response:
    """The offers by their keys, those that have ended last; and the programme's rewards."""
    asked = body.read_query(OffersQuery)
    with current_wallet().database.read() as connection:
        found = list(offers.list_(connection, current().brand_id))
        rewards = programme.of_brand(connection, current().brand_id).rules.reward
    if asked.cursor is not None:
        places = [place for place, each in enumerate(found) if each.key == asked.cursor]
        if not places:
            raise cursors.unknown()
        found = found[places[0] + 1 :]
    page = found[: asked.limit]
    following = page[-1].key if len(found) > len(page) else None
    return etags.tagged(
        {
            "items": [shown(each) for each in page],
            "next": following,
            "rewards": [_reward(each) for each in rewards],
        }
    )


@needs("coupons")
@calls.call(
    "Make or change an offer",
    OfferShown,
    also={HTTPStatus.CREATED: OfferShown},
    body=OfferBody,
    refuses=("bad_offer", "changed_meanwhile"),
    tagged=True,
    guarded=True,
)
def put(key: str) -> Response:
    """Make an offer (201) or change the one of this key (200); copies that are out keep theirs."""
    made, is_new = current_wallet().database.run(_put, key, body.read(OfferBody))
    return etags.tagged(shown(made), HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@needs("coupons")
@calls.call(
    "End an offer",
    OfferShown,
    refuses=("unknown_offer", "changed_meanwhile"),
    tagged=True,
    guarded=True,
)
def end(key: str) -> Response:
    """Give nobody a copy any more; those that are out can be used. `PUT` opens it again."""
    return etags.tagged(shown(current_wallet().database.run(_end, key)))


def add_to(blueprint: Blueprint) -> None:
    """Put these calls under the API's address."""
    blueprint.get("/offers", endpoint="offers")(find)
    blueprint.put("/offers/<key>", endpoint="put_offer")(put)
    blueprint.delete("/offers/<key>", endpoint="end_offer")(end)


def _put(connection: Connection, key: str, told: OfferBody) -> tuple[Offering, bool]:
    brand_id = current().brand_id
    if etags.is_guarded():
        offering.hold(connection, brand_id, key)
    before = offers.of_key(connection, brand_id, key)
    if etags.is_guarded():
        if before is None:
            etags.require_new()
        else:
            etags.require_unchanged(shown(before))
    own = brands.get(connection, brand_id).language
    parts = told.model_dump(mode="json", exclude_none=True, exclude={"name", "words"})
    made = offers.put(
        connection,
        brand_id,
        key,
        _in_languages(told.name, own),
        _in_languages(told.words, own),
        promise.read(parts),
        actor=actor(),
    )
    return made, before is None


def _end(connection: Connection, key: str) -> Offering:
    brand_id = current().brand_id
    if etags.is_guarded():
        offering.hold(connection, brand_id, key)
    before = offers.get(connection, brand_id, key)
    if etags.is_guarded():
        etags.require_unchanged(shown(before))
    return offers.end(connection, brand_id, key, actor=actor())


def _in_languages(said: str | Mapping[Language, str], own: str) -> Mapping[str, str]:
    """A plain text is in the brand's own language."""
    return {own: said} if isinstance(said, str) else {str(tag): text for tag, text in said.items()}


def _reward(of: Reward) -> dict[str, Any]:
    return {
        "key": of.key,
        "kind": "reward",
        "name": dict(of.name),
        "words": dict(of.terms),
        "unit": of.unit,
        "cost": of.cost,
        "comes": of.comes,
        "any_amount": of.any_amount,
        "worth": of.worth,
        "valid_days": of.valid_days,
        "funder": of.funder,
    }


def shown(of: Offering) -> dict[str, Any]:
    """An offer as it was made, and how many of it are out."""
    promised = of.promise.model_dump(mode="json", exclude_none=True)
    return {
        "key": of.key,
        "kind": of.kind,
        "name": dict(of.name.words),
        "words": dict(of.terms.words),
        "worth": promised.get("worth"),
        "validity": promised.get("validity", {}),
        "conditions": promised.get("conditions", {}),
        "quota": of.promise.quota,
        "per_member": of.promise.per_member,
        "alone": of.promise.alone,
        "then": of.promise.then,
        "shared_code": of.promise.shared_code,
        "ticket": promised.get("ticket"),
        "own_pass": of.promise.may_be_a_pass,
        "issued": of.issued,
        "redeemed": of.redeemed,
        "changed_at": clock.written(of.changed_at),
        "ended_at": clock.written(of.ended_at) if of.ended_at else None,
    }
