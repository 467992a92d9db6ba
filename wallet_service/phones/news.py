"""News: the sentences on a member's passes. The newest stands on the front.

The one writer of them; whoever composes a sentence also says `outbox.changed`. Each is kept as it
was said, in every language: a plain text, or its pieces where the shop's words came in another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db
from wallet_service.language import LANGUAGES, Phrase, Piece
from wallet_service.phones.tables import news


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One sentence, in each language, and when it was said."""

    number: int
    kind: str
    pieces: Mapping[str, tuple[Piece, ...]]
    at: datetime

    @property
    def words(self) -> dict[str, str]:
        return {
            language: "".join(piece.text for piece in pieces)
            for language, pieces in self.pieces.items()
        }


def tell(
    connection: Connection,
    member_id: str,
    said: Phrase,
    *,
    kind: str = "service",
    number: int | None = None,
) -> News:
    """Put a sentence on the member's passes. The member is locked, so that numbers follow.

    `number` is the next one, from who has just read the last.
    """
    if number is None:
        number = 1 + (connection.execute(_LAST, {"of_member": member_id}).scalar() or 0)
    pieces = {language: said.pieces(language) for language in LANGUAGES}
    told = News(number=number, kind=kind, pieces=pieces, at=clock.now())
    connection.execute(
        _NEW,
        {
            "member_id": member_id,
            "number": told.number,
            "kind": kind,
            "words": {language: _kept(language, told.pieces[language]) for language in LANGUAGES},
            "told_at": told.at,
        },
    )
    return told


def latest(connection: Connection, member_id: str, n: int = 6) -> tuple[News, ...]:
    """The last `n` sentences, newest first."""
    rows = connection.execute(_latest(n), {"of_member": member_id})
    return tuple(
        News(
            number=row.number,
            kind=row.kind,
            pieces={language: _read(language, kept) for language, kept in row.words.items()},
            at=row.told_at,
        )
        for row in rows
    )


def forget(connection: Connection, member_id: str) -> None:
    """Take every sentence off: they may hold a name."""
    connection.execute(sa.delete(news).where(news.c.member_id == member_id))


def _kept(language: str, pieces: tuple[Piece, ...]) -> str | list[list[str]]:
    if all(piece.language == language for piece in pieces):
        return "".join(piece.text for piece in pieces)
    return [[piece.text, piece.language] for piece in pieces]


def _read(language: str, kept: str | list[list[str]]) -> tuple[Piece, ...]:
    if isinstance(kept, str):
        return (Piece(kept, language),)
    return tuple(Piece(text, spoken) for text, spoken in kept)


_mine = news.c.member_id == sa.bindparam("of_member")
_NEW = sa.insert(news)
_LAST = sa.select(sa.func.max(news.c.number)).where(_mine)


@lru_cache(maxsize=16)
def _latest(n: int) -> sa.Select[Any]:
    return db.at_most(n, sa.select(news).where(_mine).order_by(news.c.number.desc()))
