"""Rates: pure. How much a rule gives for so much money, and which part of a purchase it counts."""

from collections.abc import Sequence
from datetime import datetime
from math import gcd

from wallet_service.programme.earning import EarnRule
from wallet_service.programme.purchase import Goods, Purchase
from wallet_service.programme.ruleset import Ruleset

WHOLE = 10_000  # shares are in hundredths of a per cent


def counted(rule: EarnRule, purchase: Purchase) -> int:
    """The money of a purchase that a rule counts."""
    if rule.products is None and rule.categories is None:
        return purchase.paid
    return sum(each.worth for each in matching(purchase.lines, rule.products, rule.categories))


def matching(
    lines: Sequence[Goods], products: Sequence[str] | None, categories: Sequence[str] | None
) -> tuple[Goods, ...]:
    """The lines of these products or categories; all where neither is named."""
    if products is None and categories is None:
        return tuple(lines)
    return tuple(
        line
        for line in lines
        if line.product in (products or ()) or line.category in (categories or ())
    )


def due(rule: EarnRule, total: int) -> int:
    """What is due for `total` of money put together; for a rule that gives once a purchase,
    put together of purchases that were too small."""
    if total < rule.purchase_min:
        return 0
    if is_once(rule):
        return total // rule.purchase_min * rule.amount
    return plain(rule, total)


def plain(rule: EarnRule, amount: int) -> int:
    """What is given for `amount`, whatever the least purchase is. Never less for more."""
    if rule.steps:
        # Each part of the money at the share of its own step, so that no cent makes a jump.
        ends = [step.from_total for step in rule.steps[1:]] + [max(amount, 0)]
        parts = (
            step.share * max(0, min(amount, end) - step.from_total)
            for step, end in zip(rule.steps, ends, strict=True)
        )
        return sum(parts) // WHOLE
    if rule.share is not None:
        return amount * rule.share // WHOLE
    if rule.per is not None:
        return amount // rule.per * rule.amount
    return rule.amount


def is_once(rule: EarnRule) -> bool:
    """Whether the rule gives once a purchase, whatever its money."""
    return rule.per is None and rule.share is None and rule.steps is None


def keeps(rules: Ruleset, rule: EarnRule) -> bool:
    """Whether the rule must know what was counted before."""
    if rule.steps:
        return True
    nothing_is_left = rule.purchase_min == 1 and (is_once(rule) or rule.per == 1)
    if nothing_is_left or rule.unit == "visits":
        return False
    return carries(rules, rule)


def carries(rules: Ruleset, rule: EarnRule) -> bool:
    """Whether what did not reach the next one counts the next time."""
    said = rule.leftovers_carry
    return rules.loyal.leftovers_carry if said is None else said


def settled(rule: EarnRule, total: int, given: int) -> tuple[int, int]:
    """The whole parts of `total` and `given` that cancel out for good, as (money, units).

    What stays is a leftover and reads the same under any rate; a count for ever would keep a
    member waiting after the rate has changed. Steps look back on the whole, and keep it.
    """
    if rule.steps:
        return 0, 0
    if rule.share is not None:
        common = gcd(rule.share, WHOLE)
        money, units = WHOLE // common, rule.share // common
        stays = rule.purchase_min if rule.purchase_min > 1 else 0
    elif rule.per is not None:
        money, units = rule.per, rule.amount
        stays = rule.purchase_min if rule.purchase_min > 1 else 0
    else:
        money, units, stays = rule.purchase_min, rule.amount, 0
    parts = max(0, min((total - stays) // money, given // units))
    return parts * money, parts * units


def period(rule: EarnRule, rules: Ruleset, at: datetime | None) -> str:
    """The period in which a rule that keeps count does so."""
    if not rule.steps or rule.accumulates == "ever" or at is None:
        return "ever"
    local = at.astimezone(rules.zone)
    return f"{local:%Y}" if rule.accumulates == "year" else f"{local:%Y-%m}"
