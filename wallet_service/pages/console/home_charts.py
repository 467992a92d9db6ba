"""The charts of the console's home."""

from babel.dates import format_date
from flask_babel import ngettext

from wallet_service.language import locale_of
from wallet_service.pages import charts
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
                name=_("%(day)s, so far", day=_written(each, "ccc d.M."))
                if each.is_now
                else _written(each, "ccc d.M."),
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
            month=format_date(figures.months[0][0], "MMMM", locale=locale),
        )
        if last >= first
        else _("%(n)s now.", n=last),
        [(format_date(month, "MMMM", locale=locale), members) for month, members in figures.months],
        (_("Month"), _("Members")),
    )


def _words(figures: Figures) -> str:
    best = max(figures.days, key=lambda each: each.visits.value)
    day = _written(best, "cccc d MMMM" if chosen() == "en" else "cccc d. MMMM")
    said = ngettext(
        "The best day was %(day)s, with %(num)s visit.",
        "The best day was %(day)s, with %(num)s visits.",
        best.visits.value,
        day=day,
    )
    if any(each.visits.usual for each in figures.days):
        return f"{said} {_('The thin line is what is usual for that weekday.')}"
    return f"{said} {_('What is usual shows after three weeks.')}"


def _written(each: Visits, pattern: str) -> str:
    text: str = format_date(each.day, pattern, locale=locale_of(chosen()))
    return text
