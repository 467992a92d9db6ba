"""News: the sentences on a member's passes. The newest stands on the front.

The one writer of them; whoever composes a sentence also says `outbox.changed`. Each is kept as it
was said, in every language: a plain text, or its pieces where the shop's words came in another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
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


def tell(connection: Connection, member_id: str, said: Phrase, *, kind: str = "service") -> News:
    """Put a sentence on the member's passes. The member is locked, so that numbers follow."""
    last = connection.execute(
        sa.select(sa.func.max(news.c.number)).where(news.c.member_id == member_id)
    ).scalar()
    pieces = {language: said.pieces(language) for language in LANGUAGES}
    told = News(number=(last or 0) + 1, kind=kind, pieces=pieces, at=clock.now())
    connection.execute(
        sa.insert(news).values(
            member_id=member_id,
            number=told.number,
            kind=kind,
            words={language: _kept(language, told.pieces[language]) for language in LANGUAGES},
            told_at=told.at,
        )
    )
    return told


def latest(connection: Connection, member_id: str, n: int = 6) -> tuple[News, ...]:
    """The last `n` sentences, newest first."""
    rows = connection.execute(
        sa.select(news).where(news.c.member_id == member_id).order_by(news.c.number.desc()).limit(n)
    )
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
