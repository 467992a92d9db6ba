"""Daily heads: the end of a brand's day as one hash, so that a copy of it guards the past.

It is made of the ends of all the members' chains at the midnight that closed the day, and of the
day before; whoever keeps it elsewhere can tell when anything before that was written anew.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands, clock, db
from wallet_service.brands import Brand
from wallet_service.ledger import tables
from wallet_service.members.tables import member
from wallet_service.programme.ending import after

SETTLED = timedelta(minutes=5)  # longer than any transaction: nothing of the day is still open
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a brand's day."""

    brand_id: str
    day: date
    members: int
    entries: int
    previous: str
    head: str


def make(connection: Connection, brand_id: str, day: date) -> Head:
    """Write the head of a day that is over; the one that stands when it was made before."""
    head = compute(connection, brand_id, day)
    daily = tables.daily_head
    connection.execute(
        db.insert(connection, daily)
        .values(
            brand_id=brand_id,
            day=day.isoformat(),
            members=head.members,
            entries=head.entries,
            previous=head.previous,
            head=head.head,
            made_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["brand_id", "day"])
    )
    return next(kept(connection, brand_id, since=day))


def compute(connection: Connection, brand_id: str, day: date) -> Head:
    """What the head of a day is by the entries as they stand now."""
    brand = brands.get(connection, brand_id)
    digest = hashlib.sha256()
    members = entries = 0
    previous = _before(connection, brand_id, day)
    digest.update(f"{brand_id}\n{day.isoformat()}\n{previous}\n".encode())
    for member_id, number, end in _ends(connection, brand_id, after(day, brand.zone)):
        digest.update(f"{member_id} {number} {end}\n".encode())
        members += 1
        entries += number
    return Head(
        brand_id=brand_id,
        day=day,
        members=members,
        entries=entries,
        previous=previous,
        head=digest.hexdigest(),
    )


def missing(connection: Connection, brand: Brand, now: datetime, most: int = 31) -> list[date]:
    """The days that are over and have no head yet, the first of them first."""
    yesterday = (now - SETTLED).astimezone(brand.zone).date() - timedelta(days=1)
    last = latest(connection, brand.brand_id)
    first = last.day + timedelta(days=1) if last else yesterday
    days = (yesterday - first).days + 1
    return [first + timedelta(days=each) for each in range(min(days, most))]


def latest(connection: Connection, brand_id: str) -> Head | None:
    """The last head of a brand."""
    daily = tables.daily_head
    row = connection.execute(
        sa.select(daily).where(daily.c.brand_id == brand_id).order_by(daily.c.day.desc()).limit(1)
    ).first()
    return None if row is None else _head(row)


def kept(connection: Connection, brand_id: str, *, since: date | None = None) -> Iterator[Head]:
    """The heads of a brand as they were written, the first day first."""
    daily = tables.daily_head
    wanted = sa.select(daily).where(daily.c.brand_id == brand_id).order_by(daily.c.day)
    if since is not None:
        wanted = wanted.where(daily.c.day >= since.isoformat())
    return (_head(row) for row in connection.execute(wanted))


def verify(
    connection: Connection, brand_id: str, copies: Mapping[date, str] | None = None
) -> Iterator[str]:
    """What is wrong with a brand's heads, a sentence each.

    Each must follow the one before; the last, and each day of `copies` that was kept elsewhere,
    is computed again from the entries.
    """
    previous = ""
    found = list(kept(connection, brand_id))
    for head in found:
        if head.previous != previous:
            yield f"The head of {head.day} does not follow the one before it."
        previous = head.head
    copies = copies or {}
    again = {found[-1].day: found[-1]} if found else {}
    again |= {head.day: head for head in found if head.day in copies}
    for day, head in sorted(again.items()):
        if compute(connection, brand_id, day) != head:
            yield f"The entries up to {day} are not those that its head was made of."
    days = {head.day: head.head for head in found}
    for day, copy in sorted(copies.items()):
        if days.get(day) != copy:
            yield f"The head of {day} is not the one that was kept elsewhere."


def _before(connection: Connection, brand_id: str, day: date) -> str:
    daily = tables.daily_head
    found = connection.execute(
        sa.select(daily.c.head)
        .where(daily.c.brand_id == brand_id, daily.c.day < day.isoformat())
        .order_by(daily.c.day.desc())
        .limit(1)
    ).scalar()
    return found or ""


def _ends(connection: Connection, brand_id: str, until: datetime) -> Iterator[tuple[str, int, str]]:
    """Each member with her last entry before a moment and its hash, a few hundred at a time."""
    entry = tables.entry
    behind = ""
    while True:
        ids = (
            connection.execute(
                sa.select(member.c.member_id)
                .where(member.c.brand_id == brand_id, member.c.member_id > behind)
                .order_by(member.c.member_id)
                .limit(_AT_ONCE)
            )
            .scalars()
            .all()
        )
        if not ids:
            return
        last = (
            sa.select(entry.c.member_id, sa.func.max(entry.c.number).label("number"))
            .where(entry.c.member_id.in_(ids), entry.c.recorded_at < until)
            .group_by(entry.c.member_id)
            .subquery()
        )
        rows = connection.execute(
            sa.select(entry.c.member_id, entry.c.number, entry.c.hash).join(
                last,
                (last.c.member_id == entry.c.member_id) & (last.c.number == entry.c.number),
            )
        )
        # Sorted here: the two engines need not order letters alike.
        yield from sorted((row.member_id, row.number, row.hash) for row in rows)
        behind = ids[-1]


def _head(row: sa.Row[tuple[object, ...]]) -> Head:
    return Head(
        brand_id=row.brand_id,
        day=date.fromisoformat(row.day),
        members=row.members,
        entries=row.entries,
        previous=row.previous,
        head=row.head,
    )
