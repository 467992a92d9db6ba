"""Promise: what an offer is worth, when and on what conditions; closed and frozen."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from wallet_service.coupons.errors import BadOffer
from wallet_service.language import phrase
from wallet_service.programme.part import Day, Hour, Key, Name, Part, Weekday

Kind = Literal["reward", "benefit", "discount", "offer", "ticket"]
DOORS_BEFORE = timedelta(hours=1)  # people come a little before it begins


def _a_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is no day of the calendar") from None
    return text


def _near(moment: datetime) -> datetime:
    """At the ends of the calendar there is no hour before, and none after."""
    if not 2000 <= moment.year < 2100:
        raise ValueError("this is too far from now")
    return moment


CalendarDay = Annotated[Day, AfterValidator(_a_day)]
Names = Annotated[list[Name], Field(min_length=1, max_length=200)]
# A moment may come as JSON text; without its offset it says nothing.
At = Annotated[AwareDatetime, Field(strict=False), AfterValidator(_near)]
# Said aloud and typed by whoever heard it: KEVAT20.
SharedCode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9]{3,20}$")
]


class Worth(Part):
    """What it takes off: an amount in minor units, a share in per cent, or a product for nothing.

    One of the three. Where conditions name goods, only these are made cheaper.
    """

    amount: int | None = Field(default=None, ge=1, le=1_000_000_000)
    percent: int | None = Field(default=None, ge=1, le=100)
    product: Name | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if sum(each is not None for each in (self.amount, self.percent, self.product)) != 1:
            raise ValueError("say one of amount, percent and product")
        return self


class Validity(Part):
    """From the first day to the last by the shop's own clock, and at most `days` after issue."""

    first_day: CalendarDay | None = None
    last_day: CalendarDay | None = None  # included
    days: int | None = Field(default=None, ge=0, le=3650)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError("last_day is before first_day")
        return self


class Conditions(Part):
    """What must hold at the counter; every one that is named.

    Hours may run past midnight (22:00 to 02:00); the night belongs to the day that it began on.
    """

    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)] | None = None
    from_hour: Hour | None = None
    to_hour: Hour | None = None  # not included; "24:00" is said as "00:00"
    locations: Names | None = None
    purchase_min: int | None = Field(default=None, ge=1, le=1_000_000_000)
    products: Names | None = None
    categories: Names | None = None

    @model_validator(mode="after")
    def _hours_differ(self) -> Self:
        if self.from_hour is not None and self.from_hour == self.to_hour:
            raise ValueError("from_hour and to_hour are the same")
        return self


class Ticket(Part):
    """The event that a ticket opens, when its holders may come in, and how many of them.

    `admits_from` left out: an hour before it begins. `admits_to` left out: until it ends.
    """

    event: Name
    place: Name | None = None
    starts_at: At
    ends_at: At
    admits_from: At | None = None
    admits_to: At | None = None
    admissions: int = Field(default=1, ge=1, le=1000)
    re_entry: bool = False

    @property
    def opens(self) -> datetime:
        return self.admits_from or self.starts_at - DOORS_BEFORE

    @property
    def closes(self) -> datetime:
        return self.admits_to or self.ends_at

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")
        if self.closes <= self.opens:
            raise ValueError("admits_to is not after admits_from")
        return self


class Promise(Part):
    """What an offer is worth, for how long, on what conditions and how many times.

    `alone`: not together with another coupon in one sale. `then`: the key of the offer that its
    use unlocks. `shared_code`: a word that anybody may say, who then gets a copy. `quota` counts
    the copies that are out, `per_member` those of one member. `own_pass`: a copy may be a pass of
    its own beside the card; left out, a ticket may.
    """

    kind: Kind
    worth: Worth | None = None
    validity: Validity = Validity()
    conditions: Conditions = Conditions()
    quota: int | None = Field(default=None, ge=1, le=1_000_000_000)
    per_member: int | None = Field(default=None, ge=1, le=1_000_000)
    alone: bool = False
    then: Key | None = None
    shared_code: SharedCode | None = None
    ticket: Ticket | None = None
    own_pass: bool | None = None

    @property
    def may_be_a_pass(self) -> bool:
        """Whether a copy may be a pass of its own in Wallet."""
        return self.kind == "ticket" if self.own_pass is None else self.own_pass

    @property
    def most_per_member(self) -> int | None:
        """How many copies a member may have; of a shared code one, unless said."""
        if self.per_member is None and self.shared_code is not None:
            return 1
        return self.per_member

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if faults := list(_faults(self)):
            raise ValueError("; ".join(faults))
        return self


def read(said: Mapping[str, Any]) -> Promise:
    """The promise that `said` makes. Raises BadOffer with every fault and its place."""
    try:
        return Promise.model_validate(said)
    except ValidationError as error:
        faults = tuple(
            (".".join(str(step) for step in each["loc"]) or "offer", _said(each["msg"]))
            for each in error.errors(include_url=False, include_input=False)
        )
    raise bad(faults)


def bad(faults: tuple[tuple[str, str], ...]) -> BadOffer:
    """The refusal that names each place and what is wrong there."""
    said = "; ".join(f"{place}: {fault}" for place, fault in faults)
    return BadOffer(
        phrase("The offer has faults: {faults}.", faults=said),
        faults=[{"at": place, "fault": fault} for place, fault in faults],
    )


def _faults(promise: Promise) -> Iterator[str]:
    if promise.kind == "ticket" and promise.ticket is None:
        yield "ticket is missing"
    if promise.kind != "ticket" and promise.ticket is not None:
        yield f"ticket does not belong to the kind {promise.kind}"
    if promise.kind == "ticket" and promise.worth is not None:
        yield "worth does not belong to a ticket"
    if promise.kind == "ticket" and promise.validity != Validity():
        yield "validity does not belong to a ticket, whose event says when"
    if promise.kind == "discount" and promise.worth is None:
        yield "worth is missing"


def _said(message: str) -> str:
    if message == "Extra inputs are not permitted":
        return "is not known here"
    return message.removeprefix("Value error, ")
