"""Histories: those of all members of a programme, a few members at a time. Only reads."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.backtest.happened import happened
from wallet_service.backtest.history import Happening, History, Joined, Really
from wallet_service.backtest.really import really
from wallet_service.backtest.span import Span
from wallet_service.db import Database
from wallet_service.members.tables import member

CHUNK = 200

# By the moment, as offline tills tell it; at one moment in the order of the books.
_ORDER = itemgetter(0, 1)


def histories(database: Database, span: Span) -> Iterator[History]:
    """Every member's, in the order of their ids. No transaction is open between two chunks: what is
    done with one may take its time."""
    after = ""
    while True:
        with database.read() as connection:
            chunk = _chunk(connection, span, after)
        yield from chunk
        if len(chunk) < CHUNK:
            return
        after = chunk[-1].member_id


def _chunk(connection: Connection, span: Span, after: str) -> list[History]:
    """The members behind `after`."""
    found = connection.execute(
        sa.select(member.c.member_id, member.c.joined_at, member.c.status)
        .where(
            member.c.brand_id == span.brand_id,
            member.c.programme_id == span.programme_id,
            member.c.member_id > after,
        )
        .order_by(member.c.member_id)
        .limit(CHUNK)
    ).all()
    if not found:
        return []
    span = replace(span, member_ids=tuple(row.member_id for row in found))
    hers: dict[str, list[tuple[datetime, int, Happening]]] = defaultdict(list)
    for row in found:
        if row.joined_at <= span.until:
            hers[row.member_id].append((row.joined_at, 0, Joined(at=row.joined_at)))
    for member_id, number, happening in happened(connection, span):
        hers[member_id].append((happening.at, number, happening))
    say = really(connection, span)
    return [
        History(
            member_id=row.member_id,
            is_active=row.status == "active",
            happenings=tuple(each for *_, each in sorted(hers[row.member_id], key=_ORDER)),
            really=say.get(row.member_id, Really()),
        )
        for row in found
    ]
