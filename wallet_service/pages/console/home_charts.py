"""The charts of the console's home."""

from babel.dates import format_date
from flask_babel import ngettext

from wallet_service.language import locale_of
from wallet_service.pages import charts, when
from wallet_service.pages.charts import Bars, Day, Line
from wallet_service.sales.figures import Figures, Visits
from wallet_service.web.language import chosen
from wallet_service.web.language import gettext as _


def visits(figures: Figures) -> Bars:
    """Visits, day by day, with what is usual on each weekday."""
    return charts.bars(
        "visits",
        _("Visits, day by day"),
        _words(figures),
        [
            Day(
                label=_written(each, "ccccc"),
                name=_("%(day)s, so far", day=when.short_day(each.day))
                if each.is_now
                else when.short_day(each.day),
                value=each.visits.value,
                usual=each.visits.usual or None,
                is_now=each.is_now,
            )
            for each in figures.days
        ],
        (_("Day"), _("Visits"), _("Usual")),
    )


def months(figures: Figures) -> Line:
    """Members, month by month."""
    locale = locale_of(chosen())
    first, last = figures.months[0][1], figures.months[-1][1]
    return charts.line(
        "months",
        _("Members, month by month"),
        ngettext(
            "%(num)s member more than at the end of %(month)s.",
            "%(num)s members more than at the end of %(month)s.",
            last - first,
            month=format_date(figures.months[0][0], "LLLL", locale=locale),
        )
        if last >= first
        else _("%(n)s now.", n=last),
        [(format_date(month, "LLLL", locale=locale), members) for month, members in figures.months],
        (_("Month"), _("Members")),
    )


def _words(figures: Figures) -> str:
    best = max(figures.days, key=lambda each: each.visits.value)
    day = when.long_day(best.day)
    said = ngettext(
        "The best day was %(day)s, with %(num)s visit.",
        "The best day was %(day)s, with %(num)s visits.",
        best.visits.value,
        day=day,
    )
    if any(each.visits.usual for each in figures.days):
        return " ".join([said, _("The thin line is what is usual for that weekday.")])
    return " ".join([said, _("What is usual shows after three weeks.")])


def _written(each: Visits, pattern: str) -> str:
    text: str = format_date(each.day, pattern, locale=locale_of(chosen()))
    return text
