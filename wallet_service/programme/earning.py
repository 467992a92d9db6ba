"""Earning, as the file says it: what a purchase gives, and when it gives more."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wallet_service.programme.part import (
    Day,
    Hour,
    InLanguages,
    Key,
    Name,
    Part,
    Unit,
    Weekday,
    refuse,
)

Goods = Annotated[list[Name], Field(min_length=1, max_length=200)]


class Step(Part):
    """From so much accumulated money on, so large a share, in hundredths of a per cent."""

    from_total: int = Field(ge=0)
    share: int = Field(ge=0, le=10_000)


class EarnRule(Part):
    """What a purchase gives of one unit.

    `amount` once a purchase (`per` left out), or for each whole `per` of its money; or a `share`
    of it in hundredths of a per cent (250 is 2.5 %), or `steps`: a share that grows with what was
    accumulated. Only goods of `products` or `categories` count where these are named.
    `leftovers_carry` (the switch of `[loyal]` unless said here) puts what did not reach `per` to
    the next purchase; `purchase_min` then counts what was put together.
    """

    key: Key | None = None  # left out: the unit, and its place among the unit's rules
    unit: Unit
    amount: int = Field(default=1, ge=1, le=1_000_000)
    per: int | None = Field(default=None, ge=1)
    share: int | None = Field(default=None, ge=1, le=10_000)
    steps: Annotated[list[Step], Field(min_length=1, max_length=20)] | None = None
    accumulates: Literal["ever", "year", "month"] = "ever"  # what steps look back on
    purchase_min: int = Field(default=1, ge=1)
    products: Goods | None = None
    categories: Goods | None = None
    leftovers_carry: bool | None = None
    cap_sale: int | None = Field(default=None, ge=1)
    cap_day: int | None = Field(default=None, ge=1)
    cap_member: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[str]:
        rates = [name for name in ("per", "share", "steps") if getattr(self, name) is not None]
        if len(rates) > 1:
            yield f"says {' and '.join(rates)}; say one of per, share and steps"
        if (self.share or self.steps) and "amount" in self.model_fields_set:
            yield "amount says nothing beside a share"
        if self.steps is None and "accumulates" in self.model_fields_set:
            yield "accumulates is about steps, and there are none"
        totals = [step.from_total for step in self.steps or ()]
        if totals != sorted(set(totals)):
            yield "steps must ascend, each from a greater total"
        if self.unit in ("stamps", "visits") and (self.share or self.steps):
            yield f"a share of money is no number of {self.unit}"
        if self.unit == "visits" and (self.per is not None or self.amount != 1):
            yield "a purchase is one visit; say neither per nor an amount"
        if self.unit == "purchase_total" and (self.per != 1 or self.amount != 1):
            yield "purchase_total is the money itself; say per = 1 and nothing else"


class Multiplier(Part):
    """When a unit is earned at more than the plain rate: `percent` of it (200 is twice).

    Every condition that is named must hold: weekdays, hours and days by the shop's own clock,
    the member's tier, the goods. `because` says why in the shop's words; without it the condition
    is said.
    """

    key: Key
    unit: Unit
    percent: int = Field(gt=100, le=10_000)
    weekdays: Annotated[list[Weekday], Field(min_length=1)] | None = None
    from_hour: Hour | None = None
    to_hour: Hour | None = None  # not included; "24:00" is said as "00:00"
    first_day: Day | None = None
    last_day: Day | None = None  # included
    tiers: Annotated[list[Key], Field(min_length=1)] | None = None
    products: Goods | None = None
    categories: Goods | None = None
    because: InLanguages | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[str]:
        days = {}
        for name, said in (("first_day", self.first_day), ("last_day", self.last_day)):
            if said is not None:
                try:
                    days[name] = date.fromisoformat(said)
                except ValueError:
                    yield f"{name}: {said} is in no calendar"
        if len(days) == 2 and days["first_day"] > days["last_day"]:
            yield "first_day is after last_day"
        if self.from_hour == self.to_hour and self.from_hour is not None:
            yield "from_hour and to_hour are one; leave both out for the whole day"
        if self.weekdays and len(set(self.weekdays)) < len(self.weekdays):
            yield "weekdays names one twice"
