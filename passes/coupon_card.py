"""A coupon or an entry ticket that is a pass of its own: what it says, on whichever phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Style = Literal["coupon", "event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a ticket opens. The moments are in the shop's zone: its own clock is what is read.

    `admits` says how many may still come in, in words; empty where it is one person alone.
    """

    name: str
    doors_at: datetime
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    admits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponCard:
    """Everything that the pass of one coupon says, in the language of whoever holds it.

    `labels` are the words over the fields, by key. `state` says in a word why it cannot be used any
    more; empty while it can. What is empty is left off the pass, the code too. `foreign` are the
    shop's words on it that are in another language than the card's, each with its language.
    """

    code: str
    language: str
    name: str
    holder: str
    card_link: str
    labels: Mapping[str, str] = field(hash=False)
    worth: str = ""
    opens_on: date | None = None
    until: date | None = None
    terms: str = ""
    event: Event | None = None
    state: str = ""
    expires_at: datetime | None = None
    foreign: tuple[tuple[str, str], ...] = ()

    @property
    def style(self) -> Style:
        return "coupon" if self.event is None else "event"

    @property
    def voided(self) -> bool:
        return bool(self.state)
