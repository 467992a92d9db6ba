"""What a member should have, counted as a child would: every stamp and every point is a coin.

It shares nothing with the service but the rules as its papers tell them. Coins lie on the card or
wait, are spent, end, or go back; the service's lots, balances and replays are held against them.
"""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(eq=False)
class Coin:
    """One stamp or point: of which event, where it lies, and when that changes by itself."""

    event: str
    place: str = "card"  # waiting, card, ended, gone, or the name of what it was spent on
    turn: int = 0  # of two that end together, the one that came first is used first
    version: int = 1  # of the rules that it was given under
    ends: datetime | None = None
    waits: datetime | None = None


class TooFew(Exception):
    """There are not so many coins on the card."""


@dataclass
class Purse:
    """A member's coins of one kind."""

    coins: list[Coin] = field(default_factory=list)
    debt: int = 0  # what was taken back and was not there; coins that come pay it first
    lifetime: int = 0
    given: dict[str, int] = field(default_factory=dict)  # by event, less what was taken back
    turns: count = field(default_factory=count)

    @property
    def on_card(self) -> int:
        """How many can be used; below nothing where some are owed."""
        return sum(each.place == "card" for each in self.coins) - self.debt

    @property
    def waiting(self) -> int:
        return sum(each.place == "waiting" for each in self.coins)

    @property
    def endings(self) -> dict[tuple[str, datetime | None], int]:
        """How many there are of which end when, on the card and waiting."""
        places = {"card": "available", "waiting": "pending"}
        return dict(
            Tally((places[each.place], each.ends) for each in self.coins if each.place in places)
        )

    def of(self, event: str, *places: str) -> list[Coin]:
        return [each for each in self.coins if each.event == event and each.place in places]

    def give(
        self,
        event: str,
        amount: int,
        *,
        version: int = 1,
        ends: datetime | None = None,
        waits: datetime | None = None,
    ) -> None:
        """So many coins more; they may have to wait."""
        turn, place = next(self.turns), "waiting" if waits else "card"
        self.coins += [Coin(event, place, turn, version, ends, waits) for _ in range(amount)]
        self.lifetime += amount
        self.given[event] = self.given.get(event, 0) + amount
        if not waits:
            self._pay()

    def let_in(self, now: datetime) -> bool:
        """What has waited long enough is on the card."""
        due = [each for each in self.coins if each.place == "waiting" and each.waits <= now]
        for event in dict.fromkeys(each.event for each in due):
            turn = next(self.turns)
            for each in due:
                if each.event == event:
                    each.place, each.turn = "card", turn
            self._pay()
        return bool(due)

    def end(self, now: datetime) -> None:
        """What is on the card and past its time is no more."""
        for each in self._in_order():
            if each.ends is not None and each.ends <= now:
                each.place = "ended"

    def spend(self, amount: int, on: str) -> None:
        """Put so many on something, those that end first."""
        if self.on_card < amount:
            raise TooFew
        for each in self._in_order()[:amount]:
            each.place = on

    def fetch(self, spent_on: str) -> None:
        """What was spent on something comes back."""
        for each in self.coins:
            if each.place == spent_on:
                each.place = "card"
        self._pay()

    def paid_for(self, name: str) -> bool:
        """Whether some of it was spent on this."""
        return any(each.place == name for each in self.coins)

    def left_of(self, event: str) -> int:
        """How many of an event's coins could still be asked back: neither taken back nor ended."""
        given = self.given.get(event, 0)
        return given - min(given, len(self.of(event, "ended")))

    def needed(self, event: str, amount: int) -> int:
        """How many must be on the card for so many of an event to go."""
        return min(amount, self.left_of(event)) - len(self.of(event, "waiting"))

    def take_back(self, event: str, amount: int) -> int:
        """Take so many of an event's coins: waiting ones, its own, then any; the rest is owed."""
        amount = min(amount, self.left_of(event))
        own = self.of(event, "waiting") + [c for c in self._in_order() if c.event == event]
        others = [each for each in self._in_order() if each.event != event]
        taken = (own + others)[:amount]
        self._gone(taken)
        self.debt += amount - len(taken)
        self.lifetime -= amount
        self.given[event] = self.given.get(event, 0) - amount
        return amount

    def take_off(self, amount: int) -> None:
        """A correction downwards: as if so many had never been given."""
        if self.on_card < amount:
            raise TooFew
        self._gone(self._in_order()[:amount])
        self.lifetime -= amount

    @property
    def oldest(self) -> Coin | None:
        """The coin on the card that came first."""
        return min((c for c in self.coins if c.place == "card"), key=lambda c: c.turn, default=None)

    def _in_order(self) -> list[Coin]:
        there = [each for each in self.coins if each.place == "card"]
        return sorted(there, key=lambda each: (each.ends or NEVER, each.turn))

    def _pay(self) -> None:
        paid = self._in_order()[: self.debt]
        self._gone(paid)
        self.debt -= len(paid)

    @staticmethod
    def _gone(coins: Iterable[Coin]) -> None:
        for each in coins:
            each.place = "gone"
