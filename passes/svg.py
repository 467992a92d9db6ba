"""SVG art: read with care, put into one of its states, and drawn to PNG.

A stamp is `<g class="stamp n4">` holding a `filled` and an `empty` shape; in the state "seven" the
first seven keep the one and the others the other. What is not shown is taken out, so that page and
phone get the very same picture and no page needs a policy that allows styles in pictures.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree

import resvg_py
from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from passes.errors import PictureRefused

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
BYTES_MAX = 1_000_000
ELEMENTS_MAX = 20_000
SIDE_MAX = 100_000.0
PIXELS_MAX = 2_000
"""Wider than any picture on a pass at three times its points."""

_STAMP = re.compile(r"n([1-9]\d{0,2})")
_NEVER = {"script", "foreignObject", "iframe", "audio", "video", "handler", "listener"}
_WORDS = {"text", "tspan", "textPath"}
_OUTSIDE = re.compile(r"@import|url\(\s*['\"]?(?!['\"]?#)|expression\(", re.IGNORECASE)

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _classes(element: ElementTree.Element) -> list[str]:
    return (element.get("class") or "").split()


def _stamp_number(element: ElementTree.Element) -> int | None:
    names = _classes(element)
    if "stamp" not in names:
        return None
    for name in names:
        if found := _STAMP.fullmatch(name):
            return int(found.group(1))
    return None


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
        root = _parse(name, source)
        _refuse_what_reaches_out(name, root)
        width, height = _view_box(name, root)
        return cls(name=name, source=source, width=width, height=height)

    @property
    def ratio(self) -> float:
        return self.width / self.height

    @cached_property
    def stamps(self) -> dict[int, set[str]]:
        """For each stamp's number, which of `filled` and `empty` it has."""
        found: dict[int, set[str]] = {}
        for element in _parse(self.name, self.source).iter():
            number = _stamp_number(element)
            if number is not None:
                halves = {half for child in element.iter() for half in _classes(child)}
                found.setdefault(number, set()).update(halves & {"filled", "empty"})
        return found

    def in_state(self, filled: int | None) -> bytes:
        """The picture with that many stamps filled, at the size of its viewBox."""
        root = _parse(self.name, self.source)
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
            raise PictureRefused(name=self.name, why=f"{width} × {height} pixels are too many.")
        try:
            drawn = resvg_py.svg_to_bytes(
                svg_string=self.in_state(filled).decode(), width=width, skip_system_fonts=True
            )
        except ValueError as error:
            raise PictureRefused(name=self.name, why=f"the renderer says {error}.") from error
        return bytes(drawn)


def _parse(name: str, source: bytes) -> ElementTree.Element:
    if len(source) > BYTES_MAX:
        raise PictureRefused(name=name, why=f"it is larger than {BYTES_MAX // 1000} kB.")
    try:
        root: ElementTree.Element = SafeTree.fromstring(source)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise PictureRefused(name=name, why=f"it is not well-formed XML ({error}).") from error
    except DefusedXmlException as error:  # pragma: no cover - a ValueError in today's release
        raise PictureRefused(name=name, why="it declares entities.") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise PictureRefused(name=name, why="its outermost element is not an <svg> of SVG's own.")
    return root


def _refuse_what_reaches_out(name: str, root: ElementTree.Element) -> None:
    for count, element in enumerate(root.iter(), start=1):
        if count > ELEMENTS_MAX:
            raise PictureRefused(name=name, why=f"it has more than {ELEMENTS_MAX} elements.")
        kind = _local(str(element.tag))
        if kind in _NEVER:
            raise PictureRefused(name=name, why=f"it holds a <{kind}>; keep shapes only.")
        if kind in _WORDS:
            why = "it holds words, and no font travels with a picture; turn them into paths."
            raise PictureRefused(name=name, why=why)
        if kind == "style" and _OUTSIDE.search(element.text or ""):
            raise PictureRefused(name=name, why="its style reaches for another file.")
        for key, value in element.attrib.items():
            if _local(key).lower().startswith("on"):
                raise PictureRefused(name=name, why=f"it holds a script ({_local(key)}).")
            if _local(key) == "href" and not value.startswith(("#", "data:image/png;base64,")):
                raise PictureRefused(name=name, why=f"it reaches for {value[:60]!r}.")
            if _OUTSIDE.search(value):
                raise PictureRefused(name=name, why=f"its {_local(key)} reaches for another file.")


def _view_box(name: str, root: ElementTree.Element) -> tuple[float, float]:
    given = root.get("viewBox")
    if given is None:
        why = 'its <svg> has no viewBox; give it one, such as viewBox="0 0 375 144".'
        raise PictureRefused(name=name, why=why)
    try:
        numbers = [float(part) for part in given.replace(",", " ").split()]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(math.isfinite(number) for number in numbers):
        raise PictureRefused(name=name, why=f"its viewBox {given[:40]!r} is not four numbers.")
    width, height = numbers[2:]
    if not (0 < width <= SIDE_MAX and 0 < height <= SIDE_MAX):
        raise PictureRefused(name=name, why=f"its viewBox is {width:g} × {height:g} in size.")
    return width, height


def _take_out(element: ElementTree.Element, name: str) -> None:
    for child in list(element):
        if name in _classes(child):
            element.remove(child)
        else:
            _take_out(child, name)
