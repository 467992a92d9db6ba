"""A member's card while it is replayed: what is on it, and what the rules remember of it."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from wallet_service.backtest.tally import Tally
from wallet_service.ledger import Account, Line, lots
from wallet_service.ledger.lots import Lot, LotKey
from wallet_service.programme import Held, Progress
from wallet_service.programme.reached import Marks


@dataclass(slots=True)
class Gains:
    """What was gained of a unit, and when: enough to say how much since any moment."""

    moments: list[datetime] = field(default_factory=list)
    totals: list[int] = field(default_factory=lambda: [0])

    def add(self, at: datetime, amount: int) -> None:
        """Later than all before it."""
        self.moments.append(at)
        self.totals.append(self.totals[-1] + amount)

    def since(self, moment: datetime) -> int:
        return self.totals[-1] - self.totals[bisect_left(self.moments, moment)]

    def copy(self) -> "Gains":
        return Gains(list(self.moments), list(self.totals))


@dataclass(slots=True, kw_only=True)
class Card:
    """One card. Its lots are the ledger's own; `versions` says under which rules each was given."""

    lots: dict[LotKey, Lot] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    number: int = 0
    progress: dict[tuple[str, str], Progress] = field(default_factory=dict)
    gains: dict[str, Gains] = field(default_factory=dict)
    held: Held | None = None
    seen_at: datetime | None = None
    marks: Marks = field(default_factory=Marks)
    tally: Tally = field(default_factory=Tally)
    kept_size: bool = False  # other rules came while it ran, and it kept its own

    def copy(self) -> "Card":
        """The same card with nothing counted yet."""
        return replace(
            self,
            lots=dict(self.lots),
            versions=dict(self.versions),
            progress=dict(self.progress),
            gains={unit: each.copy() for unit, each in self.gains.items()},
            tally=Tally(),
        )

    def post(self, lines: Sequence[Line], version: int, confirms: int | None = None) -> None:
        """Go through the lots with one entry's lines, as the ledger does."""
        self.number += 1
        self.versions[self.number] = version
        after = lots.apply(self.lots, self.number, lines, confirms=confirms)
        self.lots = self._together(after.lots)

    def _together(self, found: Mapping[LotKey, Lot]) -> dict[LotKey, Lot]:
        """What ends and counts alike is one lot here: it is used in the same order, and who comes
        every day has a few lots instead of hundreds."""
        kept: dict[LotKey, Lot] = {}
        first: dict[tuple[object, ...], LotKey] = {}
        for key, lot in found.items():
            if not lot.remaining:
                continue
            alike = lot.unit, lot.account, lot.expires_at, lot.confirm_at, self.versions[lot.number]
            if (there := first.setdefault(alike, key)) == key:
                kept[key] = lot
            else:
                older = kept[there]
                kept[there] = replace(
                    older,
                    amount=older.amount + lot.amount,
                    remaining=older.remaining + lot.remaining,
                )
        return kept

    def available(self, unit: str) -> int:
        """How much of a unit can be used."""
        return sum(
            lot.remaining
            for lot in self.lots.values()
            if lot.unit == unit and lot.account is Account.AVAILABLE
        )

    def left(self) -> dict[str, int]:
        """All that there is, with what is pending."""
        found: dict[str, int] = {}
        for lot in self.lots.values():
            found[lot.unit] = found.get(lot.unit, 0) + lot.remaining
        return found

    @property
    def begun(self) -> int | None:
        """The version under which the oldest stamps on the card were given."""
        numbers = [lot.number for lot in self.lots.values() if lot.unit == "stamps"]
        return self.versions[min(numbers)] if numbers else None

    def gained(self, unit: str, amount: int, at: datetime) -> None:
        """Remember a gain for the tiers."""
        self.gains.setdefault(unit, Gains()).add(at, amount)

    def tier(self, at: datetime) -> str | None:
        """The tier that is held at a moment."""
        return self.held.tier if self.held is not None and self.held.until > at else None
