"""A coupon laid out: which line stands where on a pass of its own.

A design has no say in it but by its colours and pictures: what a coupon must tell is always one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from passes import dates
from passes.lines import Line
from passes.plan import Group

if TYPE_CHECKING:
    from passes.coupon_card import CouponCard, Event
    from passes.plan import Plan

LABELS = (
    "state", "until", "from", "for", "guest", "where", "doors", "admits", "name", "worth",
    "terms", "when", "code", "page", "page_words", "contact", "website",
)  # fmt: skip
"""The keys of `CouponCard.labels`."""


def shown(card: CouponCard, plan: Plan) -> Mapping[Group, tuple[Line, ...]]:
    """Every line of every group that has something to say."""
    front = _coupon(card) if card.event is None else _ticket(card, card.event)
    groups: dict[Group, list[Line]] = {
        "header": [], "primary": [], "secondary": [], "auxiliary": [], "back": []
    }  # fmt: skip
    for group, line in (*front, *(("back", line) for line in _back(card, plan))):
        if line.value:
            groups[group].append(line)
    return {group: tuple(lines) for group, lines in groups.items()}


def _coupon(card: CouponCard) -> Iterator[tuple[Group, Line]]:
    said = card.labels
    # The header is what is seen while it lies under others: until when, or that it is over.
    if card.state:
        yield "header", Line(key="state", value=card.state, label=said["state"])
    elif card.until:
        until = dates.long_day(card.until, card.language)
        yield "header", Line(key="until", value=until, label=said["until"])
    yield (
        "primary",
        Line(key="offer", value=card.worth or card.name, label=card.name if card.worth else ""),
    )
    yield "secondary", Line(key="holder", value=card.holder, label=said["for"])
    if card.opens_on and not card.state:
        first = dates.long_day(card.opens_on, card.language)
        yield "secondary", Line(key="from", value=first, label=said["from"])


def _ticket(card: CouponCard, event: Event) -> Iterator[tuple[Group, Line]]:
    said, language = card.labels, card.language
    starts = Line(
        key="starts",
        value=dates.clock(event.starts_at, language),
        label=dates.named_day(event.starts_at.date(), language),
    )
    if card.state:
        yield "header", Line(key="state", value=card.state, label=said["state"])
    else:
        yield "header", starts
    # What the ticket is called, where that says more than the event does.
    called = card.name if card.name != event.name else ""
    yield "primary", Line(key="event", value=event.name, label=called)
    yield "secondary", Line(key="place", value=event.place, label=said["where"])
    yield "secondary", Line(key="holder", value=card.holder, label=said["guest"])
    if card.state:
        yield "auxiliary", starts
    doors = dates.clock(event.doors_at, language)
    yield "auxiliary", Line(key="doors", value=doors, label=said["doors"])
    yield "auxiliary", Line(key="admits", value=event.admits, label=said["admits"])


def _back(card: CouponCard, plan: Plan) -> Iterator[Line]:
    said, contact = card.labels, plan.contact
    yield Line(key="what", value=card.name, label=said["name"])
    yield Line(key="worth", value=card.worth, label=said["worth"])
    yield Line(key="terms", value=card.terms, label=said["terms"])
    if card.event is not None:
        yield Line(key="when", value=_when(card.event, card.language), label=said["when"])
        yield Line(key="venue", value=card.event.place, label=said["where"])
    elif card.until:
        last = dates.long_day(card.until, card.language)
        yield Line(key="last_day", value=last, label=said["until"])
    yield Line(key="code", value=card.code, label=said["code"])
    if card.card_link:
        yield Line(key="page", value=said["page_words"], label=said["page"], link=card.card_link)
    ways = (contact.address, contact.phone, contact.email)
    yield Line(
        key="contact",
        value="\n".join(filter(None, ways)),
        label=said["contact"],
        detect=("address", "phone", "link"),
    )
    if contact.website:
        yield Line(
            key="website", value=contact.website, label=said["website"], link=contact.website
        )


def _when(event: Event, language: str) -> str:
    begins = dates.clock(event.starts_at, language)
    ends = dates.clock(event.ends_at, language)
    first, last = event.starts_at.date(), event.ends_at.date()
    begun = f"{dates.named_day(first, language, in_full=True)} {begins}"
    if first == last:
        return f"{begun}–{ends}"
    return f"{begun} – {dates.named_day(last, language, in_full=True)} {ends}"
