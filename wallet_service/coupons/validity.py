"""Validity: from when and until when a coupon is good, by the shop's own days; pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wallet_service.coupons.promise import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """When a coupon is good: the last day as said, and the moments at which it opens and ends."""

    last_day: date | None
    expires_at: datetime | None
    opens_at: datetime | None = None  # nothing: at once


def good_for(days: int | None, since: datetime, zone: ZoneInfo) -> Validity:
    """Good to the end of the `days`-th day after `since`, by the shop's own clock."""
    if days is None:
        return Validity(last_day=None, expires_at=None)
    last_day = since.astimezone(zone).date() + timedelta(days=days)
    return Validity(last_day=last_day, expires_at=end_of(last_day, zone))


def of_promise(promise: Promise, since: datetime, zone: ZoneInfo) -> Validity:
    """When a copy that is given at `since` is good. `days` count from when it opens, if later."""
    if promise.ticket is not None:
        closes = promise.ticket.closes
        last_day = closes.astimezone(zone).date()
        return Validity(
            last_day=last_day, expires_at=closes.astimezone(UTC), opens_at=promise.ticket.opens
        )
    said = promise.validity
    day = since.astimezone(zone).date()
    opens_at = None
    if said.first_day is not None and (first := date.fromisoformat(said.first_day)) > day:
        day, opens_at = first, beginning_of(first, zone)
    last_days = []
    if said.last_day is not None:
        last_days.append(date.fromisoformat(said.last_day))
    if said.days is not None:
        last_days.append(day + timedelta(days=said.days))
    if not last_days:
        return Validity(last_day=None, expires_at=None, opens_at=opens_at)
    last = min(last_days)
    return Validity(last_day=last, expires_at=end_of(last, zone), opens_at=opens_at)


def beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins at the shop."""
    # Midnight is found on the wall, so a day of 23 or 25 hours ends where people say it does.
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day is over at the shop."""
    return beginning_of(day + timedelta(days=1), zone)
