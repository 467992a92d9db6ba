"""The outbox: passes that must change, one row a pass, until delivery has settled it.

A word is left here in the change's own transaction, so that neither can be lost without the
other. Several words about one pass are one row, and one push.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.sql.dml import ReturningUpdate

from wallet_service import clock, db
from wallet_service.phones.tables import issued_pass, outbox

# Somebody stands at a counter; everything else can wait for them.
INTERACTIVE = 0
CAMPAIGN = 10

FREE = datetime(1970, 1, 1, tzinfo=UTC)  # leased until long ago: nobody holds the row


class Versioned(Protocol):
    """A pass to leave word about."""

    @property
    def member_id(self) -> str: ...
    @property
    def pass_id(self) -> str: ...
    @property
    def platform(self) -> str: ...
    @property
    def pass_type_identifier(self) -> str: ...
    @property
    def version(self) -> int: ...


def changed(
    connection: Connection,
    member_id: str,
    *,
    priority: int = INTERACTIVE,
    due_at: datetime | None = None,
) -> None:
    """Say that something on this member's passes changed, in the transaction that changed it.

    Every pass of the member gets its next version and a later Last-Modified. `due_at` spreads
    a campaign over time; left out, delivery begins as soon as this is committed.
    """
    moved = connection.execute(
        _of_member(connection), {"of_member": member_id, "seconds": clock.seconds()}
    )
    leave_word(connection, moved.all(), priority=priority, due_at=due_at)


def changed_in_brand(
    connection: Connection, brand_id: str, *, after: str = "", limit: int = 500
) -> str | None:
    """Say that the passes of a brand's next members (behind `after`) look different.

    Returns the last member of this step, to go on behind it in a transaction of its own; None
    when there was nobody left.
    """
    members = (
        connection.execute(
            sa.select(issued_pass.c.member_id)
            .distinct()
            .where(issued_pass.c.brand_id == brand_id, issued_pass.c.member_id > after)
            .order_by(issued_pass.c.member_id)
            .limit(limit)
        )
        .scalars()
        .all()
    )
    if not members:
        return None
    _moved_on(connection, issued_pass.c.member_id.in_(members), priority=CAMPAIGN)
    return str(members[-1])


def wake_due_passes(connection: Connection, now: datetime, limit: int = 500) -> int:
    """Leave word about the passes that time alone has changed by now; returns how many."""
    keys = connection.execute(
        sa.select(issued_pass.c.member_id, issued_pass.c.pass_id)
        .where(issued_pass.c.next_change_at <= now)
        .order_by(issued_pass.c.next_change_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not keys:
        return 0
    condition = sa.tuple_(issued_pass.c.member_id, issued_pass.c.pass_id).in_(
        sorted(tuple(key) for key in keys)
    )
    _moved_on(connection, condition, priority=CAMPAIGN, next_change_at=None)
    return len(keys)


def leave_word(
    connection: Connection,
    passes: Iterable[Versioned],
    *,
    priority: int = INTERACTIVE,
    due_at: datetime | None = None,
) -> None:
    """Ask delivery to look at these passes; their versions stay as they are."""
    now = clock.now()
    rows = [
        {
            "member_id": each.member_id,
            "pass_id": each.pass_id,
            "lane": lane(each.platform, each.pass_type_identifier),
            "version": each.version,
            "revision": 1,
            "priority": priority,
            "waiting_since": now,
            "due_at": due_at or now,
            "leased_until": FREE,
            "lease_id": None,
            "held": False,
            "attempts": 0,
            "last_error": None,
        }
        # By key, as every writer here, so that two of them cannot wait for each other.
        for each in sorted(passes, key=lambda each: (each.member_id, each.pass_id))
    ]
    if not rows:
        return
    connection.execute(_word(connection), rows)
    db.wake_after_commit(connection)


def lane(platform: str, pass_type_identifier: str) -> str:
    """The way out: whose certificate or account carries the word."""
    return f"{'apns' if platform == 'apple' else platform}:{pass_type_identifier}"


def waiting(connection: Connection) -> tuple[int, datetime | None]:
    """How many passes wait, and since when the first of them does."""
    row = connection.execute(sa.select(sa.func.count(), sa.func.min(outbox.c.waiting_since))).one()
    return row[0], row[1]


def _moved_on(
    connection: Connection,
    which: sa.ColumnElement[bool],
    *,
    priority: int,
    due_at: datetime | None = None,
    **values: object,
) -> None:
    moved = connection.execute(
        _next_version(connection, which).values(**values), {"seconds": clock.seconds()}
    )
    leave_word(connection, moved.all(), priority=priority, due_at=due_at)


def _next_version(connection: Connection, which: sa.ColumnElement[bool]) -> ReturningUpdate[Any]:
    # Two changes in one second would share a date, and the second be answered 304.
    later = db.greatest(connection, sa.bindparam("seconds"), issued_pass.c.last_modified + 1)
    return (
        sa.update(issued_pass)
        .where(which)
        .values(version=issued_pass.c.version + 1, last_modified=later)
        .returning(
            issued_pass.c.member_id,
            issued_pass.c.pass_id,
            issued_pass.c.platform,
            issued_pass.c.pass_type_identifier,
            issued_pass.c.version,
        )
    )


@db.built_once
def _of_member(connection: Connection) -> ReturningUpdate[Any]:
    return _next_version(connection, issued_pass.c.member_id == sa.bindparam("of_member"))


@db.built_once
def _word(connection: Connection) -> sa.Insert:
    insert = db.insert(connection, outbox)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=["member_id", "pass_id"],
        set_={
            "lane": new.lane,
            "version": new.version,
            "revision": outbox.c.revision + 1,
            "priority": db.least(connection, outbox.c.priority, new.priority),
            "due_at": db.least(connection, outbox.c.due_at, new.due_at),
            "held": False,
            "attempts": 0,
        },
    )
