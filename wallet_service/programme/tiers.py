"""Tiers, as the file says them: a standing that is reached and held."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wallet_service.programme.part import InLanguages, Key, Part, Unit, refuse


class Tier(Part):
    """One standing: reached at `from_total` of what counts."""

    key: Key
    from_total: int = Field(ge=1)
    name: InLanguages
    benefit: InLanguages | None = None  # what it brings, in a sentence for the card


class Tiers(Part):
    """What counts towards a tier, in which time, and how long one that was reached is held.

    `qualifying` looks back on so many months, or on the calendar year. A tier holds to the end of
    the month `holding_months` after it was reached or confirmed last; reached anew, it is held
    anew; afterwards the member has the tier that what counts then gives. Whoever would lose one is
    told `warn_days` before, with what would keep it.
    """

    counts: Unit = "points"
    qualifying: Literal["months", "year"] = "months"
    qualifying_months: int = Field(default=12, ge=1, le=60)
    holding_months: int = Field(default=12, ge=1, le=60)
    warn_days: Annotated[list[Annotated[int, Field(ge=1, le=365)]], Field(max_length=5)] = Field(
        default=[30]
    )
    tier: Annotated[list[Tier], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[str]:
        totals = [each.from_total for each in self.tier]
        if totals != sorted(set(totals)):
            yield "tiers must ascend, each from a greater total"
        if len(set(self.warn_days)) < len(self.warn_days):
            yield "warn_days names one twice"
        if self.qualifying == "year" and "qualifying_months" in self.model_fields_set:
            yield "qualifying_months says nothing beside the calendar year"
