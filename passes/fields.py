"""A card laid into a design: which field stands where, with which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from passes import facts
from passes.plan import GROUPS, NEWS, Field, Group, Plan

if TYPE_CHECKING:
    from passes.card import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
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
    return {
        group: tuple(
            field for place in plan.fields[group] for field in _in_place(place, card, plan, known)
        )
        for group in GROUPS
    }


def _in_place(place: Field, card: Card, plan: Plan, known: facts.Facts) -> Iterator[Shown]:
    if place.each:
        for number, coupon in enumerate(card.coupons, start=1):
            of_this = {**known, **facts.of_coupon(coupon, plan, card.language)}
            # A hyphen stands in no key of a design, so the numbered keys are unique.
            yield from _filled(place, f"{place.key}-{number}", card, plan, of_this)
    else:
        yield from _filled(place, place.key, card, plan, known)


def _filled(place: Field, key: str, card: Card, plan: Plan, known: facts.Facts) -> Iterator[Shown]:
    link = known.get(place.link) if place.link else None
    if place.link and not link:
        return
    if place.text:
        value = plan.text(place.text, card.language)
    else:
        value = facts.fill(place.value or "", known)
    if not value:
        return
    yield Shown(
        key=key,
        value=value,
        label=place.label,
        text=None if place.link else place.text,
        link=link,
        align=place.align,
        detect=place.detect,
    )
