"""A member: a customer of one programme, one person or a family."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.members import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member. `entries` and `head` are the end of the member's chain in the ledger."""

    member_id: str
    brand_id: str
    programme_id: str
    external_id: str | None
    status: str  # active, left or erased
    joined_at: datetime
    seen_at: datetime  # the last visit that stands, else the joining
    entries: int
    head: str


def get(connection: Connection, member_id: str) -> Member:
    """The member of an id. Raises LookupError."""
    return _one(connection.execute(_select(member_id)))


def lock(connection: Connection, member_id: str) -> Member:
    """The member, held until the end of the transaction: whoever comes second sees what the first
    left behind. Two members are locked in the order of their ids. Raises LookupError."""
    return _one(connection.execute(_select(member_id).with_for_update()))


def set_head(connection: Connection, member_id: str, entries: int, head: str) -> None:
    """Note the new end of the member's chain; the ledger's one writer calls this."""
    connection.execute(
        sa.update(tables.member)
        .where(tables.member.c.member_id == member_id)
        .values(entries=entries, head=head)
    )


def set_seen(connection: Connection, member_id: str, at: datetime) -> None:
    """Note when the member was here last; the sales room calls this."""
    connection.execute(
        sa.update(tables.member).where(tables.member.c.member_id == member_id).values(seen_at=at)
    )


def _select(member_id: str) -> sa.Select[tuple[object, ...]]:
    return sa.select(tables.member).where(tables.member.c.member_id == member_id)


def _one(found: sa.CursorResult[tuple[object, ...]]) -> Member:
    row = found.first()
    if row is None:
        raise LookupError("There is no such member.")
    return Member(**row._mapping)
