"""Part: what every part of a programme's file is made of."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

# What can be counted. Bonus is money in minor units, as is the purchase total.
Unit = Literal["stamps", "points", "bonus", "visits", "purchase_total"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Channel = Literal["pass", "email", "sms", "web_push"]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
InLanguages = dict[str, Sentence]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONEY_UNITS: tuple[Unit, ...] = ("bonus", "purchase_total")
# These only count, for tiers: they buy nothing, so nobody asks for them and nobody owes them.
ONLY_COUNTED: tuple[Unit, ...] = ("visits", "purchase_total")


class Part(BaseModel):
    """A closed, frozen part: a name that is not known is refused with its place."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def refuse(faults: Iterable[str]) -> None:
    """Raise all faults of a part at once, where there are any; `ruleset.read` parts them again."""
    if found := list(faults):
        raise ValueError("\n".join(found))
