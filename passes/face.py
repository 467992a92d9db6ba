"""A pass as plain words and addresses of pictures: what is drawn, however it came here.

A page makes one from a card and a design; a practice phone makes one from the pkpass it fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from passes import facts, fields
from passes.code import caption

if TYPE_CHECKING:
    from passes.card import Card
    from passes.design import Design
    from passes.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A label and what stands under it."""

    key: str
    value: str
    label: str = ""
    link: str | None = None
    detect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Both sides of one pass. Pictures are addresses; `colours` is a class that brand.css sets."""

    language: str
    description: str
    organisation: str
    colours: str
    code: str
    caption: str
    barcode: str = "qr"
    logo_text: str = ""
    logo: str | None = None
    icon: str | None = None
    strip: str | None = None
    strip_words: str = ""
    header: tuple[Line, ...] = ()
    primary: tuple[Line, ...] = ()
    row: tuple[Line, ...] = ()
    """Secondary and auxiliary fields: a store card shows them in one row."""
    back: tuple[Line, ...] = ()
    voided: bool = False
    foreign: tuple[tuple[str, str], ...] = ()
    """Words in another language than the face's, each with its own."""


def of(card: Card, design: Design, design_url: str) -> Face:
    """The face that this card has in this design, in the card's own language."""
    plan = design.plan
    state = design.pictures.state(card.stamps)

    def picture(base: str) -> str | None:
        name = design.public_name(base, state)
        return f"{design_url}/{name}" if name else None

    def lines(shown: tuple[fields.Shown, ...]) -> tuple[Line, ...]:
        return tuple(
            Line(
                key=field.key,
                value=field.value,
                label=(plan.text(field.label, card.language) or "") if field.label else "",
                link=field.link,
                detect=field.detect,
            )
            for field in shown
        )

    groups = fields.shown(card, plan)
    words = plan.text("picture", card.language) or ""
    return Face(
        language=card.language,
        description=plan.text("description", card.language) or plan.name,
        organisation=plan.organisation,
        colours=design.css_class,
        code=card.code,
        caption=caption(card.code),
        barcode=plan.barcode,
        logo_text=plan.logo_text or "",
        logo=picture("logo"),
        icon=picture("icon"),
        strip=picture("strip"),
        strip_words=facts.fill(words, facts.of_card(card, plan)) or "",
        header=lines(groups["header"]),
        primary=lines(groups["primary"]),
        row=lines((*groups["secondary"], *groups["auxiliary"])),
        back=lines(groups["back"]),
        voided=card.voided,
        foreign=(*card.foreign, *_foreign(card, plan)),
    )


def _foreign(card: Card, plan: Plan) -> Iterator[tuple[str, str]]:
    """The design's own words that stand on this card in another language than the card's."""
    for key in sorted({key for words in plan.texts.values() for key in words}):
        spoken = plan.spoken_in(key, card.language)
        if spoken == card.language:
            continue
        words = plan.text(key, card.language) or ""
        if key == "until":
            for coupon in card.coupons:
                yield facts.of_coupon(coupon, plan, card.language)["coupon_until"] or "", spoken
        elif key == "picture":
            yield facts.fill(words, facts.of_card(card, plan)) or "", spoken
        else:
            yield words, spoken
