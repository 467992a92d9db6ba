"""History: what happened on one member's card, whatever the rules made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wallet_service.programme import Purchase


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The card was made."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A purchase, or stamps at the counter; less what came back of it since."""

    at: datetime
    purchase: Purchase


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The member chose a reward that units buy, so many times."""

    at: datetime
    reward: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Staff corrected a balance by hand; no rule had a say in it."""

    at: datetime
    unit: str
    amount: int


Happening = Joined | Sold | Chosen | Corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Really:
    """What the books say of the time that is looked at: units given for sales and at joining, units
    by hand, and rewards by their keys."""

    given: Mapping[str, int] = field(default_factory=dict)
    by_hand: Mapping[str, int] = field(default_factory=dict)
    rewards: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that happened to one member, in the order in which it happened."""

    member_id: str
    is_active: bool
    happenings: tuple[Happening, ...]
    really: Really = field(default_factory=Really)
