"""Reverse: an entry that undoes another one, whole."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.language import Phrase
from wallet_service.ledger import tables
from wallet_service.ledger.entry import Account, Entry, EntryKind, Event, Line, reversed_lines
from wallet_service.ledger.post import post


def reverse(
    connection: Connection, member_id: str, number: int, event: Event, *, why: Phrase
) -> Entry:
    """Undo the entry `number` of a member: its gains go, what it used comes back to its lots.

    Raises NotEnough when the gains were used since. That it is undone once only is the caller's
    matter.
    """
    undoing = replace(event, kind=EntryKind.REVERSAL, reverses=number)
    return post(
        connection,
        member_id,
        undoing,
        reversed_lines(lines_of(connection, member_id, number), why=why),
    )


def lines_of(connection: Connection, member_id: str, number: int) -> tuple[Line, ...]:
    """The lines of one entry."""
    line = tables.entry_line
    rows = connection.execute(
        sa.select(line)
        .where(line.c.member_id == member_id, line.c.number == number)
        .order_by(line.c.line)
    )
    return tuple(
        Line(
            unit=row.unit,
            account=Account(row.account),
            amount=row.amount,
            expires_at=row.expires_at,
            funder=row.funder,
            why=Phrase.from_json(row.why) if row.why else None,
        )
        for row in rows
    )
