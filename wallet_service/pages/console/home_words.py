"""The shop's day as a sentence: parts to be set in bold, and what joins them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import ngettext

from wallet_service.language import clock_time
from wallet_service.pages import when
from wallet_service.phones.alive import Telling
from wallet_service.sales.figures import Compared, Figures
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happened today, how it compares, and the coupons; the last two may be empty.

    Each is a figure with its words, and the words that follow it.
    """

    today: tuple[str, str]
    compared: tuple[str, str] | None
    coupons: tuple[str, str] | None


def greeting(name: str, now: datetime, zone: ZoneInfo) -> str:
    """Good afternoon, Anna. It is Tuesday 24 November, 14:32."""
    local, first = now.astimezone(zone), name.split()[0] if name.split() else name
    facts = {"name": first, "day": when.weekday(now, zone), "time": said(clock_time(local))}
    if 5 <= local.hour < 12:
        return _("Good morning, %(name)s. It is %(day)s, %(time)s.", **facts)
    if 12 <= local.hour < 18:
        return _("Good afternoon, %(name)s. It is %(day)s, %(time)s.", **facts)
    return _("Good evening, %(name)s. It is %(day)s, %(time)s.", **facts)


def story(figures: Figures, zone: ZoneInfo) -> Story:
    """The day so far, as far as there is anything to tell."""
    has_stamps = figures.stamps_today.value > 0 or figures.visits_today.value == 0
    counted = figures.stamps_today if has_stamps else figures.visits_today
    if counted.value == 0:
        today = (_("No visit"), _("yet today"))
    elif has_stamps:
        today = (ngettext("%(num)s stamp", "%(num)s stamps", counted.value), _("so far"))
    else:
        today = (ngettext("%(num)s visit", "%(num)s visits", counted.value), _("so far"))
    used = figures.coupons.today
    return Story(
        today=today,
        compared=_compared(counted, figures.at.astimezone(zone).weekday())
        if counted.value
        else None,
        coupons=(
            ngettext("%(num)s coupon", "%(num)s coupons", used),
            ngettext("used", "used", used),
        )
        if used
        else None,
    )


def week(figures: Figures) -> tuple[str, str, str]:
    """How the week compares: the kind of difference, its figure, and the words after it."""
    more = figures.visits_this_week.more
    if more is None:
        return "", "", _("since Monday")
    if more == 0:
        return "", "", _("as many as in a usual week by now")
    if more > 0:
        return "good", f"+{more}", _("on a usual week by now")
    return "warn", f"−{-more}", _("on a usual week by now")


def left(telling: Telling) -> str:
    """How long the phones that are not told yet will take."""
    if telling.left is None:
        return ""
    seconds = int(telling.left.total_seconds())
    if seconds < 90:
        return _("%(n)s s left", n=max(1, seconds))
    if seconds < 5400:
        return _("%(n)s min left", n=round(seconds / 60))
    return _("%(n)s h left", n=round(seconds / 3600))


def _compared(counted: Compared, weekday: int) -> tuple[str, str] | None:
    more = counted.more
    # A weekday on which the shop is closed is no measure.
    if more is None or not counted.usual:
        return None
    usual = (
        _("than a usual Monday by this hour"),
        _("than a usual Tuesday by this hour"),
        _("than a usual Wednesday by this hour"),
        _("than a usual Thursday by this hour"),
        _("than a usual Friday by this hour"),
        _("than a usual Saturday by this hour"),
        _("than a usual Sunday by this hour"),
    )[weekday]
    if more > 0:
        return _("%(n)s more", n=more), usual
    if more < 0:
        return _("%(n)s fewer", n=-more), usual
    return _("no more and no fewer"), usual
