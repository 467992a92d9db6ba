"""Entries as machines read them: in the order in which they were recorded, page by page."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.language import Phrase
from wallet_service.ledger import kept, tables
from wallet_service.ledger.entry import Account, Entry, Line

_Row = sa.Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far somebody has read: the last entry of a page."""

    recorded_at: datetime
    member_id: str
    number: int


def recorded(
    connection: Connection,
    brand_id: str,
    *,
    member_id: str | None = None,
    sale_id: str | None = None,
    locations: Collection[str] = (),  # none means all, and what happened nowhere too
    since: datetime | None = None,
    after: Mark | None = None,
    most: int = 50,
) -> tuple[tuple[Entry, ...], Mark | None]:
    """A page of a brand's entries, and the mark behind which the next page begins."""
    entry = tables.entry.c
    wanted = sa.select(tables.entry).where(entry.brand_id == brand_id)
    if member_id is not None:
        wanted = wanted.where(entry.member_id == member_id)
    if sale_id is not None:
        wanted = wanted.where(entry.sale_id == sale_id)
    if locations:
        wanted = wanted.where(entry.location_id.in_(sorted(locations)))
    if since is not None:
        wanted = wanted.where(entry.recorded_at >= since)
    if after is not None:
        wanted = wanted.where(_behind(after))
    order = (entry.recorded_at, entry.member_id, entry.number)
    rows = connection.execute(wanted.order_by(*order).limit(most + 1)).all()
    shown = rows[:most]
    lines = _lines(connection, [(row.member_id, row.number) for row in shown])
    entries = tuple(_entry(row, lines[row.member_id, row.number]) for row in shown)
    if len(rows) <= most:
        return entries, None
    last = entries[-1]
    return entries, Mark(recorded_at=last.recorded_at, member_id=last.member_id, number=last.number)


def _behind(mark: Mark) -> sa.ColumnElement[bool]:
    entry = tables.entry.c
    # The first term lets the index be entered at the mark; the others are for equal moments.
    return (entry.recorded_at >= mark.recorded_at) & (
        (entry.recorded_at > mark.recorded_at)
        | (entry.member_id > mark.member_id)
        | ((entry.member_id == mark.member_id) & (entry.number > mark.number))
    )


def _lines(
    connection: Connection, keys: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], list[Line]]:
    found: dict[tuple[str, int], list[Line]] = defaultdict(list)
    if not keys:
        return found
    line = tables.entry_line
    rows = connection.execute(
        sa.select(line)
        .where(sa.tuple_(line.c.member_id, line.c.number).in_(keys))
        .order_by(line.c.member_id, line.c.number, line.c.line)
    )
    for row in rows:
        found[row.member_id, row.number].append(
            Line(
                unit=row.unit,
                account=Account(row.account),
                amount=row.amount,
                expires_at=row.expires_at,
                confirm_at=row.confirm_at,
                funder=row.funder,
                why=Phrase.from_json(row.why) if row.why else None,
            )
        )
    return found


def _entry(row: _Row, lines: Sequence[Line]) -> Entry:
    return Entry(
        member_id=row.member_id,
        number=row.number,
        brand_id=row.brand_id,
        programme_id=row.programme_id,
        event=kept.event_of(row),
        lines=tuple(lines),
        recorded_at=row.recorded_at,
        formula=row.formula,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
