"""What stories of the ledger share: events, gains, and plain rules with something added."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from wallet_service import clock, ledger
from wallet_service.language import phrase
from wallet_service.ledger import EntryKind, Event
from wallet_service.programme import versions

WHY = phrase("because")


def event(key: str, kind: EntryKind = EntryKind.ACCRUAL, **facts: Any) -> Event:
    facts.setdefault("occurred_at", clock.now())
    return Event(kind=kind, source="till", key=key, part=0, rule_version=1, **facts)


def gain(
    connection: Connection,
    member_id: str,
    key: str,
    amount: int,
    *,
    unit: str = "points",
    expires_at: datetime | None = None,
    confirm_at: datetime | None = None,
    **facts: Any,
) -> ledger.Entry:
    lines = ledger.gained(
        unit, amount, funder="brand", why=WHY, expires_at=expires_at, confirm_at=confirm_at
    )
    return ledger.post(connection, member_id, event(key, **facts), lines)


def spend(
    connection: Connection, member_id: str, key: str, amount: int, *, may_owe: bool = False
) -> ledger.Entry:
    lines = ledger.spent("points", amount, why=WHY)
    told = event(key, EntryKind.REDEMPTION)
    return ledger.post(connection, member_id, told, lines, may_owe=may_owe)


def points(connection: Connection, member_id: str) -> ledger.Balance:
    return ledger.balances_of(connection, member_id, ["points"])["points"]


PLAIN = """
key = "kielo"
currency = "EUR"
languages = ["en"]
time_zone = "Europe/Helsinki"
units = ["stamps", "points"]
name = { en = "Kielo card" }
stamps = { card = 10 }
earn = [{ unit = "stamps" }, { unit = "points", per = 100 }]
"""


def with_rules(connection: Connection, brand_id: str, more: str) -> None:
    """Plain rules of a florist's programme, and `more`."""
    versions.apply(connection, brand_id, f"{PLAIN}\n{more}\n")
