"""Alive: how telling a brand's phones goes, and when each part of the way was last seen to work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.phones.tables import issued_pass, outbox, registration

_RATE_OVER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The passes of a brand that wait to be told of, and how fast they go.

    `told` are the phones called since the first of them began to wait; `by_minute` of late.
    """

    waiting: int
    since: datetime | None
    told: int
    by_minute: int

    @property
    def left(self) -> timedelta | None:
        """How long it will take at this pace; None where nothing moves."""
        return timedelta(minutes=self.waiting / self.by_minute) if self.by_minute else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """When Apple last took a push for this brand, and when a phone last fetched a card."""

    pushed_at: datetime | None
    fetched_at: datetime | None


def telling(connection: Connection, brand_id: str) -> Telling:
    """How it goes now. Cheap while nothing waits."""
    waiting, since = connection.execute(
        sa.select(sa.func.count(), sa.func.min(outbox.c.waiting_since))
        .join_from(outbox, issued_pass, _same(outbox))
        .where(issued_pass.c.brand_id == brand_id)
    ).one()
    if not waiting:
        return Telling(waiting=0, since=None, told=0, by_minute=0)
    told, lately = connection.execute(
        sa.select(_how_many(registration.c.announced_at >= since), _how_many(_lately()))
        .join_from(registration, issued_pass, _same(registration))
        .where(issued_pass.c.brand_id == brand_id)
    ).one()
    return Telling(waiting=waiting, since=since, told=told, by_minute=lately)


def seen(connection: Connection, brand_id: str) -> Alive:
    """When it was last seen to work, by what phones and Apple did themselves."""
    row = connection.execute(
        sa.select(sa.func.max(registration.c.announced_at), sa.func.max(registration.c.fetched_at))
        .join_from(registration, issued_pass, _same(registration))
        .where(issued_pass.c.brand_id == brand_id)
    ).one()
    return Alive(pushed_at=row[0], fetched_at=row[1])


def _lately() -> sa.ColumnElement[bool]:
    return registration.c.announced_at >= clock.now() - _RATE_OVER


def _how_many(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0)


def _same(table: sa.Table) -> sa.ColumnElement[bool]:
    is_same = table.c.member_id == issued_pass.c.member_id
    return sa.and_(is_same, table.c.pass_id == issued_pass.c.pass_id)
