"""Confirm: what was pending becomes available once the time for returns is over."""

from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import members, programme
from wallet_service.language import Phrase, phrase
from wallet_service.ledger import tables
from wallet_service.ledger.daytime import daytime
from wallet_service.ledger.entry import Account, EntryKind, Event, Line, confirmed
from wallet_service.ledger.post import post
from wallet_service.phones import outbox

_Row = sa.Row[tuple[object, ...]]


def confirm_due(connection: Connection, member_id: str, now: datetime) -> int:
    """Confirm what of one member's is due, an entry for each that was pending; how many."""
    member = members.lock(connection, member_id)
    lot = tables.lot
    due = connection.execute(
        sa.select(lot).where(lot.c.member_id == member_id, _due(now)).order_by(lot.c.number)
    ).all()
    count = 0
    for number, lots in groupby(due, key=lambda row: int(row.number)):
        count += 1
        _confirm(connection, member_id, number, list(lots), member.entries + count)
    if count:
        zone = programme.current(connection, member.programme_id).rules.zone
        outbox.changed(connection, member_id, priority=outbox.CAMPAIGN, due_at=daytime(now, zone))
    return count


def confirm_all(connection: Connection, now: datetime, most: int = 50) -> int:
    """Confirm what is due of at most so many members; how many there were."""
    found = to_confirm(connection, now, most)
    for member_id in found:
        confirm_due(connection, member_id, now)
    return len(found)


def to_confirm(connection: Connection, now: datetime, most: int) -> tuple[str, ...]:
    """Members of whom something pending is due, in the order in which they are locked."""
    found = connection.execute(
        sa.select(tables.lot.c.member_id).distinct().where(_due(now)).limit(most)
    )
    return tuple(sorted(found.scalars()))


def _due(now: datetime) -> sa.ColumnElement[bool]:
    lot = tables.lot.c
    return (
        (lot.remaining > 0)
        & lot.confirm_at.is_not(None)
        & (lot.confirm_at <= now)
        & (lot.account == Account.PENDING.value)
    )


def _confirm(
    connection: Connection, member_id: str, number: int, due: list[_Row], own_number: int
) -> None:
    """Write the entry that confirms `number`. What each lot was gained for and where, who pays
    for it and when it ends stay as they were from the first moment."""
    entry, line = tables.entry, tables.entry_line
    origin = connection.execute(
        sa.select(entry).where(entry.c.member_id == member_id, entry.c.number == number)
    ).one()
    told = connection.execute(
        sa.select(line.c.line, line.c.why).where(
            line.c.member_id == member_id, line.c.number == number
        )
    )
    reasons = {row.line: row.why for row in told}
    lines: list[Line] = []
    for lot in due:
        lines += confirmed(
            lot.unit,
            lot.remaining,
            funder=lot.funder,
            expires_at=lot.expires_at,
            confirm_at=lot.confirm_at,
            why=_why(reasons.get(lot.line)),
        )
    post(
        connection,
        member_id,
        Event(
            kind=EntryKind.ACCRUAL,
            source="clock",
            key=f"confirm:{member_id}:{own_number}",
            part=0,
            rule_version=origin.rule_version,
            occurred_at=max(lot.confirm_at for lot in due),
            confirms=number,
            location_id=origin.location_id,
        ),
        lines,
    )


def _why(kept: str | None) -> Phrase:
    if kept is None:
        return phrase("confirmed")
    return phrase("{why}, confirmed", why=Phrase.from_json(kept))
