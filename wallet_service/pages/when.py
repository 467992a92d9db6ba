"""When something was, in words near to the reader: today 11:20, yesterday, Wed 18 November."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from wallet_service import clock
from wallet_service.language import clock_time, locale_of
from wallet_service.web.language import chosen, said
from wallet_service.web.language import gettext as _

# Day and month without the year, as each language writes them; CLDR's own "MMMMd" has no weekday.
_NEAR = {"en": "EEE d MMMM", "fi": "ccc d. MMMM", "sv": "EEE d MMMM"}
_FAR = {"en": "d MMMM", "fi": "d. MMMM", "sv": "d MMMM"}
_SHORT = {"en": "EEE d MMM", "fi": "ccc d.M.", "sv": "EEE d/M"}
_LONG = {"en": "EEEE d MMMM", "fi": "cccc d. MMMM", "sv": "EEEE d MMMM"}


def near(moment: datetime, zone: ZoneInfo) -> str:
    """A moment by the shop's clock, the farther away the shorter."""
    local, now = moment.astimezone(zone), clock.now().astimezone(zone)
    days = (now.date() - local.date()).days
    time = said(clock_time(local))
    if days == 0:
        return _("today %(time)s", time=time)
    if days == 1:
        return _("yesterday %(time)s", time=time)
    if local.year != now.year and abs(days) > 180:
        return format_date(local.date(), "long", locale=locale_of(chosen()))
    return _written(local.date(), _NEAR if 0 < days < 14 else _FAR)


def ahead(moment: datetime, zone: ZoneInfo) -> str:
    """A moment to come by the shop's clock: today 18:00, tomorrow 18:00, Saturday 12 December."""
    local, today = moment.astimezone(zone), clock.now().astimezone(zone).date()
    time = said(clock_time(local))
    days = (local.date() - today).days
    if days == 0:
        return _("today %(time)s", time=time)
    if days == 1:
        return _("tomorrow %(time)s", time=time)
    return _("%(day)s %(time)s", day=short_day(local.date()), time=time)


def exact(moment: datetime, zone: ZoneInfo) -> str:
    """The whole of it, for whoever points at it."""
    local = moment.astimezone(zone)
    day = format_date(local.date(), "full", locale=locale_of(chosen()))
    return _("%(day)s %(time)s", day=day, time=said(clock_time(local)))


def weekday(moment: datetime, zone: ZoneInfo) -> str:
    """Tuesday 24 November."""
    return long_day(moment.astimezone(zone).date())


def long_day(day: date) -> str:
    """The same, of a day."""
    return _written(day, _LONG)


def short_day(day: date) -> str:
    """Tue 24 Nov, where there is little room."""
    return _written(day, _SHORT)


def ago(moment: datetime) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = max(0, int((clock.now() - moment).total_seconds()))
    if seconds < 60:
        return _("%(n)s s ago", n=seconds)
    if seconds < 3600:
        return _("%(n)s min ago", n=seconds // 60)
    if seconds < 2 * 86400:
        return _("%(n)s h ago", n=seconds // 3600)
    return _("%(n)s days ago", n=seconds // 86400)


def _written(day: date, patterns: dict[str, str]) -> str:
    language = chosen()
    pattern = patterns.get(language, patterns["en"])
    text: str = format_date(day, pattern, locale=locale_of(language))
    return text
