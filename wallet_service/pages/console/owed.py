"""What is owed: what the members have of each unit, and what of it ends in each coming month."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import get_currency_precision
from flask import Blueprint, render_template

from wallet_service import clock, coupons, programme
from wallet_service.brands.roles import Intention
from wallet_service.language import Money, Phrase, locale_of
from wallet_service.ledger import audit, liability
from wallet_service.ledger.liability import Owed
from wallet_service.pages import charts, when
from wallet_service.pages.charts import Bars, Day
from wallet_service.pages.console import frame
from wallet_service.programme import unit_amount
from wallet_service.programme.amount import UNITS, bare
from wallet_service.programme.part import MONEY_UNITS, ONLY_COUNTED, Unit
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import chosen, said
from wallet_service.web.language import gettext as _

bp = Blueprint("console_owed", __name__, url_prefix="/console/<slug>/owed")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitShown:
    """One unit, in words and in figures."""

    key: str
    name: Phrase
    has: Phrase
    pending: Phrase | None
    debts: Phrase | None
    unused: Phrase | None
    words: str
    chart: Bars | None
    rows: tuple[tuple[str, int | Money], ...]


@bp.get("")
@needs(Intention.LIABILITY_SEE)
def here() -> str:
    """By unit, with the coupons that wait and the last audit of the books."""
    visit, now = frame.current(), clock.now()
    with current_wallet().database.read() as connection:
        rules = programme.of_brand(connection, visit.brand.brand_id).rules
        found = liability.owed(connection, visit.brand.brand_id, now)
        unused = liability.unused(connection, visit.brand.brand_id, now)
        waiting = coupons.waiting(connection, visit.brand.brand_id, now)
        last = audit.latest(connection)
    return render_template(
        "console/owed.html",
        visit=visit,
        units=[
            _shown(each, unused.get(each.unit, 0), rules.currency)
            for each in sorted(found, key=lambda each: _place(rules.units, each.unit))
            if each.unit not in ONLY_COUNTED
        ],
        waiting=waiting,
        audited=when.near(last.finished_at, visit.brand.zone)
        if last is not None and last.finished_at is not None and not last.faults
        else None,
    )


def _place(units: list[Unit], unit: str) -> int:
    return next((place for place, each in enumerate(units) if each == unit), len(units))


def _shown(owed: Owed, unused: int, currency: str) -> UnitShown:
    ends = [(_first_of(each.month), each.amount) for each in owed.ends]
    rows = [(_long(month), amount) for month, amount in ends if amount]
    rows += [(_("later"), owed.later)] if owed.later else []
    rows += [(_("with no day of its own"), owed.open_end)] if rows and owed.open_end else []
    return UnitShown(
        key=owed.unit,
        name=UNITS[owed.unit],
        has=unit_amount(owed.unit, owed.available, currency),
        pending=unit_amount(owed.unit, owed.pending, currency) if owed.pending else None,
        debts=unit_amount(owed.unit, owed.debts, currency) if owed.debts else None,
        unused=unit_amount(owed.unit, unused, currency) if unused else None,
        words=_words(owed, currency),
        chart=_chart(owed, ends, currency) if any(amount for _, amount in ends) else None,
        rows=tuple((name, bare(owed.unit, amount, currency)) for name, amount in rows),
    )


def _words(owed: Owed, currency: str) -> str:
    if not owed.available:
        return _("Nobody has any now.")
    soonest = next((each for each in owed.ends if each.amount), None)
    if soonest is None:
        return _("None of it ends within a year.")
    return _(
        "The soonest to end: %(amount)s, by the end of %(month)s.",
        amount=said(unit_amount(owed.unit, soonest.amount, currency)),
        month=_long(_first_of(soonest.month)),
    )


def _chart(owed: Owed, ends: list[tuple[date, int]], currency: str) -> Bars:
    # Whole units of the currency: a bar is looked at, the list under it is exact.
    part = 10 ** get_currency_precision(currency) if owed.unit in MONEY_UNITS else 1
    return charts.bars(
        f"ends-{owed.unit}",
        _("What ends, month by month"),
        _("What ends in each of the coming twelve months if nobody uses it."),
        [
            Day(
                label=_written(month, "LLL").rstrip("."),
                name=_long(month),
                value=round(amount / part),
            )
            for month, amount in ends
        ],
        (_("Month"), _("Ends")),
    )


def _first_of(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _long(month: date) -> str:
    return _written(month, "LLLL y")


def _written(month: date, pattern: str) -> str:
    text: str = format_date(month, pattern, locale=locale_of(chosen()))
    return text
