"""SVG art: put into one of its states, and drawn to PNG.

A stamp is `<g class="stamp n4">` holding a `filled` and an `empty` shape; in the state "seven" the
first seven keep the one and the others the other. What is not shown is taken out, so that page and
phone get the very same picture and no page needs a policy that allows styles in pictures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from xml.etree import ElementTree

import resvg_py

from passes import svg_guard
from passes.errors import PictureRefused

PIXELS_MAX: Final = 2_000
"""Wider and taller than any picture on a pass at three times its points."""

_STAMP = re.compile(r"n([1-9]\d{0,2})")

ElementTree.register_namespace("", svg_guard.SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


@dataclass(frozen=True, kw_only=True)
class Art:
    """One SVG file that may be drawn: its size is known, and it reaches for nothing outside."""

    name: str
    source: bytes
    width: float
    height: float

    @classmethod
    def read(cls, name: str, source: bytes) -> Art:
        """Raise PictureRefused, with the reason, for what must not reach the renderer."""
        width, height = svg_guard.admit(name, svg_guard.parse(name, source))
        return cls(name=name, source=source, width=width, height=height)

    @property
    def ratio(self) -> float:
        return self.width / self.height

    @cached_property
    def stamps(self) -> dict[int, set[str]]:
        """For each stamp's number, which of `filled` and `empty` it has."""
        found: dict[int, set[str]] = {}
        for element in svg_guard.parse(self.name, self.source).iter():
            number = _stamp_number(element)
            if number is not None:
                halves = {half for child in element.iter() for half in _classes(child)}
                found.setdefault(number, set()).update(halves & {"filled", "empty"})
        return found

    def in_state(self, filled: int | None) -> bytes:
        """The picture with that many stamps filled, at the size of its viewBox."""
        root = svg_guard.parse(self.name, self.source)
        # An outer width or height wins over the viewBox in the renderer: a picture of 1 × 100,000
        # would be drawn that tall, and the failing allocation would take the process with it.
        root.set("width", f"{self.width:g}")
        root.set("height", f"{self.height:g}")
        root.attrib.pop("preserveAspectRatio", None)
        if filled is not None:
            for stamp in list(root.iter()):
                number = _stamp_number(stamp)
                if number is not None:
                    _take_out(stamp, "empty" if number <= filled else "filled")
        drawn: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=False)
        return drawn

    def png(self, width: int, filled: int | None = None) -> bytes:
        """Draw it that many pixels wide."""
        height = round(width / self.ratio)
        if not (0 < width <= PIXELS_MAX and 0 < height <= PIXELS_MAX):
            raise PictureRefused(name=self.name, why=f"{width} × {height} pixels cannot be shown.")
        try:
            drawn = resvg_py.svg_to_bytes(
                svg_string=self.in_state(filled).decode(), width=width, skip_system_fonts=True
            )
        except ValueError as error:
            raise PictureRefused(name=self.name, why=f"the renderer says {error}.") from error
        return bytes(drawn)


def _classes(element: ElementTree.Element) -> list[str]:
    return (element.get("class") or "").split()


def _stamp_number(element: ElementTree.Element) -> int | None:
    names = _classes(element)
    if "stamp" not in names:
        return None
    return next((int(found[1]) for name in names if (found := _STAMP.fullmatch(name))), None)


def _take_out(element: ElementTree.Element, name: str) -> None:
    for child in list(element):
        if name in _classes(child):
            element.remove(child)
        else:
            _take_out(child, name)
