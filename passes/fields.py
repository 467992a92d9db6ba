"""A card laid into a design: which field stands where, with which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from passes import facts
from passes.plan import GROUPS, NEWS, Field, Group, Plan

if TYPE_CHECKING:
    from passes.card import Card


class Shown(NamedTuple):
    """A field with its words. `label` and `text` are keys of the text files; `value` is plain.

    A fixed text has both: the key, for phones that translate, and the words in the card's language.
    """

    key: str
    value: str
    label: str | None = None
    text: str | None = None
    link: str | None = None
    align: str | None = None
    detect: tuple[str, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether a phone says aloud that this field has changed."""
        return self.key == NEWS


def shown(card: Card, plan: Plan) -> Mapping[Group, tuple[Shown, ...]]:
    """Every field of every group that has something to say on this card."""
    known = facts.of_card(card, plan)
    groups: dict[Group, tuple[Shown, ...]] = {}
    for group in GROUPS:
        found: list[Shown] = []
        for place in plan.fields[group]:
            if card.voided and place.text and not place.link:
                continue  # how a card is used is no word for one that has ended
            if place.each:
                found += _for_each_coupon(place, card, plan, known)
            elif said := _filled(place, place.key, card.language, plan, known):
                found.append(said)
        groups[group] = tuple(found)
    return groups


def _for_each_coupon(place: Field, card: Card, plan: Plan, known: facts.Facts) -> Iterator[Shown]:
    for number, coupon in enumerate(card.coupons, start=1):
        of_this = {**known, **facts.of_coupon(coupon, plan, card.language)}
        # A hyphen stands in no key of a design, so the numbered keys are unique.
        key = f"{place.key}-{number}"
        if said := _filled(place, key, card.language, plan, of_this):
            yield said


def _filled(place: Field, key: str, language: str, plan: Plan, known: facts.Facts) -> Shown | None:
    link = known.get(place.link) if place.link else None
    if place.link and not link:
        return None
    fixed, template = place.text, place.value or ""
    value = plan.text(fixed, language) if fixed else facts.fill(template, known)
    if not value:
        return None
    text = None if place.link else place.text
    return Shown(key, value, place.label, text, link, place.align, place.detect)
