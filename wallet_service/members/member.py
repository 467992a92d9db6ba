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
    return _one(connection.execute(_ONE, {"of_member": member_id}))


def lock(connection: Connection, member_id: str) -> Member:
    """The member, held until the end of the transaction: whoever comes second sees what the first
    left behind. Two members are locked in the order of their ids. Raises LookupError."""
    return _one(connection.execute(_LOCKED, {"of_member": member_id}))


def set_head(
    connection: Connection, member_id: str, entries: int, head: str, seen_at: datetime | None = None
) -> None:
    """Note the new end of the member's chain, and when she was here if that moved; the ledger's
    one writer calls this."""
    end = {"of_member": member_id, "number": entries, "hash": head}
    if seen_at is None:
        connection.execute(_HEAD, end)
    else:
        connection.execute(_HEAD_AND_SEEN, {**end, "at": seen_at})


def set_seen(connection: Connection, member_id: str, at: datetime) -> None:
    """Note when the member was here last; the sales room calls this."""
    connection.execute(_SEEN, {"of_member": member_id, "at": at})


def _one(found: sa.CursorResult[tuple[object, ...]]) -> Member:
    row = found.first()
    if row is None:
        raise LookupError("There is no such member.")
    return of_row(row)


def of_row(row: sa.Row[tuple[object, ...]]) -> Member:
    """The member that a row tells, whatever else stands in it."""
    return Member(
        member_id=row.member_id,
        brand_id=row.brand_id,
        programme_id=row.programme_id,
        external_id=row.external_id,
        status=row.status,
        joined_at=row.joined_at,
        seen_at=row.seen_at,
        entries=row.entries,
        head=row.head,
    )


_this = tables.member.c.member_id == sa.bindparam("of_member")
_ONE = sa.select(tables.member).where(_this)
_LOCKED = _ONE.with_for_update()
_HEAD = (
    sa.update(tables.member)
    .where(_this)
    .values(entries=sa.bindparam("number"), head=sa.bindparam("hash"))
)
_HEAD_AND_SEEN = _HEAD.values(seen_at=sa.bindparam("at"))
_SEEN = sa.update(tables.member).where(_this).values(seen_at=sa.bindparam("at"))
