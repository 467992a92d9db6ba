"""Rewards, as the file says them: what units become."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from wallet_service.programme.part import InLanguages, Key, Part, Unit, refuse


class Reward(Part):
    """What a member gets for `cost` of a unit.

    One that comes `by_itself` becomes a coupon as soon as there is enough. Of stamps there may be
    several a card: the dearest costs the whole card and empties it, the others come on the way.
    One that is `bought` is asked for at the counter; with `any_amount` the member says how much
    (in steps of `cost`), and each `cost` is worth `worth` in money.
    """

    key: Key
    unit: Unit
    cost: int = Field(ge=1)
    comes: Literal["by_itself", "bought"] = "by_itself"
    any_amount: bool = False
    worth: int | None = Field(default=None, ge=1)  # in minor units of money
    valid_days: int | None = Field(default=None, ge=1, le=3650)
    funder: Key = "brand"
    name: InLanguages
    coming: InLanguages
    earned: InLanguages
    terms: InLanguages

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[str]:
        if self.comes == "by_itself" and self.unit not in ("stamps", "points"):
            yield f'{self.unit} brings nothing by itself; say comes = "bought"'
        if self.unit in ("visits", "purchase_total"):
            yield f"{self.unit} only counts, and buys nothing"
        if self.any_amount and self.comes != "bought":
            yield 'any_amount is asked for; say comes = "bought"'
        if self.any_amount and self.worth is None:
            yield "any_amount needs worth: what each cost is worth in money"
