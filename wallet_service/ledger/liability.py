"""Liability: what a brand owes its members by unit, when it ends, and what ended unused."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands
from wallet_service.ledger import tables
from wallet_service.ledger.entry import Account, EntryKind
from wallet_service.programme.ending import months_before

MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """So much ends on some day of a month (YYYY-MM), by its own date."""

    month: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What members have of one unit.

    `available` is in open lots; `pending` waits to be confirmed; `debts` is what members owe the
    shop. `ends` are the coming twelve months, this one first; `later` ends after them, `open_end`
    never by its own date (absence may end it).
    """

    unit: str
    available: int
    pending: int
    debts: int
    ends: tuple[Month, ...]
    later: int
    open_end: int


def owed(connection: Connection, brand_id: str, now: datetime) -> tuple[Owed, ...]:
    """What a brand owes now, by unit."""
    zone = brands.get(connection, brand_id).zone
    today = now.astimezone(zone).date()
    months = [_month(today.year, today.month + each) for each in range(MONTHS)]
    found: dict[str, dict[str | None, int]] = {}
    pending: dict[str, int] = {}
    for unit, account, expires_at, amount in _open(connection, brand_id):
        of_unit = found.setdefault(unit, {})
        if account == Account.PENDING:
            pending[unit] = pending.get(unit, 0) + amount
            continue
        month = None
        if expires_at is not None:
            # It ends at midnight, so the last day is the one before. What has ended and still
            # waits for the clock ends now.
            last = (expires_at.astimezone(zone) - timedelta(seconds=1)).date()
            month = max(months[0], _month(last.year, last.month))
        of_unit[month] = of_unit.get(month, 0) + amount
    debts = _debts(connection, brand_id)
    return tuple(
        Owed(
            unit=unit,
            available=sum(found.get(unit, {}).values()),
            pending=pending.get(unit, 0),
            debts=debts.get(unit, 0),
            ends=tuple(
                Month(month=month, amount=found.get(unit, {}).get(month, 0)) for month in months
            ),
            later=sum(
                amount
                for month, amount in found.get(unit, {}).items()
                if month is not None and month > months[-1]
            ),
            open_end=found.get(unit, {}).get(None, 0),
        )
        for unit in sorted({*found, *debts})
    )


def unused(connection: Connection, brand_id: str, now: datetime) -> dict[str, int]:
    """What ended without being used in the last twelve months, by unit: the breakage."""
    zone = brands.get(connection, brand_id).zone
    today = now.astimezone(zone).date()
    since = datetime.combine(months_before(today, MONTHS), time(), zone)
    entry, line = tables.entry.c, tables.entry_line.c
    rows = connection.execute(
        sa.select(line.unit, sa.func.sum(line.amount))
        .select_from(tables.entry)
        .join(
            tables.entry_line, (line.member_id == entry.member_id) & (line.number == entry.number)
        )
        .where(
            entry.brand_id == brand_id,
            entry.recorded_at >= since,
            entry.kind == EntryKind.EXPIRY,
            line.account == Account.EXPIRED,
        )
        .group_by(line.unit)
    )
    return {unit: int(amount) for unit, amount in rows}


def _open(connection: Connection, brand_id: str) -> list[tuple[str, str, datetime | None, int]]:
    lot = tables.lot.c
    rows = connection.execute(
        sa.select(lot.unit, lot.account, lot.expires_at, sa.func.sum(lot.remaining))
        .where(lot.brand_id == brand_id, lot.remaining > 0)
        .group_by(lot.unit, lot.account, lot.expires_at)
    )
    return [(unit, account, at, int(amount)) for unit, account, at, amount in rows]


def _debts(connection: Connection, brand_id: str) -> dict[str, int]:
    balance = tables.balance.c
    rows = connection.execute(
        sa.select(balance.unit, sa.func.sum(-balance.available))
        .where(balance.brand_id == brand_id, balance.available < 0)
        .group_by(balance.unit)
    )
    return {unit: int(amount) for unit, amount in rows}


def _month(year: int, month: int) -> str:
    more, index = divmod(month - 1, 12)
    return f"{year + more:04}-{index + 1:02}"
