"""Invariant: what must hold whatever races or dies, and how often it was looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wallet_service.prove.shop import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """So many are wanted, so many were seen, of `count` that were tried or looked at.

    `more` says what was seen instead, where that is broken.
    """

    name: str
    wanted: int
    seen: int
    count: int
    more: str = ""

    @property
    def holds(self) -> bool:
        return self.seen == self.wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One race or fault. `answers` names the published fault of others that it is about."""

    name: str
    does: str
    answers: str
    run: Callable[["Shop"], Sequence[Invariant]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What came of an experiment: its invariants, the calls that it made, and how long it took."""

    experiment: Experiment
    invariants: tuple[Invariant, ...]
    calls: int
    seconds: float

    @property
    def holds(self) -> bool:
        return all(each.holds for each in self.invariants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How often everything is done."""

    tills: int = 50
    rounds: int = 10
    kills: int = 20
    bursts: int = 5
    settle_seconds: int = 120  # a worker that was killed holds its lease for a while

    @classmethod
    def quick(cls) -> "Scale":
        """Enough to find what is plainly broken."""
        return cls(tills=50, rounds=2, kills=2, bursts=2)
