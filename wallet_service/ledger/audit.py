"""The audit of the books: every cache computed again from the first entry, a few at a time.

How far it came is kept after each step, so that it goes on where it stopped, however it stopped.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands, clock, ids
from wallet_service.brands.tables import brand
from wallet_service.ledger import tables
from wallet_service.ledger.verify import verify
from wallet_service.members.tables import member

_KEPT = 20  # sentences of one run
_NIGHT = range(1, 6)
_YESTERDAY = timedelta(hours=12)
_A_NIGHT_MISSED = timedelta(hours=30)
_TWO_NIGHTS_MISSED = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One run. `cursor` is the last member that was looked at."""

    audit_id: str
    started_at: datetime
    finished_at: datetime | None
    cursor: str
    members: int
    entries: int
    faults: int
    first_faults: tuple[str, ...]


def begin(connection: Connection, now: datetime) -> Audit:
    """The run that is under way, or a new one."""
    last = latest(connection)
    if last is not None and last.finished_at is None:
        return last
    audit_id = ids.new_id()
    connection.execute(
        sa.insert(tables.books_audit).values(
            audit_id=audit_id,
            started_at=now,
            cursor="",
            members=0,
            entries=0,
            faults=0,
            first_faults=[],
        )
    )
    return _one(connection, audit_id)


def step(connection: Connection, audit_id: str, most: int = 10) -> Audit:
    """Look at the next members; a run without any left is finished."""
    audit = tables.books_audit
    row = connection.execute(
        sa.select(audit).where(audit.c.audit_id == audit_id).with_for_update()
    ).one()
    if row.finished_at is not None:
        return _audit(row)
    found = connection.execute(
        sa.select(member.c.member_id, member.c.entries)
        .where(member.c.member_id > row.cursor)
        .order_by(member.c.member_id)
        .limit(most)
    ).all()
    faults: list[str] = []
    for each in found:
        faults += [f"{each.member_id}: {said}" for said in verify(connection, each.member_id)]
    connection.execute(
        sa.update(audit)
        .where(audit.c.audit_id == audit_id)
        .values(
            cursor=found[-1].member_id if found else row.cursor,
            members=row.members + len(found),
            entries=row.entries + sum(each.entries for each in found),
            faults=row.faults + len(faults),
            first_faults=[*row.first_faults, *faults][:_KEPT],
            finished_at=None if found else clock.now(),
        )
    )
    return _one(connection, audit_id)


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether a run is under way, or it is night and the last one was yesterday's.

    Where the machine sleeps by night, it is made up for by day.
    """
    last = latest(connection)
    if last is None or last.finished_at is None:
        return True
    age = now - last.started_at
    first = brands.the_first(connection)
    hour = now.astimezone(first.zone if first else UTC).hour
    return age >= _A_NIGHT_MISSED or (age >= _YESTERDAY and hour in _NIGHT)


def is_missed(connection: Connection, now: datetime) -> bool:
    """Whether two nights went by without a run, though there was a brand to look at."""
    last = latest(connection)
    since = last.started_at if last is not None else _opened(connection)
    return since is not None and now - since > _TWO_NIGHTS_MISSED


def latest(connection: Connection) -> Audit | None:
    """The last run."""
    audit = tables.books_audit
    row = connection.execute(
        sa.select(audit).order_by(audit.c.started_at.desc(), audit.c.audit_id.desc()).limit(1)
    ).first()
    return None if row is None else _audit(row)


def _opened(connection: Connection) -> datetime | None:
    """When the first brand was opened."""
    return connection.execute(sa.select(sa.func.min(brand.c.created_at))).scalar()


def _one(connection: Connection, audit_id: str) -> Audit:
    audit = tables.books_audit
    return _audit(connection.execute(sa.select(audit).where(audit.c.audit_id == audit_id)).one())


def _audit(row: sa.Row[tuple[object, ...]]) -> Audit:
    return Audit(
        audit_id=row.audit_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        cursor=row.cursor,
        members=row.members,
        entries=row.entries,
        faults=row.faults,
        first_faults=tuple(row.first_faults),
    )
