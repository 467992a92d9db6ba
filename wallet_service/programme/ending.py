"""When units end: pure. By the shop's own days, at the local midnight after the last one."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wallet_service.programme.part import Unit
from wallet_service.programme.ruleset import Ruleset


def ends(rules: Ruleset, unit: Unit, gained_at: datetime) -> datetime | None:
    """When units gained at `gained_at` end, by the calendar alone; nothing where they do not."""
    expiry = rules.expiry.get(unit)
    if expiry is None:
        return None
    gained = gained_at.astimezone(rules.zone).date()
    if expiry.months is not None:
        return after(_month_end(gained, expiry.months), rules.zone)
    if expiry.day_of_year is not None:
        least = _months_on(gained, expiry.months_min)
        last = _on(least.year, expiry.day_of_year)
        if last < least:
            last = _on(least.year + 1, expiry.day_of_year)
        return after(last, rules.zone)
    return None


def idle_ends(rules: Ruleset, unit: Unit, seen_at: datetime) -> datetime | None:
    """When all units of a member end who was last seen at `seen_at`; nothing where they do not."""
    expiry = rules.expiry.get(unit)
    if expiry is None or expiry.inactive_months is None:
        return None
    seen = seen_at.astimezone(rules.zone).date()
    return after(_month_end(seen, expiry.inactive_months), rules.zone)


def confirm_at(rules: Ruleset, unit: Unit, gained_at: datetime) -> datetime | None:
    """When units gained at `gained_at` begin to count; nothing where they do at once."""
    pending = rules.pending.get(unit)
    if pending is None:
        return None
    gained = gained_at.astimezone(rules.zone).date()
    return after(gained + timedelta(days=pending.days), rules.zone)


def after(last: date, zone: ZoneInfo) -> datetime:
    """The local midnight after the day `last`, in UTC; the day may have 23 hours, or 25."""
    midnight = datetime.combine(last + timedelta(days=1), time(), zone)
    # Where the clock jumps over midnight, zoneinfo reads it by the time before: the day's end.
    return midnight.astimezone(UTC)


def month_end_after(moment: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The end of the month that is `months` after the one of `moment`."""
    return after(_month_end(moment.astimezone(zone).date(), months), zone)


def months_before(day: date, months: int) -> date:
    """The same day so many months before; the month's last where it has no such day."""
    return _months_on(day, -months)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month_end(day: date, months: int) -> date:
    first = _months_on(day.replace(day=1), months)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _on(year: int, day_of_year: str) -> date:
    """The day MM-DD of a year; 29 February is the 28th where there is none."""
    month, day = (int(part) for part in day_of_year.split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))
