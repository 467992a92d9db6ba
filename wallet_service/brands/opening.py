"""When a shop is open: its week, and the days that are not as every week has them. Pure.

A campaign asks here before it says "come today". Of a shop that never said its hours nothing is
known; it is taken to be open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any

from babel.dates import format_date

from wallet_service.errors import Refusal
from wallet_service.language import Phrase, clock_time, locale_of, phrase

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPECIAL_MAX = 100

_DAY = timedelta(days=1)
_MONDAY = date(2026, 11, 23)  # any Monday: only its name is asked for


class BadOpening(Refusal):
    """Hours that cannot be."""

    code = "bad_opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From when until when. Closing at or before the opening is on the next day: 18–02 is a bar,
    00–00 is round the clock."""

    opens: time
    closes: time

    @property
    def is_overnight(self) -> bool:
        return self.closes <= self.opens

    @property
    def is_round_the_clock(self) -> bool:
        return self.opens == self.closes == time(0)

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A shop's hours. A weekday (0 is Monday) without hours is closed; so is a special day
    without. `is_said` is False until somebody says anything."""

    week: Mapping[int, Hours] = field(default_factory=dict)
    special: Mapping[date, Hours | None] = field(default_factory=dict)
    is_said: bool = True

    def __post_init__(self) -> None:
        """Raises BadOpening."""
        for where, hours in (*self.week.items(), *self.special.items()):
            if hours and hours.opens == hours.closes and not hours.is_round_the_clock:
                raise BadOpening(
                    phrase("It opens and closes at the same moment; say when it closes."),
                    where=where,
                )
        if len(self.special) > SPECIAL_MAX:
            raise BadOpening(
                phrase("At most {max} special days fit; take old ones away.", max=SPECIAL_MAX)
            )
        object.__setattr__(self, "week", MappingProxyType(dict(sorted(self.week.items()))))
        object.__setattr__(self, "special", MappingProxyType(dict(sorted(self.special.items()))))

    def hours_on(self, day: date) -> Hours | None:
        """When it opens and closes on a day, None when it does not."""
        if day in self.special:
            return self.special[day]
        return self.week.get(day.weekday())

    def is_open_on(self, day: date) -> bool:
        """Whether it opens on this day."""
        return not self.is_said or self.hours_on(day) is not None

    def is_open_at(self, moment: datetime) -> bool:
        """Whether it is open at a moment, which is told as the shop's own clock shows it."""
        if not self.is_said:
            return True
        at = moment.time().replace(tzinfo=None)
        today, yesterday = self.hours_on(moment.date()), self.hours_on(moment.date() - _DAY)
        if yesterday and yesterday.is_overnight and at < yesterday.closes:
            return True
        if today is None or at < today.opens:
            return False
        return today.is_overnight or at < today.closes

    def since(self, day: date) -> "Opening":
        """The same without the special days that are over."""
        left = {each: hours for each, hours in self.special.items() if each >= day}
        return Opening(week=self.week, special=left, is_said=self.is_said)

    def as_json(self) -> dict[str, Any]:
        """How it is kept."""
        if not self.is_said:
            return {}
        return {
            "week": {DAYS[day]: _kept(hours) for day, hours in self.week.items()},
            "special": {day.isoformat(): _kept(hours) for day, hours in self.special.items()},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Opening":
        """What `as_json` wrote."""
        if not kept:
            return UNSAID
        return cls(
            week={DAYS.index(day): _read(hours) for day, hours in kept["week"].items()},
            special={
                date.fromisoformat(day): _read(hours) if hours else None
                for day, hours in kept["special"].items()
            },
        )


UNSAID = Opening(is_said=False)


def weekday_name(day: int, language: str, *, short: bool = False) -> str:
    """What a weekday is called."""
    pattern = "ccc" if short else "cccc"
    return str(format_date(_MONDAY + day * _DAY, pattern, locale=locale_of(language)))


def summary(opening: Opening, language: str) -> str:
    """The week in a line: Mon–Fri 10:00–18:00, Sat 10:00–16:00."""
    if not opening.is_said:
        return phrase("No hours said yet").say(language)
    said = [
        _span(days, language) + f" {_times(each).say(language)}" for each, days in _alike(opening)
    ]
    return ", ".join(said) or phrase("Closed every day").say(language)


def said(hours: Hours | None) -> Phrase:
    """A day's hours in words."""
    if hours is None:
        return phrase("closed")
    if hours.is_round_the_clock:
        return phrase("round the clock")
    return _times(hours)


def _times(hours: Hours) -> Phrase:
    return phrase(
        "{opens}–{closes}", opens=clock_time(hours.opens), closes=clock_time(hours.closes)
    )


def _alike(opening: Opening) -> Iterator[tuple[Hours, list[int]]]:
    for each, days in groupby(range(7), key=opening.week.get):
        if each is not None:
            yield each, list(days)


def _span(days: list[int], language: str) -> str:
    first, last = (weekday_name(day, language, short=True) for day in (days[0], days[-1]))
    return first if len(days) == 1 else f"{first}–{last}"


def _kept(hours: Hours | None) -> list[str] | None:
    return None if hours is None else [f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}"]


def _read(kept: list[str]) -> Hours:
    opens, closes = (time.fromisoformat(each) for each in kept)
    return Hours(opens=opens, closes=closes)
