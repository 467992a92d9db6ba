"""A pass as plain words and addresses of pictures: what is drawn, however it came here.

A page makes one from a card and a design; a practice phone makes one from the pkpass it fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from passes import coupon_fields, facts, fields
from passes.code import caption
from passes.lines import Line

if TYPE_CHECKING:
    from passes.card import Card
    from passes.coupon_card import CouponCard
    from passes.design import Design
    from passes.plan import Plan


__all__ = ["Face", "Kind", "Line", "of", "of_coupon"]

Kind = Literal["store", "coupon", "event"]
"""Whose shape it has: a card's, a coupon's teeth, a ticket's notch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Both sides of one pass. Pictures are addresses; `colours` is a class that brand.css sets."""

    language: str
    description: str
    organisation: str
    colours: str
    code: str
    caption: str
    kind: Kind = "store"
    barcode: str = "qr"
    logo_text: str = ""
    logo: str | None = None
    icon: str | None = None
    strip: str | None = None
    strip_words: str = ""
    header: tuple[Line, ...] = ()
    primary: tuple[Line, ...] = ()
    row: tuple[Line, ...] = ()
    """Secondary and auxiliary fields: a card and a coupon show them in one row."""
    second_row: tuple[Line, ...] = ()
    """The auxiliary fields of an event ticket, which has a row for them."""
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


def of_coupon(card: CouponCard, design: Design, design_url: str) -> Face:
    """The face of a coupon or ticket that is a pass of its own, in this design."""
    plan, strip = design.plan, design.pictures.strip_of(card.style)

    def picture(base: str | None) -> str | None:
        name = design.public_name(base) if base else None
        return f"{design_url}/{name}" if name else None

    groups = coupon_fields.shown(card, plan)
    is_event = card.style == "event"
    return Face(
        language=card.language,
        description=card.name,
        organisation=plan.organisation,
        colours=design.css_class,
        code=card.code,
        caption=caption(card.code),
        kind=card.style,
        barcode=plan.barcode,
        logo_text=plan.logo_text or "",
        logo=picture("logo"),
        icon=picture("icon"),
        strip=picture(strip),
        header=groups["header"],
        primary=groups["primary"],
        row=groups["secondary"] if is_event else (*groups["secondary"], *groups["auxiliary"]),
        second_row=groups["auxiliary"] if is_event else (),
        back=groups["back"],
        voided=card.voided,
        foreign=card.foreign,
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
