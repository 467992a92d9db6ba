"""Tally: what a replay counts of one card in the time that is looked at."""

from collections import Counter
from dataclasses import dataclass, field

from wallet_service.backtest.book import Book
from wallet_service.programme import Reward


@dataclass(slots=True, kw_only=True)
class Tally:
    """Units given and ended; rewards that came by themselves, that were chosen, and that could not
    be had any more; what they were worth by who pays, and how many have no worth in money."""

    given: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    came: Counter[str] = field(default_factory=Counter)
    chosen: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    cost: Counter[str] = field(default_factory=Counter)
    unpriced: Counter[str] = field(default_factory=Counter)

    def reward(self, book: Book, reward: Reward, times: int, *, is_chosen: bool) -> None:
        """Count a reward that the member got."""
        (self.chosen if is_chosen else self.came)[reward.key] += times
        price = book.price(reward)
        if price is None:
            self.unpriced[reward.key] += times
        else:
            self.cost[reward.funder] += price * times
