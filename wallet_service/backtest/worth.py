"""Worth: what a replayed card came to, in money, and in rewards that have no worth in money. Pure.

What is left on it counts, too, as the part of a reward that it is: nobody loses unseen who is two
stamps before a card's end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from wallet_service.backtest.book import Book
from wallet_service.backtest.card import Card
from wallet_service.programme import Reward, Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """In minor units, by who pays: rewards that were got, and what is owed for what is left.
    `unpriced` are rewards by their keys that have no worth in money."""

    got: Mapping[str, int]
    owed: Mapping[str, Fraction]
    unpriced: Mapping[str, Fraction]

    @property
    def money(self) -> Fraction:
        """All of it that is money."""
        return sum(self.owed.values(), Fraction(sum(self.got.values())))


def worth(card: Card, book: Book) -> Worth:
    """What a card came to."""
    owed: dict[str, Fraction] = {}
    unpriced = {key: Fraction(times) for key, times in card.tally.unpriced.items()}
    rules = book.of_card(card.begun)
    for unit, amount in card.left().items():
        reward = _best(rules, unit, book)
        if reward is not None:
            price, part = book.price(reward), Fraction(amount, reward.cost)
            if price is None:
                unpriced[reward.key] = unpriced.get(reward.key, Fraction()) + part
            else:
                owed[reward.funder] = owed.get(reward.funder, Fraction()) + part * price
        elif unit == "bonus" and unit in rules.units:
            owed["brand"] = owed.get("brand", Fraction()) + amount
    return Worth(got=dict(card.tally.cost), owed=owed, unpriced=unpriced)


def _best(rules: Ruleset, unit: str, book: Book) -> Reward | None:
    """The reward that a unit is worth most by; where none has a worth in money, the cheapest."""
    if unit not in rules.units:
        return None
    full = rules.card_reward
    of_unit = [
        each
        for each in rules.reward
        # What comes on the way to a full card takes no stamps.
        if each.unit == unit and (unit != "stamps" or each.comes == "bought" or each is full)
    ]
    rates = {
        each.key: Fraction(price, each.cost)
        for each in of_unit
        if (price := book.price(each)) is not None
    }
    if rates:
        return max(
            (each for each in of_unit if each.key in rates), key=lambda each: rates[each.key]
        )
    return min(of_unit, key=lambda each: each.cost, default=None)
