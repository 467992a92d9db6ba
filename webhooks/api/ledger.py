"""The ledger over the API: its entries, in the order in which they were recorded."""

from typing import Any

from flask import Blueprint, Response

from wallet_service import clock
from wallet_service.brands import location
from wallet_service.language import phrase
from wallet_service.ledger import Entry, Line
from wallet_service.ledger.recorded import recorded
from wallet_service.sales import told
from wallet_service.web import current_wallet
from webhooks.api import body, calls, cursors
from webhooks.api.answers import LedgerPage
from webhooks.api.at_counter import OtherLocation
from webhooks.api.key import current, needs
from webhooks.api.models import LedgerQuery
from webhooks.api.reply import json_reply, said


@needs("ledger:read")
@calls.call(
    "Read the ledger",
    LedgerPage,
    query=LedgerQuery,
    refuses=("unknown_location", "other_location"),
)
def read() -> Response:
    """Entries in the order in which they were recorded; a key of some places sees only theirs."""
    asked = body.read_query(LedgerQuery)
    after = cursors.read(asked.cursor)
    key = current()
    with current_wallet().database.read() as connection:
        places = key.locations
        if asked.location is not None:
            location.get(connection, key.brand_id, asked.location)
            if places and asked.location not in places:
                raise OtherLocation(phrase("This till may not speak for that shop."))
            places = frozenset({asked.location})
        entries, following = recorded(
            connection,
            key.brand_id,
            member_id=asked.member,
            sale_id=asked.sale,
            locations=places,
            since=asked.since,
            after=after,
            most=asked.limit,
        )
    items = [_entry(each) for each in entries]
    return json_reply({"items": items, "next": cursors.written(following)})


def add_to(blueprint: Blueprint) -> None:
    """Put this call under the API's address."""
    blueprint.get("/ledger", endpoint="ledger")(read)


def _entry(of: Entry) -> dict[str, Any]:
    event = of.event
    return {
        "member": of.member_id,
        "number": of.number,
        "kind": event.kind.value,
        "source": event.source,
        "key": event.key,
        "part": event.part,
        "sale": event.sale_id,
        "reverses": event.reverses,
        "confirms": event.confirms,
        "rule_version": event.rule_version,
        "location": event.location_id,
        "till": told.as_told(event.till_id),
        "staff": told.as_told(event.staff_id),
        "occurred_at": clock.written(event.occurred_at),
        "recorded_at": clock.written(of.recorded_at),
        "lines": [_line(each) for each in of.lines],
        "hash": of.hash,
        "previous_hash": of.previous_hash,
    }


def _line(of: Line) -> dict[str, Any]:
    return {
        "unit": of.unit,
        "account": of.account.value,
        "amount": of.amount,
        "expires_at": clock.written(of.expires_at) if of.expires_at else None,
        "confirm_at": clock.written(of.confirm_at) if of.confirm_at else None,
        "funder": of.funder,
        "why": said(of.why) if of.why else None,
    }
