"""The pictures of a design: those it brings, and those drawn from its SVG art, a strip per state.

Sizes in points: https://developer.apple.com/design/human-interface-guidelines/wallet (2026-11-22)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from passes.errors import BadPack
from passes.svg import Art

if TYPE_CHECKING:
    from passes.card import Stamps
    from passes.coupon_card import Style

SCALES = {"": 1, "@2x": 2, "@3x": 3}
STRIP = (375, 144)
EVENT_STRIP = (375, 98)
ICON = (38, 38)
LOGO_MAX = (160, 50)
OF_A_CARD = ("icon", "logo", "strip")
# The strips of passes of their own: of a coupon, and of an entry ticket.
DRAWN_FROM_ART = (*OF_A_CARD, "coupon", "event")
APPLE_NAMES = frozenset(f"{base}{suffix}.png" for base in DRAWN_FROM_ART for suffix in SCALES)
ART_NAMES = frozenset(f"{base}.svg" for base in DRAWN_FROM_ART)


def png_size(source: bytes) -> tuple[int, int] | None:
    """Width and height out of a PNG's first bytes; None where it is no PNG."""
    if len(source) < 24 or source[:8] != b"\x89PNG\r\n\x1a\n" or source[12:16] != b"IHDR":
        return None
    return int.from_bytes(source[16:20], "big"), int.from_bytes(source[20:24], "big")


class Pictures:
    """Drawn when first asked for, each once; a stored design brings them all and never draws."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        stamps: int | None,
        drawn: Mapping[str, bytes] | None = None,
    ) -> None:
        self._given = {name: files[name] for name in sorted(files) if name in APPLE_NAMES}
        self._art = {
            base: Art.read(f"{base}.svg", files[f"{base}.svg"])
            for base in DRAWN_FROM_ART
            if f"{base}.svg" in files and f"{base}.png" not in files
        }
        self._stamps = stamps if "strip" in self._art else None
        self._may_draw = drawn is None
        self._drawn: dict[str, bytes] = dict(drawn or {})

    def state(self, stamps: Stamps | None) -> int | None:
        """Which of the strip's states shows these stamps; None where the strip has but one.

        A card that counts to another number than the strip has stamps shows its share of them.
        """
        if self._stamps is None:
            return None
        if stamps is None or stamps.of <= 0:
            return 0
        have = min(max(stamps.have, 0), stamps.of)
        return have if stamps.of == self._stamps else have * self._stamps // stamps.of

    @property
    def states(self) -> tuple[int | None, ...]:
        return (None,) if self._stamps is None else tuple(range(self._stamps + 1))

    def apple(self, state: int | None) -> dict[str, bytes]:
        """Every picture of a card in this state, under Apple's names."""
        pictures: dict[str, bytes] = {}
        for base in OF_A_CARD:
            pictures |= self._in_all_sizes(base, state)
        return pictures

    def apple_coupon(self, style: Style) -> dict[str, bytes]:
        """Every picture of a coupon's or a ticket's own pass, under Apple's names."""
        pictures = {**self._in_all_sizes("icon", None), **self._in_all_sizes("logo", None)}
        if (strip := self.strip_of(style)) is not None:
            found = self._in_all_sizes(strip, None)
            pictures |= {f"strip{name.removeprefix(strip)}": found[name] for name in found}
        return pictures

    def strip_of(self, style: Style) -> str | None:
        """Which picture is the strip of a coupon or a ticket: its own, else the card's.

        A strip that counts stamps would show an empty card, so that there is none then.
        """
        if self.ending(style):
            return style
        return "strip" if self._stamps is None and self.ending("strip") else None

    def all_drawn(self) -> dict[str, bytes]:
        """What the art gives in every state, under the names of a pack."""
        for state in self.states:
            self.apple(state)
        self.apple_coupon("coupon")
        self.apple_coupon("event")
        return {name: self._drawn[name] for name in sorted(self._drawn)}

    def public(self, base: str, state: int | None) -> tuple[str, bytes] | None:
        """The picture for a page: ending and bytes; SVG where there is art."""
        if base in self._art:
            return "svg", self._art[base].in_state(state if base == "strip" else None)
        for suffix in ("@2x", "@3x", ""):
            if found := self._given.get(f"{base}{suffix}.png"):
                return "png", found
        return None

    def ending(self, base: str) -> str | None:
        """`svg`, `png`, or None where the design has no such picture."""
        if base in self._art:
            return "svg"
        return "png" if any(f"{base}{suffix}.png" in self._given for suffix in SCALES) else None

    def _in_all_sizes(self, base: str, state: int | None) -> dict[str, bytes]:
        pictures: dict[str, bytes] = {}
        for suffix, scale in SCALES.items():
            name = f"{base}{suffix}.png"
            if name in self._given:
                pictures[name] = self._given[name]
            elif base in self._art:
                pictures[name] = self._png(base, self._art[base], suffix, scale, state)
        return pictures

    def _png(self, base: str, art: Art, suffix: str, scale: int, state: int | None) -> bytes:
        of_state = state if base == "strip" else None
        mark = "" if of_state is None else f"-{of_state}"
        name = f"{base}{mark}{suffix}.png"
        if name not in self._drawn:
            if not self._may_draw:
                raise BadPack(why=f"the drawn picture {name} is missing.")
            self._drawn[name] = art.png(points_wide(base, art) * scale, of_state)
        return self._drawn[name]


def points_wide(base: str, art: Art) -> int:
    """How wide a piece of art stands on a pass: a logo is fitted into Apple's box."""
    if base in ("strip", "coupon", "event"):
        return STRIP[0]
    if base == "icon":
        return ICON[0]
    width, height = LOGO_MAX
    return max(1, min(width, round(height * art.ratio)))
