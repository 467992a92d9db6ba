"""What a sale gives: pure. A rule set and a sale in, what was earned and why out."""

from dataclasses import dataclass
from itertools import groupby

from wallet_service.language import Money, Phrase, phrase, phrases
from wallet_service.programme.earning import EarnRule
from wallet_service.programme.ruleset import Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A sale as the rules see it. `amount` is in minor units; a cashier may only have stamped."""

    amount: int = 0
    stamps: int = 0
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """So much of a unit, and the reason in words."""

    unit: str
    amount: int
    why: Phrase


def earn(rules: Ruleset, purchase: Purchase) -> tuple[Earned, ...]:
    """What `purchase` gives, one `Earned` a unit, in the programme's order of units."""
    gained = [each for rule in rules.earn if (each := _by_rule(rules, rule, purchase))]
    if purchase.stamps and "stamps" in rules.units:
        why = phrases("a stamp at the counter", "{n} stamps at the counter", purchase.stamps)
        if purchase.by_hand:
            why = phrases("a stamp by hand", "{n} stamps by hand", purchase.stamps)
        gained.append(Earned(unit="stamps", amount=purchase.stamps, why=why))
    gained.sort(key=lambda each: rules.units.index(each.unit))  # type: ignore[arg-type]
    return tuple(
        _together(unit, tuple(group)) for unit, group in groupby(gained, key=lambda each: each.unit)
    )


def unit_amount(unit: str, amount: int) -> Phrase:
    """An amount of a unit in words: 3 stamps, 1 point."""
    if unit == "stamps":
        return phrases("{n} stamp", "{n} stamps", amount)
    return phrases("{n} point", "{n} points", amount)


def _by_rule(rules: Ruleset, rule: EarnRule, purchase: Purchase) -> Earned | None:
    if purchase.amount < rule.purchase_min:
        return None
    times = 1 if rule.per is None else purchase.amount // rule.per
    if times == 0:
        return None
    amount = times * rule.amount
    given = unit_amount(rule.unit, amount)
    spent = Money(amount=purchase.amount, currency=rules.currency)
    if rule.per is None and rule.purchase_min > 1:
        least = Money(amount=rule.purchase_min, currency=rules.currency)
        why = phrase("{given} for a purchase of {least} or more", given=given, least=least)
    else:
        why = phrase("{given} for {spent}", given=given, spent=spent)
    return Earned(unit=rule.unit, amount=amount, why=why)


def _together(unit: str, parts: tuple[Earned, ...]) -> Earned:
    if len(parts) == 1:
        return parts[0]
    why = parts[0].why
    for part in parts[1:]:
        why = phrase("{this}, and {that}", this=why, that=part.why)
    return Earned(unit=unit, amount=sum(part.amount for part in parts), why=why)
