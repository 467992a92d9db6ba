"""What a sale gives: pure. A rule set and a sale in; what was earned, and why, out.

`rate` says how much money gives how much, `multiply` when it is more; here they meet the caps and
what was counted before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from wallet_service.language import Money, Phrase, phrase, phrases
from wallet_service.programme import multiply, rate
from wallet_service.programme.amount import bare, unit_amount
from wallet_service.programme.earning import EarnRule, Multiplier
from wallet_service.programme.purchase import (
    Context,
    Counted,
    Earned,
    Earnings,
    Goods,
    Progress,
    Purchase,
)
from wallet_service.programme.ruleset import Ruleset

__all__ = [
    "Context",
    "Counted",
    "Earned",
    "Earnings",
    "Goods",
    "Progress",
    "Purchase",
    "earn",
    "periods",
]

NOTHING = Progress()
ALONE = Context()


def periods(rules: Ruleset, at: datetime | None) -> tuple[tuple[str, str], ...]:
    """The (rule, period) pairs whose progress `earn` asks for, for a purchase at `at`."""
    found: list[tuple[str, str]] = []
    for key, rule in rules.keyed:
        if rate.keeps(rules, rule):
            found.append((key, rate.period(rule, rules, at)))
        found += [place for place, _ in _caps(rules, key, rule, at)]
    return tuple(found)


def earn(rules: Ruleset, purchase: Purchase, context: Context = ALONE) -> Earnings:
    """What `purchase` gives, one `Earned` a unit, in the programme's order of units.

    A rule without a cap never gives less for more money. With the same `context`, a part of a
    purchase never gives more than the whole did where the best multiplier wins.
    """
    earned: list[Earned] = []
    counted: list[Counted] = []
    gains = [
        gain
        for key, rule in rules.keyed
        if (gain := _gain(rules, key, rule, purchase, context)) is not None
    ]
    for unit in rules.units:
        of_unit = [gain for gain in gains if gain.rule.unit == unit]
        chosen = _chosen(rules, of_unit, purchase, context.tier)
        for gain in of_unit:
            extra = _extra(gain, chosen, purchase)
            given = min(gain.base + extra, gain.room)
            if given > 0:
                why = _why(rules, gain, chosen, given, purchase)
                earned.append(Earned(unit=unit, amount=given, why=why))
            counted += _counted(rules, gain, given, purchase)
    if purchase.stamps and "stamps" in rules.units:
        earned.append(_at_the_counter(purchase))
    earned.sort(key=lambda each: rules.units.index(each.unit))  # type: ignore[arg-type]
    return Earnings(
        earned=tuple(
            _together(unit, tuple(group))
            for unit, group in groupby(earned, key=lambda each: each.unit)
        ),
        counted=tuple(counted),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gain:
    """What one rule gives, before multipliers: `base` now, and at most `room`."""

    key: str
    rule: EarnRule
    money: int  # what the rule counts of this purchase
    put_by: int  # what of it is put to what was counted before
    before: Progress
    base: int
    room: int


def _gain(
    rules: Ruleset, key: str, rule: EarnRule, purchase: Purchase, context: Context
) -> _Gain | None:
    money = rate.counted(rule, purchase)
    if money <= 0 and not _is_visit(rule, purchase):
        return None
    keeps, before, put_by = rate.keeps(rules, rule), NOTHING, 0
    is_enough = money >= rule.purchase_min or _is_visit(rule, purchase)
    if keeps and not (rate.is_once(rule) and is_enough):
        # A purchase that is enough by itself leaves alone what smaller ones put together.
        before = context.progress.get((key, rate.period(rule, rules, purchase.at)), NOTHING)
        put_by = money if is_enough or rate.carries(rules, rule) else 0
        base = max(0, rate.due(rule, before.amount + put_by) - before.given) if put_by else 0
    else:
        base = rate.plain(rule, money) if is_enough else 0
    rooms = [
        most - context.progress.get(place, NOTHING).given
        for place, most in _caps(rules, key, rule, purchase.at)
    ]
    if rule.cap_sale is not None:
        rooms.append(rule.cap_sale)
    return _Gain(
        key=key,
        rule=rule,
        money=money,
        put_by=put_by,
        before=before,
        base=base,
        room=max(0, min(rooms, default=_NO_END)),
    )


def _is_visit(rule: EarnRule, purchase: Purchase) -> bool:
    """A stamp at the counter says that somebody was there, whatever was paid."""
    return rule.unit == "visits" and purchase.stamps > 0 and not purchase.by_hand


_NO_END = 2**62


def _caps(
    rules: Ruleset, key: str, rule: EarnRule, at: datetime | None
) -> Iterator[tuple[tuple[str, str], int]]:
    """Where what counts against each cap is kept, and the cap. A colon is in no rule's key, so
    these never meet what a rule carries over."""
    if rule.cap_day is not None and at is not None:
        yield (f"{key}:cap", f"{at.astimezone(rules.zone):%Y-%m-%d}"), rule.cap_day
    if rule.cap_member is not None:
        yield (f"{key}:cap", "ever"), rule.cap_member


def _chosen(
    rules: Ruleset, gains: Sequence[_Gain], purchase: Purchase, tier: str | None
) -> Multiplier | None:
    """The multiplier of a unit that counts: the one that gives most, or the first that fits."""
    fitting = [
        each
        for each in rules.multiply
        if gains and each.unit == gains[0].rule.unit and multiply.fits(rules, each, purchase, tier)
    ]
    if not rules.loyal.best_rule_wins:
        return next(iter(fitting), None)
    return max(
        fitting,
        key=lambda each: sum(
            min(gain.base + _extra(gain, each, purchase), gain.room) for gain in gains
        ),
        default=None,
    )


def _extra(gain: _Gain, multiplier: Multiplier | None, purchase: Purchase) -> int:
    if multiplier is None or gain.base == 0:
        return 0
    base = multiply.base_of(multiplier, gain.rule, purchase, gain.base, gain.before.amount)
    return base * (multiplier.percent - 100) // 100


def _counted(rules: Ruleset, gain: _Gain, given: int, purchase: Purchase) -> Iterator[Counted]:
    if gain.put_by:
        # What a cap cut off is not made up for later, so the whole base counts as given.
        total, so_far = gain.before.amount + gain.put_by, gain.before.given + gain.base
        money, units = rate.settled(gain.rule, total, so_far)
        yield Counted(
            rule=gain.key,
            period=rate.period(gain.rule, rules, purchase.at),
            amount=gain.put_by - money,
            given=gain.base - units,
        )
    if given:
        for (rule, period), _ in _caps(rules, gain.key, gain.rule, purchase.at):
            yield Counted(rule=rule, period=period, amount=0, given=given)


def _why(
    rules: Ruleset,
    gain: _Gain,
    multiplier: Multiplier | None,
    given: int,
    purchase: Purchase,
) -> Phrase:
    unit, currency = gain.rule.unit, rules.currency
    base = min(gain.base, given)
    why = _plainly(rules, gain, base)
    if multiplier is not None and given > base:
        n = bare(unit, given - base, currency)
        why = multiply.because(rules, multiplier, purchase.at, why, n)
    if given < gain.base + _extra(gain, multiplier, purchase):
        if given == gain.rule.cap_sale:
            return phrase("{why}, the most for one purchase", why=why)
        if gain.rule.cap_day is not None and gain.rule.cap_member is None:
            return phrase("{why}, the most for one day", why=why)
        return phrase("{why}, the most that there is", why=why)
    return why


def _plainly(rules: Ruleset, gain: _Gain, base: int) -> Phrase:
    rule = gain.rule
    given = unit_amount(rule.unit, base, rules.currency)
    if rule.unit in ("visits", "purchase_total"):
        return given
    spent = Money(amount=gain.money, currency=rules.currency)
    alone = rate.plain(rule, gain.money) if gain.money >= rule.purchase_min else 0
    if gain.put_by and not rule.steps and base > alone:
        return phrase("{given} for {spent} and what was left over before", given=given, spent=spent)
    if rate.is_once(rule) and rule.purchase_min > 1:
        least = Money(amount=rule.purchase_min, currency=rules.currency)
        return phrase("{given} for a purchase of {least} or more", given=given, least=least)
    return phrase("{given} for {spent}", given=given, spent=spent)


def _at_the_counter(purchase: Purchase) -> Earned:
    why = phrases("a stamp at the counter", "{n} stamps at the counter", purchase.stamps)
    if purchase.by_hand:
        why = phrases("a stamp by hand", "{n} stamps by hand", purchase.stamps)
    return Earned(unit="stamps", amount=purchase.stamps, why=why)


def _together(unit: str, parts: tuple[Earned, ...]) -> Earned:
    if len(parts) == 1:
        return parts[0]
    why = parts[0].why
    for part in parts[1:]:
        why = phrase("{this}, and {that}", this=why, that=part.why)
    return Earned(unit=unit, amount=sum(part.amount for part in parts), why=why)
