"""The tier that a member was given last, read from the changes that made it."""

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.programme.standing import Held
from wallet_service.programme.tables import tier_change


def held(connection: Connection, member_id: str) -> Held | None:
    """The tier that was held last; its time may be over."""
    row = last(connection, member_id)
    return None if row is None else as_held(row)


def last(connection: Connection, member_id: str) -> sa.Row[tuple[object, ...]] | None:
    """The last change of a member's tier."""
    return connection.execute(
        sa.select(tier_change)
        .where(tier_change.c.member_id == member_id)
        .order_by(tier_change.c.number.desc())
        .limit(1)
    ).first()


def as_held(row: sa.Row[tuple[object, ...]]) -> Held | None:
    """What a change left; None where it left no tier."""
    if row.tier is None:
        return None
    return Held(tier=row.tier, since=row.since, until=row.until)
