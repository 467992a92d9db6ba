"""Coupons over the API: look at one, use one."""

from flask import Blueprint, Response
from sqlalchemy import Connection

from wallet_service import coupons, sales
from wallet_service.sales import Redeemed
from wallet_service.web import current_wallet
from webhooks.api import body, shapes
from webhooks.api.at_counter import counter
from webhooks.api.key import current, needs
from webhooks.api.models import RedeemBody
from webhooks.api.reply import json_reply


@needs("coupons:read")
def read(code: str) -> Response:
    """One coupon."""
    with current_wallet().database.read() as connection:
        found = coupons.find(connection, current().brand_id, code)
    return json_reply(shapes.coupon(found))


@needs("coupons")
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
