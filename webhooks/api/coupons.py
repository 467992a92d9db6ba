"""Coupons over the API: look at one, use one."""

from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service import coupons, sales
from wallet_service.sales import Redeemed
from wallet_service.web import current_wallet
from webhooks.api import body, calls, etags, shapes
from webhooks.api.answers import CouponShown, RedeemedShown
from webhooks.api.at_counter import counter
from webhooks.api.key import current, needs
from webhooks.api.models import RedeemBody
from webhooks.api.reply import json_reply


@needs("coupons:read")
@calls.call("Look at a coupon", CouponShown, refuses=("unknown_coupon",), tagged=True)
def read(code: str) -> Response:
    """One coupon."""
    with current_wallet().database.read() as connection:
        found = coupons.find(connection, current().brand_id, code)
        shown = shapes.coupon(found)
    return etags.tagged(shown)


@needs("coupons")
@calls.call(
    "Use a coupon",
    RedeemedShown,
    body=RedeemBody,
    refuses=(*calls.COUPON, *calls.COUNTER, *calls.NAMED, "member_left"),
    repeats="event_id",
)
def redeem(code: str) -> Response:
    """Use a coupon: one caller wins, the others get 409 with when and where."""
    used = current_wallet().database.run(_redeem, code, body.read(RedeemBody))
    response = json_reply(shapes.redeemed(used))
    if used.repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def add_to(blueprint: Blueprint) -> None:
    """Put these calls under the API's address."""
    blueprint.get("/coupons/<code>", endpoint="coupon")(read)
    blueprint.post("/coupons/<code>/redeem")(redeem)


def _redeem(connection: Connection, code: str, told: RedeemBody) -> Redeemed:
    at = counter(connection, current(), told)
    return sales.redeem(connection, at, told.event_id, code, sale_id=told.sale)
