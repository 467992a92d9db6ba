"""Velocity: how fast one member, one card, one till and one cashier may go.

Counted by the moment at the counter, so that a till that was offline is judged as it went. What
was undone does not count.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any
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

# What a limit's name begins with says whose sales are counted.
_member = _sale.c.member_id == sa.bindparam("member")
_OF = {
    "card": _member,
    "member": _member,
    "till": _sale.c.till_id == sa.bindparam("till"),
    "staff": _sale.c.staff_id == sa.bindparam("staff"),
}


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
    asked = _asked(limits, counter, occurred_at, version.rules.zone, stamps)
    if not asked:
        return
    told: dict[str, object] = {
        "member": member.member_id,
        "till": counter.till_id,
        "staff": counter.staff_id,
    }
    for name, (since, until) in asked.items():
        told |= {f"{name}_since": since, f"{name}_until": until}
    counted = connection.execute(_counting(tuple(asked)), told).one()
    for name, so_far in counted._mapping.items():
        added = stamps if name == "member_stamps_day" else 1
        most = getattr(limits, name)
        if so_far + added > most:
            raise TooFast(_say(name, most), limit=name, most=most)


def _asked(
    limits: Limits,
    counter: Counter,
    at: datetime,
    zone: ZoneInfo,
    stamps: int,
) -> dict[str, tuple[datetime, datetime]]:
    """Between which moments must be counted, by the name of the limit."""
    # Around the moment, not only before it: offline sales come in any order.
    minute, hour = (at - MINUTE, at + MINUTE), (at - HOUR, at + HOUR)
    day = _day(at, zone)
    asked: dict[str, tuple[datetime, datetime]] = {}
    if limits.card_minute:
        asked["card_minute"] = minute
    if limits.member_day:
        asked["member_day"] = day
    if limits.member_stamps_day and stamps:
        asked["member_stamps_day"] = day
    if limits.till_minute and counter.till_id is not None:
        asked["till_minute"] = minute
    if limits.staff_hour and counter.staff_id is not None:
        asked["staff_hour"] = hour
    return asked


@cache
def _counting(limits: tuple[str, ...]) -> sa.Select[Any]:
    """The one statement that counts for these limits; there are few sets of them."""
    counted: Any = [_counted(each).label(each) for each in limits]
    return sa.select(*counted)


def _counted(limit: str) -> sa.ScalarSelect[int]:
    of = _OF[limit.partition("_")[0]]
    within = (_sale.c.occurred_at > sa.bindparam(f"{limit}_since")) & (
        _sale.c.occurred_at < sa.bindparam(f"{limit}_until")
    )
    stamps = sa.func.coalesce(sa.func.sum(_sale.c.stamps), 0)
    return (
        sa.select(stamps if limit == "member_stamps_day" else sa.func.count())
        .select_from(_sale)
        .where(of, within, _sale.c.voided_at.is_(None))
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
