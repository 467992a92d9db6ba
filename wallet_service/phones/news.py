"""News: the sentences on a member's passes. The newest stands on the front.

The one writer of them; whoever composes a sentence also says `outbox.changed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.phones.tables import news


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One sentence, in each language, and when it was said."""

    number: int
    kind: str
    words: Mapping[str, str]
    at: datetime


def tell(
    connection: Connection, member_id: str, words: Mapping[str, str], *, kind: str = "service"
) -> News:
    """Put a sentence on the member's passes. The member is locked, so that numbers follow."""
    last = connection.execute(
        sa.select(sa.func.max(news.c.number)).where(news.c.member_id == member_id)
    ).scalar()
    told = News(number=(last or 0) + 1, kind=kind, words=dict(words), at=clock.now())
    connection.execute(
        sa.insert(news).values(
            member_id=member_id, number=told.number, kind=kind, words=told.words, told_at=told.at
        )
    )
    return told


def latest(connection: Connection, member_id: str, n: int = 6) -> tuple[News, ...]:
    """The last `n` sentences, newest first."""
    rows = connection.execute(
        sa.select(news).where(news.c.member_id == member_id).order_by(news.c.number.desc()).limit(n)
    )
    return tuple(
        News(number=row.number, kind=row.kind, words=row.words, at=row.told_at) for row in rows
    )


def forget(connection: Connection, member_id: str) -> None:
    """Take every sentence off: they may hold a name."""
    connection.execute(sa.delete(news).where(news.c.member_id == member_id))
