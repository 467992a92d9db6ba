"""A pass drawn in HTML, for every page that shows one; pass.css has its measures.

Everything is escaped once, here, where it becomes HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from passes import barcode, face, speech, widths
from passes.face import Face, Line

if TYPE_CHECKING:
    from passes.card import Card
    from passes.coupon_card import CouponCard
    from passes.design import Design

# In 375ths of the card's width, as pass.css has them.
_INNER: Final = 359.0
_GAP: Final = 12.0
_HEADER_GAP: Final = 14.0
_LOGO: Final = 52.0
_LOGO_TEXT: Final = 19.0 * 1.12
_ROW_SIZES: Final = (28.0, 20.5, 16.5, 14.0)
_HEADER_SIZES: Final = (23.0, 19.0, 16.0, 13.0)
_PRIMARY_SIZES: Final = (65.0, 52.0, 40.0, 30.0)
# A ticket's picture is lower, and its words are smaller.
_EVENT_SIZES: Final = (42.0, 34.0, 28.0, 23.0)
_EVENT_ROW_SIZES: Final = (20.0, 17.0, 15.0, 13.0)

_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+?[\d\s()-]{6,24}")


def front(card: Card, design: Design, design_url: str) -> Markup:
    """The front of the card, as it stands on a phone."""
    return draw_front(face.of(card, design, design_url))


def coupon_front(card: CouponCard, design: Design, design_url: str) -> Markup:
    """The front of a coupon or ticket that is a pass of its own."""
    return draw_front(face.of_coupon(card, design, design_url))


def back(card: Card, design: Design, design_url: str) -> Markup:
    """The back of the card: what did not fit the front, and the ways out."""
    return draw_back(face.of(card, design, design_url))


def banner(design: Design, sentence: str, when: str, design_url: str) -> Markup:
    """The line on a lock screen; `when` is in words already."""
    icon = design.public_name("icon")
    return draw_banner(
        f"{design_url}/{icon}" if icon else None, design.plan.organisation, sentence, when
    )


def draw_front(shown: Face) -> Markup:
    voided = " voided" if shown.voided else ""
    return Markup(
        '<article class="pass {} {}{}" lang="{}" aria-label="{}">'
        "<header>{}{}{}</header>{}{}{}{}</article>"
    ).format(
        shown.kind,
        shown.colours,
        voided,
        shown.language,
        shown.description,
        _picture(shown.logo),
        Markup("<b>{}</b>").format(shown.logo_text) if shown.logo_text else "",
        _list(shown.header, _header_sizes(shown), shown.foreign),
        _strip(shown),
        _list(shown.row, _row_sizes(shown.row, shown.kind), shown.foreign),
        _list(shown.second_row, _row_sizes(shown.second_row, shown.kind), shown.foreign),
        _code(shown),
    )


def draw_back(shown: Face) -> Markup:
    return Markup(
        '<section class="back" lang="{}" aria-label="{}"><header>{}<b>{}</b></header>'
        "<dl>{}</dl></section>"
    ).format(
        shown.language,
        shown.description,
        _picture(shown.icon),
        shown.organisation,
        Markup("").join(
            Markup('<div data-field="{}">{}<dd>{}</dd></div>').format(
                line.key, _label(line, shown.foreign), _back_value(line, shown.foreign)
            )
            for line in shown.back
        ),
    )


def draw_banner(icon: str | None, organisation: str, sentence: str, when: str) -> Markup:
    return Markup(
        '<p class="banner">{}<small>Wallet</small><time>{}</time><b>{}</b><span>{}</span></p>'
    ).format(_picture(icon), when, organisation, sentence)


def _list(lines: Sequence[Line], sizes: Sequence[str], foreign: speech.Foreign) -> Markup:
    if not lines:
        return Markup("")
    return Markup("<dl>{}</dl>").format(
        Markup("").join(
            Markup('<div data-field="{}">{}<dd{}>{}</dd></div>').format(
                line.key,
                _label(line, foreign),
                Markup(' class="{}"').format(size) if size else "",
                speech.marked(line.value, foreign),
            )
            for line, size in zip(lines, sizes, strict=True)
        )
    )


def _label(line: Line, foreign: speech.Foreign) -> Markup:
    # A list needs its term also where the design gives no label.
    return Markup("<dt>{}</dt>").format(speech.marked(line.label, foreign))


def _strip(shown: Face) -> Markup:
    if shown.strip is None and not shown.primary:
        return Markup("")
    sizes = _EVENT_SIZES if shown.kind == "event" else _PRIMARY_SIZES
    room = [widths.fit([line.value], sizes, _INNER)[0] for line in shown.primary]
    return Markup('<div class="strip">{}{}</div>').format(
        _picture(shown.strip, shown.strip_words, dict(shown.foreign).get(shown.strip_words)),
        _list(shown.primary, room, shown.foreign),
    )


def _code(shown: Face) -> Markup:
    if not shown.code:
        return Markup("")
    broad = " broad" if shown.barcode in barcode.BROAD else ""
    return Markup('<figure class="code{}">{}<figcaption>{}</figcaption></figure>').format(
        broad, barcode.svg(shown.code, shown.barcode), shown.caption
    )


def _picture(address: str | None, words: str = "", language: str | None = None) -> Markup:
    if address is None:
        return Markup("")
    spoken = Markup(' lang="{}"').format(language) if language else ""
    return Markup('<img src="{}" alt="{}"{}>').format(address, words, spoken)


def _back_value(line: Line, foreign: speech.Foreign) -> Markup:
    if line.link and line.link.startswith(("https://", "http://")):
        words = speech.marked(line.value, foreign)
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(line.link, words)
    return Markup("<br>").join(
        _detected(text, line.detect, foreign) for text in line.value.split("\n")
    )


def _detected(text: str, detect: tuple[str, ...], foreign: speech.Foreign) -> Markup:
    """What Wallet would make a link of, where the design lets it look: a whole line at a time."""
    if "link" in detect and _MAIL.fullmatch(text):
        return Markup('<a href="mailto:{}">{}</a>').format(text, text)
    if "phone" in detect and _PHONE.fullmatch(text):
        return Markup('<a href="tel:{}">{}</a>').format(re.sub(r"[^\d+]", "", text), text)
    return speech.marked(text, foreign)


def _row_sizes(lines: Sequence[Line], kind: face.Kind) -> list[str]:
    room = _INNER - _GAP * max(0, len(lines) - 1)
    sizes = _EVENT_ROW_SIZES if kind == "event" else _ROW_SIZES
    return widths.fit([line.value for line in lines], sizes, room)


def _header_sizes(shown: Face) -> list[str]:
    taken = (_LOGO if shown.logo else 0.0) + widths.ems(shown.logo_text) * _LOGO_TEXT
    room = _INNER - taken - _HEADER_GAP * len(shown.header)
    return widths.fit([line.value for line in shown.header], _HEADER_SIZES, room)
