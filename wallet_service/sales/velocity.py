"""Velocity: how fast one member, one card, one till and one cashier may go.

Counted by the moment at the counter, so that a till that was offline is judged as it went. What
was undone does not count.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.language import Phrase, phrase, phrases
from wallet_service.members import Member
from wallet_service.programme import Version
from wallet_service.programme.switches import Limits
from wallet_service.sales import tables
from wallet_service.sales.errors import TooFast
from wallet_service.sales.told import Counter

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

_sale = tables.sale


def check(
    connection: Connection,
    counter: Counter,
    member: Member,
    version: Version,
    occurred_at: datetime,
    *,
    stamps: int = 0,
) -> None:
    """Whether one more sale at that moment is within the limits. The member is locked.

    One statement, and none where no limit is on. Raises TooFast.
    """
    limits = version.rules.limits
    asked = _asked(limits, counter, member, occurred_at, version.rules.zone, stamps)
    if not asked:
        return
    counted = connection.execute(
        sa.select(*(each.label(name) for name, each in asked.items()))
    ).one()
    for name, so_far in counted._mapping.items():
        added = stamps if name == "member_stamps_day" else 1
        most = getattr(limits, name)
        if so_far + added > most:
            raise TooFast(_say(name, most), limit=name, most=most)


def _asked(
    limits: Limits,
    counter: Counter,
    member: Member,
    at: datetime,
    zone: ZoneInfo,
    stamps: int,
) -> dict[str, sa.ScalarSelect[int]]:
    """What must be counted, by the name of its limit."""
    mine = _sale.c.member_id == member.member_id
    day = _day(at, zone)
    asked: dict[str, sa.ScalarSelect[int]] = {}
    # Around the moment, not only before it: offline sales come in any order.
    if limits.card_minute:
        asked["card_minute"] = _count(mine, at - MINUTE, at + MINUTE)
    if limits.member_day:
        asked["member_day"] = _count(mine, *day)
    if limits.member_stamps_day and stamps:
        given = sa.func.coalesce(sa.func.sum(_sale.c.stamps), 0)
        asked["member_stamps_day"] = _standing(given, mine, *day)
    if limits.till_minute and counter.till_id is not None:
        till = _sale.c.till_id == counter.till_id
        asked["till_minute"] = _count(till, at - MINUTE, at + MINUTE)
    if limits.staff_hour and counter.staff_id is not None:
        asked["staff_hour"] = _count(_sale.c.staff_id == counter.staff_id, at - HOUR, at + HOUR)
    return asked


def _count(where: sa.ColumnElement[bool], since: datetime, until: datetime) -> sa.ScalarSelect[int]:
    return _standing(sa.func.count(), where, since, until)


def _standing(
    what: sa.ColumnElement[int],
    where: sa.ColumnElement[bool],
    since: datetime,
    until: datetime,
) -> sa.ScalarSelect[int]:
    within = (_sale.c.occurred_at > since) & (_sale.c.occurred_at < until)
    return (
        sa.select(what)
        .select_from(_sale)
        .where(where, within, _sale.c.voided_at.is_(None))
        .scalar_subquery()
    )


def _day(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Just before the shop's day of a moment, and its end."""
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    # On the wall, so that a day of 23 or 25 hours is the day that people know.
    ends = midnight + timedelta(days=1)
    return midnight - timedelta(microseconds=1), ends


def _say(limit: str, most: int) -> Phrase:
    if limit == "card_minute":
        return phrase("This card was used several times just now. Please wait a minute.")
    if limit == "member_day":
        return phrases(
            "This card was used today already. It can be used again tomorrow.",
            "This card was used {n} times today. It can be used again tomorrow.",
            most,
        )
    if limit == "member_stamps_day":
        return phrases(
            "A card takes {n} stamp a day, so this would be too many.",
            "A card takes {n} stamps a day, so this would be too many.",
            most,
        )
    if limit == "till_minute":
        return phrase("This till is going very fast. Please wait a minute and try again.")
    return phrase("That was a great deal in one hour. Please take a break and try again later.")
