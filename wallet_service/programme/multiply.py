"""Multipliers: pure. Whether one fits a purchase, and why, in words."""

from datetime import datetime, time

from wallet_service.language import Day, Money, Phrase, clock_time, phrase
from wallet_service.programme import rate
from wallet_service.programme.earning import EarnRule, Multiplier
from wallet_service.programme.part import WEEKDAYS
from wallet_service.programme.purchase import Purchase
from wallet_service.programme.ruleset import Ruleset


def fits(rules: Ruleset, multiplier: Multiplier, purchase: Purchase, tier: str | None) -> bool:
    """Whether every condition that is named holds."""
    if multiplier.tiers is not None and tier not in multiplier.tiers:
        return False
    if _is_of_goods(multiplier) and not rate.matching(
        purchase.lines, multiplier.products, multiplier.categories
    ):
        return False
    if not _is_of_time(multiplier):
        return True
    return purchase.at is not None and _in_time(multiplier, purchase.at.astimezone(rules.zone))


def base_of(
    multiplier: Multiplier, rule: EarnRule, purchase: Purchase, base: int, before: int
) -> int:
    """How much of `base`, which the rule gives, the multiplier multiplies; `before` is the money
    that the rule had counted already."""
    if not _is_of_goods(multiplier):
        return base
    lines = rate.matching(purchase.lines, multiplier.products, multiplier.categories)
    of_rule = rate.matching(lines, rule.products, rule.categories)
    # What was paid may be less than what the lines say: a discount of the shop's till.
    worth = min(sum(line.worth for line in of_rule), rate.counted(rule, purchase))
    if worth <= 0:
        return 0
    if rule.steps:
        return min(base, rate.plain(rule, before + worth) - rate.plain(rule, before))
    return min(base, rate.plain(rule, worth))


def because(
    rules: Ruleset, multiplier: Multiplier, at: datetime | None, why: Phrase, n: int | Money
) -> Phrase:
    """`why` with the extra, and the reason for it."""
    if multiplier.because is not None:
        return phrase("{why}, {n} more: {because}", why=why, n=n, because=_own(rules, multiplier))
    if multiplier.weekdays and at is not None:
        day = _DAYS[WEEKDAYS[at.astimezone(rules.zone).weekday()]]
        return phrase("{why}, {n} because it is {day}", why=why, n=n, day=day)
    if multiplier.from_hour or multiplier.to_hour:
        begin = clock_time(time.fromisoformat(multiplier.from_hour or "00:00"))
        end = clock_time(time.fromisoformat(multiplier.to_hour or "00:00"))
        return phrase(
            "{why}, {n} for the hours from {begin} to {end}", why=why, n=n, begin=begin, end=end
        )
    if _is_of_goods(multiplier):
        return phrase("{why}, {n} more for what was bought", why=why, n=n)
    if multiplier.tiers and rules.tiers is not None:
        return phrase("{why}, {n} more for the standing of the card", why=why, n=n)
    if multiplier.last_day:
        last = Day(date=datetime.fromisoformat(multiplier.last_day).date())
        return phrase("{why}, {n} more until {day}", why=why, n=n, day=last)
    return phrase("{why}, {n} more", why=why, n=n)


def _own(rules: Ruleset, multiplier: Multiplier) -> Phrase:
    return phrase("{words}", words=rules.words(multiplier.because or {}))


def _is_of_goods(multiplier: Multiplier) -> bool:
    return multiplier.products is not None or multiplier.categories is not None


def _is_of_time(multiplier: Multiplier) -> bool:
    names = (multiplier.weekdays, multiplier.from_hour, multiplier.to_hour)
    return any(each is not None for each in (*names, multiplier.first_day, multiplier.last_day))


def _in_time(multiplier: Multiplier, local: datetime) -> bool:
    day = local.date().isoformat()
    if multiplier.first_day is not None and day < multiplier.first_day:
        return False
    if multiplier.last_day is not None and day > multiplier.last_day:
        return False
    if multiplier.weekdays is not None and WEEKDAYS[local.weekday()] not in multiplier.weekdays:
        return False
    now = f"{local:%H:%M}"
    begin = multiplier.from_hour or "00:00"
    end = multiplier.to_hour or "00:00"
    if end == "00:00":
        return now >= begin
    if begin < end:
        return begin <= now < end
    return now >= begin or now < end  # over midnight


_DAYS = {
    "mon": phrase("Monday"),
    "tue": phrase("Tuesday"),
    "wed": phrase("Wednesday"),
    "thu": phrase("Thursday"),
    "fri": phrase("Friday"),
    "sat": phrase("Saturday"),
    "sun": phrase("Sunday"),
}
