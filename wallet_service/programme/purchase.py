"""Purchase: what the rules know of a sale, and of the member who made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wallet_service.language import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One line of a receipt: so many of a product, at `price` each, in minor units."""

    product: str | None = None
    category: str | None = None
    quantity: int = 1
    price: int = 0

    @property
    def worth(self) -> int:
        return self.quantity * self.price


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A sale as the rules see it.

    `amount` is what was paid, in minor units; where only `lines` are given, it is their sum. A
    cashier may only have stamped. Without `at` (aware) no rule about time fits.
    """

    amount: int = 0
    stamps: int = 0
    by_hand: bool = False
    lines: tuple[Goods, ...] = ()
    at: datetime | None = None

    @property
    def paid(self) -> int:
        return self.amount or sum(line.worth for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a rule has counted in a period: what is not yet settled of money, and of units."""

    amount: int = 0
    given: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the rules must know of the member; `progress` by (rule key, period)."""

    tier: str | None = None
    progress: Mapping[tuple[str, str], Progress] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a purchase adds to the progress of a rule in a period. Either may be below nothing:
    whole parts that are settled are counted away, so that a later rate finds leftovers alone."""

    rule: str
    period: str
    amount: int
    given: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """So much of a unit, and the reason in words."""

    unit: str
    amount: int
    why: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Earnings:
    """What a purchase gives, one `Earned` a unit, and what is to be remembered of it."""

    earned: tuple[Earned, ...] = ()
    counted: tuple[Counted, ...] = ()
