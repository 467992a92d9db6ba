"""Coupons over the API: give one, look at it, hold it, use it, roll it back."""

from http import HTTPStatus

from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service import coupons, sales
from wallet_service.sales import Redeemed
from wallet_service.sales.give import Given, give
from wallet_service.sales.reserve import Reserved, reserve, rollback
from wallet_service.web import current_wallet
from webhooks.api import body, calls, etags, shapes
from webhooks.api.answers import CouponWhole, GivenShown, RedeemedShown, ReservedShown
from webhooks.api.at_counter import counter
from webhooks.api.coupon_models import GiveBody, RedeemBody, ReserveBody, RollbackBody
from webhooks.api.key import current, needs
from webhooks.api.reply import json_reply, repeatable

# Why a coupon can be neither used nor held just now.
_NOT_NOW = (
    *calls.COUPON,
    *calls.CONDITIONS,
    *calls.COUNTER,
    *calls.NAMED,
    "is_ticket",
    "already_redeemed",
    "reserved",
    "member_left",
)


@needs("coupons:read")
@calls.call("Look at a coupon", CouponWhole, refuses=("unknown_coupon",), tagged=True)
def read(code: str) -> Response:
    """One coupon, with what it is worth and on what conditions."""
    with current_wallet().database.read() as connection:
        found = coupons.find(connection, current().brand_id, code)
    return etags.tagged(shapes.whole_coupon(found))


@needs("coupons")
@calls.call(
    "Give a coupon",
    GivenShown,
    status=HTTPStatus.CREATED,
    body=GiveBody,
    refuses=(
        *calls.CARD,
        *calls.COUNTER,
        *calls.NAMED,
        "unknown_offer",
        "offer_ended",
        "quota_used",
        "member_limit",
    ),
    repeats="event_id",
)
def give_one() -> Response:
    given = current_wallet().database.run(_give, body.read(GiveBody))
    response = json_reply(shapes.given(given), HTTPStatus.CREATED)
    response.headers["Location"] = f"/api/v1/coupons/{given.coupon.code}"
    return repeatable(response, given.repeated)


@needs("coupons")
@calls.call(
    "Use a coupon",
    RedeemedShown,
    body=RedeemBody,
    refuses=(*_NOT_NOW, "in_the_future"),
    repeats="event_id",
)
def redeem(code: str) -> Response:
    """Use a coupon: one caller wins, the others get 409 with when and where."""
    used = current_wallet().database.run(_redeem, code, body.read(RedeemBody))
    return repeatable(json_reply(shapes.redeemed(used)), used.repeated)


@needs("coupons")
@calls.call(
    "Hold a coupon",
    ReservedShown,
    body=ReserveBody,
    refuses=(*_NOT_NOW, "bad_ttl"),
    repeats="event_id",
)
def hold(code: str) -> Response:
    """Hold a coupon for one sale, for a while: the use or the sale of the same name may use it."""
    held = current_wallet().database.run(_reserve, code, body.read(ReserveBody))
    return repeatable(json_reply(shapes.reserved(held)), held.repeated)


@needs("coupons")
@calls.call(
    "Roll a coupon back",
    RedeemedShown,
    body=RollbackBody,
    refuses=(
        *calls.COUNTER,
        *calls.NAMED,
        "unknown_coupon",
        "coupon_void",
        "nothing_to_roll_back",
        "coupon_used",
        "member_left",
    ),
    repeats="event_id",
)
def roll_back(code: str) -> Response:
    """Undo the use or the admission, or let go the reservation, of that event."""
    back = current_wallet().database.run(_roll_back, code, body.read(RollbackBody))
    return repeatable(json_reply(shapes.redeemed(back)), back.repeated)


def add_to(blueprint: Blueprint) -> None:
    """Put these calls under the API's address."""
    blueprint.post("/coupons", endpoint="give_coupon")(give_one)
    blueprint.get("/coupons/<code>", endpoint="coupon")(read)
    blueprint.post("/coupons/<code>/redeem")(redeem)
    blueprint.post("/coupons/<code>/reserve", endpoint="reserve")(hold)
    blueprint.post("/coupons/<code>/rollback", endpoint="rollback")(roll_back)


def _give(connection: Connection, told: GiveBody) -> Given:
    at = counter(connection, current(), told)
    return give(connection, at, told.event_id, told.offer, code=told.code, member_id=told.member)


def _redeem(connection: Connection, code: str, told: RedeemBody) -> Redeemed:
    at = counter(connection, current(), told)
    return sales.redeem(connection, at, told.event_id, code, sale_id=told.sale)


def _reserve(connection: Connection, code: str, told: ReserveBody) -> Reserved:
    at = counter(connection, current(), told)
    return reserve(connection, at, told.event_id, code, ttl_seconds=told.ttl_seconds)


def _roll_back(connection: Connection, code: str, told: RollbackBody) -> Redeemed:
    return rollback(connection, counter(connection, current(), told), told.event_id, code)
