"""Reasons: why staff did something by hand, in their own words, for as long as the member stays."""

import unicodedata
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db
from wallet_service.audit import Actor
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.sales import tables
from wallet_service.sales.told import Counter

LENGTH_MAX = 200


class BadReason(Refusal):
    """Whatever is done by hand has a reason, in a line."""

    code = "bad_reason"


def read(typed: str) -> str:
    """What somebody typed, as one line. Raises BadReason."""
    text = " ".join(typed.split())
    is_plain = not any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co") for each in text)
    if not 3 <= len(text) <= LENGTH_MAX or not is_plain:
        raise BadReason(phrase("Say why, in 3 to {most} letters.", most=LENGTH_MAX), field="reason")
    return text


def keep(connection: Connection, counter: Counter, member_id: str, key: str, words: str) -> None:
    """Keep the reason of an event; its first one stands."""
    connection.execute(
        db.insert(connection, tables.reason)
        .values(
            member_id=member_id,
            source=counter.source,
            key=key,
            brand_id=counter.brand_id,
            words=words,
            staff_id=counter.staff_id,
            at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def of_member(connection: Connection, member_id: str) -> dict[tuple[str, str], str]:
    """The reasons of a member's events, by source and key."""
    rows = connection.execute(
        sa.select(tables.reason).where(tables.reason.c.member_id == member_id)
    )
    return {(row.source, row.key): row.words for row in rows}


def lately(
    connection: Connection, member_id: str, actor: Actor, *, since: datetime
) -> tuple[tuple[str, str], ...]:
    """The events, by source and key, that somebody gave a reason for since then."""
    row = tables.reason.c
    rows = connection.execute(
        sa.select(row.source, row.key).where(
            row.member_id == member_id, row.staff_id == actor.id, row.at > since
        )
    )
    return tuple((found.source, found.key) for found in rows)


def forget(connection: Connection, member_id: str) -> None:
    """They may speak of the person, so they go with it."""
    connection.execute(sa.delete(tables.reason).where(tables.reason.c.member_id == member_id))
