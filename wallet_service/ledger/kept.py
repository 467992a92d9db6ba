"""Kept: a member's lots, their uses and what entries tell, as they stand in the database."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.ledger import tables
from wallet_service.ledger.entry import Account, EntryKind, Event
from wallet_service.ledger.lots import Lot, LotKey, Use


def event_of(row: sa.Row[tuple[object, ...]]) -> Event:
    """What happened, as a row of `entry` tells it."""
    return Event(
        kind=EntryKind(row.kind),
        source=row.source,
        key=row.key,
        part=row.part,
        rule_version=row.rule_version,
        occurred_at=row.occurred_at,
        sale_id=row.sale_id,
        reverses=row.reverses,
        confirms=row.confirms,
        location_id=row.location_id,
        till_id=row.till_id,
        staff_id=row.staff_id,
    )


def lots_of(
    connection: Connection,
    member_id: str,
    *,
    open_of: Collection[str] = (),
    also: Collection[LotKey] = (),
) -> dict[LotKey, Lot]:
    """The open lots of some units, and certain others whether they are open or not."""
    lot = tables.lot
    wanted: list[sa.ColumnElement[bool]] = []
    if open_of:
        wanted.append((lot.c.remaining > 0) & lot.c.unit.in_(sorted(open_of)))
    if also:
        wanted.append(sa.tuple_(lot.c.number, lot.c.line).in_(sorted(also)))
    if not wanted:
        return {}
    rows = connection.execute(sa.select(lot).where(lot.c.member_id == member_id, sa.or_(*wanted)))
    return {(row.number, row.line): _lot(row) for row in rows}


def first_lots(connection: Connection, member_id: str, unit: str, amount: int) -> list[Lot]:
    """The open lots of a unit that are used first, as many as `amount` needs.

    Somebody may have saved up for years; what she uses today still costs a few rows.
    """
    rows = connection.execute(_FIRST, {"of_member": member_id, "of_unit": unit, "wanted": amount})
    return [_lot(row) for row in rows]


def every_lot(connection: Connection, member_id: str) -> dict[LotKey, Lot]:
    """All lots that a member ever had."""
    rows = connection.execute(sa.select(tables.lot).where(tables.lot.c.member_id == member_id))
    return {(row.number, row.line): _lot(row) for row in rows}


def every_use(connection: Connection, member_id: str) -> set[Use]:
    """All uses of a member's lots."""
    use = tables.lot_use
    rows = connection.execute(sa.select(use).where(use.c.member_id == member_id))
    return {
        Use(number=row.number, lot=(row.lot_number, row.lot_line), unit=row.unit, amount=row.amount)
        for row in rows
    }


def left_of_uses(connection: Connection, member_id: str, number: int) -> tuple[Use, ...]:
    """What the entry used of lots and what undid it so far has not put back."""
    entry, use = tables.entry, tables.lot_use
    undoing = sa.select(entry.c.number).where(
        entry.c.member_id == member_id, entry.c.reverses == number
    )
    rows = connection.execute(
        sa.select(use).where(
            use.c.member_id == member_id, (use.c.number == number) | use.c.number.in_(undoing)
        )
    )
    return net(
        number,
        [
            Use(
                number=row.number,
                lot=(row.lot_number, row.lot_line),
                unit=row.unit,
                amount=row.amount,
            )
            for row in rows
        ],
    )


def net(number: int, uses: Collection[Use]) -> tuple[Use, ...]:
    """The uses of an entry and of those that undid it, together."""
    sums: dict[tuple[LotKey, str], int] = defaultdict(int)
    for use in uses:
        sums[use.lot, use.unit] += use.amount
    return tuple(
        Use(number=number, lot=lot, unit=unit, amount=amount)
        for (lot, unit), amount in sorted(sums.items())
        if amount > 0
    )


def confirmations(connection: Connection, member_id: str, number: int) -> tuple[int, ...]:
    """The entries by which the pending units of `number` became available."""
    entry = tables.entry
    found = connection.execute(
        sa.select(entry.c.number)
        .where(entry.c.member_id == member_id, entry.c.confirms == number)
        .order_by(entry.c.number)
    )
    return tuple(found.scalars())


def _lot(row: sa.Row[tuple[object, ...]]) -> Lot:
    return Lot(
        number=row.number,
        line=row.line,
        unit=row.unit,
        account=Account(row.account),
        amount=row.amount,
        remaining=row.remaining,
        expires_at=row.expires_at,
        confirm_at=row.confirm_at,
        location_id=row.location_id,
        funder=row.funder,
    )


def _used_first() -> sa.Select[Any]:
    lot = tables.lot
    order = (lot.c.expires_at.is_(None), lot.c.expires_at, lot.c.number, lot.c.line)
    before = sa.func.sum(lot.c.remaining).over(order_by=order) - lot.c.remaining
    running = (
        sa.select(lot, before.label("before"))
        .where(
            lot.c.member_id == sa.bindparam("of_member"),
            lot.c.unit == sa.bindparam("of_unit"),
            lot.c.account == Account.AVAILABLE.value,
            lot.c.remaining > 0,
        )
        .subquery()
    )
    return sa.select(running).where(running.c.before < sa.bindparam("wanted"))


_FIRST = _used_first()
