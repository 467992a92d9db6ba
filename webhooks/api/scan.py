"""A card at the counter: who holds it and what the member has."""

from flask import Blueprint, Response

from wallet_service import sales
from wallet_service.web import current_wallet
from webhooks.api import calls, shapes
from webhooks.api.answers import ScanShown
from webhooks.api.key import current, needs
from webhooks.api.reply import json_reply


@needs("sales:read", "members:read")
@calls.call("Read a card by its code", ScanShown, refuses=calls.CARD)
def scan(code: str) -> Response:
    """What a cashier sees when this card is scanned or typed."""
    with current_wallet().database.read() as connection:
        seen = sales.at_the_counter(connection, current().brand_id, code)
    return json_reply(shapes.scan(seen))


def add_to(blueprint: Blueprint) -> None:
    """Put this call under the API's address."""
    blueprint.get("/scan/<code>")(scan)
