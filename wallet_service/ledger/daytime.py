"""Daytime: when what the clock changed is brought to phones, so that none sounds at night."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MORNING, _EVENING = time(9), time(20)


def daytime(now: datetime, zone: ZoneInfo) -> datetime:
    """`now`, or the next morning where it is night in `zone`."""
    local = now.astimezone(zone)
    if _MORNING <= local.time() < _EVENING:
        return now
    day = local.date() + timedelta(days=local.time() >= _EVENING)
    return datetime.combine(day, _MORNING, zone).astimezone(UTC)
