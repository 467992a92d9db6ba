"""Lifetimes, as the file says them: how long a unit is pending, and when it ends."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from wallet_service.programme.part import Part, refuse

DayOfYear = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Expiry(Part):
    """When units of one kind end; by the shop's own days, at the end of the day.

    `months`: to the end of the month so many months after they were gained. `day_of_year` (MM-DD):
    on that day, at least `months_min` after. `inactive_months`: all of them, to the end of the
    month so many months after the last visit. Exactly one of the three. Members are told
    `warn_days` before, each once.
    """

    months: int | None = Field(default=None, ge=1, le=120)
    day_of_year: DayOfYear | None = None
    months_min: int = Field(default=0, ge=0, le=60)
    inactive_months: int | None = Field(default=None, ge=1, le=120)
    warn_days: Annotated[list[Annotated[int, Field(ge=1, le=365)]], Field(max_length=5)] = Field(
        default=[30, 7]
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[str]:
        ways = ("months", "day_of_year", "inactive_months")
        said = [name for name in ways if getattr(self, name) is not None]
        if len(said) != 1:
            yield (
                f"says {' and '.join(said) or 'nothing'}, "
                "but must say exactly one of months, day_of_year and inactive_months"
            )
        if self.months_min and self.day_of_year is None:
            yield "months_min is about day_of_year, which is not there"
        if self.day_of_year in ("02-30", "02-31", "04-31", "06-31", "09-31", "11-31"):
            yield f"day_of_year: {self.day_of_year} is in no calendar"
        if len(set(self.warn_days)) < len(self.warn_days):
            yield "warn_days names one twice"


class Pending(Part):
    """Units of one kind count only when the time for returns is over."""

    days: int = Field(ge=1, le=365)
