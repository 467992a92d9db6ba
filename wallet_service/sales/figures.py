"""Figures: how the shop's days go, by its own clock. Read only, bounded, from indexes.

What is usual on a weekday is the mean of the same weekdays before, as many as there were, at
most eight; with fewer than three nothing is said to be usual.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.coupons import tables as coupons
from wallet_service.db import Moment
from wallet_service.ledger import tables as ledger
from wallet_service.ledger.entry import Account
from wallet_service.members import tables as members
from wallet_service.sales import tables

WEEKS_MAX = 8
WEEKS_MIN = 3
DAYS_SHOWN = 14
MONTHS_SHOWN = 12

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)

# Neither taken back nor returned whole. Stamps without a purchase have no amount to return.
_STANDS = tables.sale.c.voided_at.is_(None) & sa.or_(
    tables.sale.c.returned == 0, tables.sale.c.returned < tables.sale.c.amount
)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How much, and how much is usual; None where there is too little to say."""

    value: int
    usual: float | None

    @property
    def more(self) -> int | None:
        """So much more than usual, or (below zero) less; None where nothing is usual."""
        return None if self.usual is None else self.value - round(self.usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """The visits of one day; `is_now`: so far."""

    day: date
    visits: Compared
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """How many members there are, and who came and went in a week."""

    members: int
    joined: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponsUsed:
    """How many coupons were used today, in this week and the one before; how many wait."""

    today: int
    this_week: int
    last_week: int
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a shop is doing, at one moment."""

    at: datetime
    stamps_today: Compared
    visits_today: Compared
    visits_this_week: Compared
    coming: Coming
    coupons: CouponsUsed
    days: tuple[Visits, ...]
    months: tuple[tuple[date, int], ...]
    has_visits: bool


def read(connection: Connection, brand_id: str, zone: ZoneInfo, now: datetime) -> Figures:
    """Everything that the console's home tells, in the transaction at hand."""
    first = _first_visit(connection, brand_id)
    by_day = _by_day(connection, brand_id, zone, now)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    weeks = _weeks(first, zone, today)
    since_monday = [
        (
            _midnight(monday - _WEEK * n, zone),
            _moved(now, zone, -_WEEK * n),
        )
        for n in range(weeks + 1)
    ]
    by_now = [
        (_midnight(today - _WEEK * n, zone), _moved(now, zone, -_WEEK * n))
        for n in range(weeks + 1)
    ]
    visits_by_now = _visits(connection, brand_id, by_now)
    return Figures(
        at=now,
        stamps_today=_compared(_stamps(connection, brand_id, by_now)),
        visits_today=_compared(visits_by_now),
        visits_this_week=_compared(_visits(connection, brand_id, since_monday)),
        coming=coming(connection, brand_id, zone, now),
        coupons=_coupons(connection, brand_id, zone, now),
        days=_days(by_day, first, zone, today, visits_by_now[0]),
        months=_months(connection, brand_id, zone, today),
        has_visits=first is not None,
    )


def coming(connection: Connection, brand_id: str, zone: ZoneInfo, now: datetime) -> Coming:
    """The members there are, and since the same day a week ago who joined and who was erased."""
    since = _midnight(now.astimezone(zone).date() - _WEEK, zone)
    member, erasure = members.member.c, members.erasure.c
    total, joined = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(sa.case((member.joined_at >= since, 1), else_=0)), 0),
        ).where(member.brand_id == brand_id, member.status == "active")
    ).one()
    left = connection.execute(
        sa.select(sa.func.count()).where(erasure.brand_id == brand_id, erasure.erased_at >= since)
    ).scalar_one()
    return Coming(members=total, joined=joined, left=left)


def _first_visit(connection: Connection, brand_id: str) -> datetime | None:
    sale = tables.sale.c
    return connection.execute(
        sa.select(sale.occurred_at)
        .where(sale.brand_id == brand_id, _STANDS)
        .order_by(sale.occurred_at)
        .limit(1)
    ).scalar()


def _by_day(
    connection: Connection, brand_id: str, zone: ZoneInfo, now: datetime
) -> Mapping[date, int]:
    """The visits of each day shown, and of those that say what is usual there."""
    today = now.astimezone(zone).date()
    days = [today - _DAY * n for n in range(DAYS_SHOWN + 7 * WEEKS_MAX)]
    spans = [(_midnight(day, zone), _midnight(day + _DAY, zone)) for day in days]
    return dict(zip(days, _visits(connection, brand_id, spans), strict=True))


def _days(
    by_day: Mapping[date, int],
    first: datetime | None,
    zone: ZoneInfo,
    today: date,
    so_far: int,
) -> tuple[Visits, ...]:
    shown = []
    for n in reversed(range(DAYS_SHOWN)):
        day = today - _DAY * n
        before = [by_day[day - _WEEK * week] for week in range(1, _weeks(first, zone, day) + 1)]
        value = so_far if day == today else by_day[day]
        visits = Compared(value=value, usual=_usual(before))
        shown.append(Visits(day=day, visits=visits, is_now=day == today))
    return tuple(shown)


def _visits(connection: Connection, brand_id: str, spans: Sequence[Span]) -> list[int]:
    """How many visits stand in each span of time."""
    sale = tables.sale.c
    span = _spans(spans)
    counted = (
        sa.select(span.c.n, sa.func.count())
        .join_from(
            span,
            tables.sale,
            (sale.brand_id == brand_id)
            & (sale.occurred_at >= span.c.since)
            & (sale.occurred_at < span.c.until)
            & _STANDS,
        )
        .group_by(span.c.n)
    )
    return _each(connection, counted, len(spans))


def _stamps(connection: Connection, brand_id: str, spans: Sequence[Span]) -> list[int]:
    """How many stamps were given in each span of time and still stand."""
    sale, line = tables.sale.c, ledger.entry_line.c
    span = _spans(spans)
    given = (
        sa.select(span.c.n, sa.func.sum(line.amount))
        .join_from(
            span,
            tables.sale,
            (sale.brand_id == brand_id)
            & (sale.occurred_at >= span.c.since)
            & (sale.occurred_at < span.c.until)
            & _STANDS,
        )
        .join(
            ledger.entry_line,
            (line.member_id == sale.member_id)
            & (line.number == sale.entry)
            & (line.unit == "stamps")
            & (line.account == Account.AVAILABLE),
        )
        .group_by(span.c.n)
    )
    return _each(connection, given, len(spans))


def _coupons(connection: Connection, brand_id: str, zone: ZoneInfo, now: datetime) -> CouponsUsed:
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    midnight, since = _midnight(today, zone), _midnight(monday, zone)
    redemption, coupon = coupons.redemption.c, coupons.coupon.c
    before = _midnight(monday - _WEEK, zone)
    span = _spans([(midnight, now + _DAY), (since, now + _DAY), (before, since)])
    used = (
        sa.select(span.c.n, sa.func.count())
        .join_from(
            span,
            coupons.redemption,
            (redemption.brand_id == brand_id)
            & (redemption.occurred_at >= span.c.since)
            & (redemption.occurred_at < span.c.until)
            & redemption.reversed_at.is_(None),
        )
        .group_by(span.c.n)
    )
    is_open = coupon.expires_at.is_(None) | (coupon.expires_at > now)
    waiting = connection.execute(
        sa.select(sa.func.count()).where(
            coupon.brand_id == brand_id, coupon.state == "issued", is_open
        )
    ).scalar_one()
    in_day, in_week, in_last = _each(connection, used, 3)
    return CouponsUsed(today=in_day, this_week=in_week, last_week=in_last, open=waiting)


def _months(
    connection: Connection, brand_id: str, zone: ZoneInfo, today: date
) -> tuple[tuple[date, int], ...]:
    """How many members there were at the end of each month, and now."""
    firsts = [_month(today, -n) for n in reversed(range(MONTHS_SHOWN))]
    ends = [_midnight(_month(first, 1), zone) for first in firsts]
    beginning = datetime.fromtimestamp(0, tz=zone)
    spans = list(zip([beginning, *ends], ends, strict=False))
    member, erasure = members.member, members.erasure
    joined = _counted(connection, brand_id, member, member.c.joined_at, spans)
    left = _counted(connection, brand_id, erasure, erasure.c.erased_at, spans)
    total, shown = 0, []
    for first, came, went in zip(firsts, joined, left, strict=True):
        total += came - went
        shown.append((first, total))
    # Months before there was anybody say nothing.
    while len(shown) > 1 and not shown[0][1]:
        shown.pop(0)
    return tuple(shown)


def _counted(
    connection: Connection,
    brand_id: str,
    table: sa.Table,
    at: sa.ColumnElement[datetime],
    spans: Sequence[Span],
) -> list[int]:
    span = _spans(spans)
    counted = (
        sa.select(span.c.n, sa.func.count())
        .join_from(
            span,
            table,
            (table.c.brand_id == brand_id) & (at >= span.c.since) & (at < span.c.until),
        )
        .group_by(span.c.n)
    )
    return _each(connection, counted, len(spans))


def _spans(spans: Sequence[Span]) -> sa.CTE:
    """Spans of time as a table, so that one statement walks the index once for each."""
    columns = (sa.column("n", sa.Integer), sa.column("since", Moment), sa.column("until", Moment))
    rows = [(n, since, until) for n, (since, until) in enumerate(spans)]
    return sa.values(*columns, name="span").data(rows).cte("span")


def _each(connection: Connection, counted: sa.Select[int, int], n: int) -> list[int]:
    found = {row[0]: int(row[1]) for row in connection.execute(counted)}
    return [found.get(place, 0) for place in range(n)]


def _compared(values: Sequence[int]) -> Compared:
    """The first is now, the others the same time in the weeks before."""
    return Compared(value=values[0], usual=_usual(values[1:]))


def _usual(before: Sequence[int]) -> float | None:
    return sum(before) / len(before) if len(before) >= WEEKS_MIN else None


def _weeks(first: datetime | None, zone: ZoneInfo, day: date) -> int:
    """How many whole weeks of visits lie before a day, at most as many as are looked at."""
    if first is None:
        return 0
    return max(0, min(WEEKS_MAX, (day - first.astimezone(zone).date()).days // 7))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # Found on the wall, so that a day of 23 or 25 hours is one day.
    return datetime.combine(day, time(), tzinfo=zone)


def _moved(moment: datetime, zone: ZoneInfo, by: timedelta) -> datetime:
    """The same time of day by the shop's own clock, some days away."""
    local = moment.astimezone(zone)
    return datetime.combine(local.date() + by, local.timetz())


def _month(day: date, by: int) -> date:
    """The first of a month, so many months away."""
    months = day.year * 12 + day.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)
