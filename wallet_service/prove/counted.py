"""Counted: answers and rounds put together into invariants."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from wallet_service.prove.asking import Answer
from wallet_service.prove.invariant import Invariant


@dataclass(slots=True)
class Counted:
    """What was seen over all rounds, by name; an invariant each, in the order of their coming."""

    _wanted: Counter[str] = field(default_factory=Counter)
    _seen: Counter[str] = field(default_factory=Counter)
    _count: Counter[str] = field(default_factory=Counter)
    _more: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, name: str, *, wanted: int, seen: int, of: int = 1) -> None:
        """So many were wanted and so many seen, of so many that were looked at."""
        self._wanted[name] += wanted
        self._seen[name] += seen
        self._count[name] += of

    def each(self, name: str, holds: bool, instead: str = "") -> None:
        """Of one thing that was looked at: whether it is as it should be, or what it is."""
        self.add(name, wanted=1, seen=int(holds))
        if not holds and instead:
            self._more.setdefault(name, Counter())[instead] += 1

    def answers(self, answers: Sequence[Answer], expected: Iterable[str]) -> None:
        """No answer is another than the expected ones."""
        name = "answers of another kind"
        allowed = set(expected)
        others = Counter(answer.code for answer in answers if answer.code not in allowed)
        self.add(name, wanted=0, seen=others.total(), of=len(answers))
        if others:
            self._more.setdefault(name, Counter()).update(others)

    def invariants(self) -> list[Invariant]:
        return [
            Invariant(
                name=name,
                wanted=wanted,
                seen=self._seen[name],
                count=self._count[name],
                more=_listed(self._more.get(name)),
            )
            for name, wanted in self._wanted.items()
        ]


def tally(answers: Iterable[Answer]) -> Counter[str]:
    """How many answers there were of each code."""
    return Counter(answer.code for answer in answers)


def _listed(found: Counter[str] | None, most: int = 5) -> str:
    if not found:
        return ""
    return ", ".join(f"{number} × {what}" for what, number in found.most_common(most))
