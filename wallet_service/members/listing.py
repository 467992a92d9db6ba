"""The members of a brand in an order, page by page, and names near one that was not found."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.members import codes, people, tables
from wallet_service.members.reading import matching

QUERY_LENGTH_MAX = 100
_NEAR_MAX = 3
_LOOKED_AT_MAX = 400  # names that begin alike, among which near ones are sought


class Order(StrEnum):
    """By what a list of members is sorted."""

    NAME = "name"
    SEEN = "seen"
    JOINED = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A member as a list shows one."""

    member_id: str
    given_name: str
    family_name: str
    joined_at: datetime
    seen_at: datetime

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. `before` and `after` are the cursors of the pages beside it, None at an end.

    A cursor is the id of the member at that end: it stands in an address, so it tells no name.
    """

    members: tuple[Listed, ...]
    total: int
    before: str | None
    after: str | None


def page(
    connection: Connection,
    brand_id: str,
    *,
    order: Order = Order.NAME,
    query: str = "",
    after: str = "",
    before: str = "",
    limit: int = 25,
) -> Page:
    """A page of the members that match `query`, behind one cursor or ahead of another.

    A cursor that is nobody's here, or somebody's who was erased since, is as none.
    """
    key, descends = _key(order)
    person, member = tables.person.c, tables.member.c
    wanted = sa.select(
        person.member_id, person.given_name, person.family_name, member.joined_at, member.seen_at,
        key.label("key"),
    ).join_from(tables.person, tables.member, person.member_id == member.member_id)  # fmt: skip
    mine = [person.brand_id == brand_id, person.role == "holder"]
    if query:
        mine.append(person.member_id.in_(matching(brand_id, query)))
    total = connection.execute(
        sa.select(sa.func.count()).select_from(tables.person).where(*mine)
    ).scalar_one()
    if order is not Order.NAME:
        mine.append(member.brand_id == brand_id)  # walk its index
    is_back = bool(before)
    place = _place(connection, brand_id, before or after, key)
    runs_down = descends != is_back
    if place is not None:
        here = sa.tuple_(key, person.member_id)
        mine.append(here < sa.tuple_(*place) if runs_down else here > sa.tuple_(*place))
    way = sa.desc if runs_down else sa.asc
    rows = connection.execute(
        wanted.where(*mine).order_by(way(key), way(person.member_id)).limit(limit + 1)
    ).all()
    goes_on = len(rows) > limit
    rows = rows[:limit]
    if is_back:
        rows = rows[::-1]
    has_before = goes_on if is_back else place is not None and bool(rows)
    has_after = bool(rows) if is_back else goes_on
    return Page(
        members=tuple(_listed(row) for row in rows),
        total=total,
        before=rows[0].member_id if has_before and rows else None,
        after=rows[-1].member_id if has_after and rows else None,
    )


def near(connection: Connection, brand_id: str, name: str) -> tuple[Listed, ...]:
    """Members whose name is nearly this one, the nearest first."""
    wanted = people.name_key(name, "")[:QUERY_LENGTH_MAX]
    person, member = tables.person.c, tables.member.c
    rows: Sequence[Any] = ()
    for letters in (3, 2, 1):
        beginning = wanted[:letters]
        if len(beginning) < letters or rows:
            continue
        alike = person.name_key.startswith(beginning, autoescape=True)
        if letters > 1:
            alike |= person.name_key.contains(f" {beginning}", autoescape=True)
        rows = connection.execute(
            sa.select(
                person.member_id, person.given_name, person.family_name, person.name_key,
                member.joined_at, member.seen_at,
            )
            .join_from(tables.person, tables.member, person.member_id == member.member_id)
            .where(person.brand_id == brand_id, alike)
            .order_by(person.name_key)
            .limit(_LOOKED_AT_MAX)
        ).all()  # fmt: skip
    by_likeness = sorted(((_likeness(wanted, row.name_key), row) for row in rows), key=_first)
    return tuple(_listed(row) for far, row in by_likeness[:_NEAR_MAX] if far <= 0.45)


def count(connection: Connection, brand_id: str) -> int:
    """How many members a brand has."""
    return connection.execute(
        sa.select(sa.func.count()).where(
            tables.member.c.brand_id == brand_id, tables.member.c.status == "active"
        )
    ).scalar_one()


def of_code(connection: Connection, brand_id: str, typed: str) -> str | None:
    """The member whose card code this is, whole; None when it is no code, or nobody's here."""
    code = codes.normalise(typed)
    if code is None:
        return None
    return connection.execute(
        sa.select(tables.card_code.c.member_id).where(
            tables.card_code.c.code == code,
            tables.card_code.c.brand_id == brand_id,
            tables.card_code.c.ended_at.is_(None),
        )
    ).scalar()


def _key(order: Order) -> tuple[sa.ColumnElement[Any], bool]:
    """What the order goes by, and whether the highest comes first."""
    match order:
        case Order.NAME:
            return tables.person.c.name_key, False
        case Order.SEEN:
            return tables.member.c.seen_at, True
        case Order.JOINED:
            return tables.member.c.joined_at, True


def _place(
    connection: Connection, brand_id: str, member_id: str, key: sa.ColumnElement[Any]
) -> tuple[Any, str] | None:
    """Where a member stands in the order."""
    if not member_id:
        return None
    person, member = tables.person.c, tables.member.c
    row = connection.execute(
        sa.select(key.label("key"))
        .join_from(tables.person, tables.member, person.member_id == member.member_id)
        .where(person.brand_id == brand_id, person.member_id == member_id, person.role == "holder")
    ).first()
    return None if row is None else (sa.literal(row.key, key.type), member_id)


def _listed(row: Any) -> Listed:
    return Listed(
        member_id=row.member_id,
        given_name=row.given_name,
        family_name=row.family_name,
        joined_at=row.joined_at,
        seen_at=row.seen_at,
    )


def _likeness(wanted: str, key: str) -> float:
    """How far a name is from the one that was typed, 0 to 1; a word of it may be enough."""
    words = [key, *key.split()]
    return 1 - max(difflib.SequenceMatcher(None, wanted, each).ratio() for each in words)


def _first(each: tuple[float, Any]) -> float:
    return each[0]
