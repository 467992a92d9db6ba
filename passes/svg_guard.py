"""What SVG art may hold: shapes and colours. Everything else is refused, with the reason.

The renderer draws in this process. Found by trying: a tile of 60,000 units, five thousand layers in
one another or a filter with a large number in it end it, or keep it busy for minutes, and no
exception can be caught. So the list below says what is allowed, not what is forbidden.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from defusedxml import ElementTree as SafeTree

from passes.errors import PictureRefused

SVG: Final = "http://www.w3.org/2000/svg"
BYTES_MAX: Final = 1_000_000
ELEMENTS_MAX: Final = 20_000
DEPTH_MAX: Final = 40
WEIGHT_MAX: Final = 40_000
"""Shapes, every use of one counted, and a hundred for each layer that is drawn by itself."""
SIDE_MAX: Final = 100_000.0

_SHAPES: Final = frozenset(
    {
        *("svg", "g", "defs", "symbol", "use", "style", "title", "desc", "metadata"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("linearGradient", "radialGradient", "stop", "clipPath", "mask"),
    }
)
_WORDS: Final = frozenset({"text", "tspan", "textPath"})
_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)['\"]?\s*\)")
_LAYER: Final = 100
_LAYERS = re.compile(r"(?<![\w-])(?:mask|clip-path|opacity|mix-blend-mode|isolation)\s*:")
_URL = re.compile(r"url\(", re.IGNORECASE)
_REACHES = re.compile(r"url\(|@import", re.IGNORECASE)
_PAINT = re.compile(r"\b(?:fill|stroke)\s*:\s*url\(\s*['\"]?#[^'\")\s]+['\"]?\s*\)")


def parse(name: str, source: bytes) -> ElementTree.Element:
    """The root of a well-formed SVG; entities are never resolved."""
    if len(source) > BYTES_MAX:
        raise PictureRefused(name=name, why=f"it is larger than {BYTES_MAX // 1000} kB.")
    try:
        root: ElementTree.Element = SafeTree.fromstring(source)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        why = f"it is not well-formed XML, or declares entities ({error})."
        raise PictureRefused(name=name, why=why) from error
    if root.tag != f"{{{SVG}}}svg":
        raise PictureRefused(name=name, why="its outermost element is not an <svg> of SVG's own.")
    return root


def admit(name: str, root: ElementTree.Element) -> tuple[float, float]:
    """The size of the viewBox, if the picture may be drawn."""
    for count, element in enumerate(root.iter(), start=1):
        if count > ELEMENTS_MAX:
            raise PictureRefused(name=name, why=f"it has more than {ELEMENTS_MAX} elements.")
        for why in _reasons(element):
            raise PictureRefused(name=name, why=why)
    depth, weight = _extent(root)
    if depth > DEPTH_MAX:
        why = f"its groups and references lie more than {DEPTH_MAX} deep, or in a circle."
        raise PictureRefused(name=name, why=why)
    if weight > WEIGHT_MAX:
        raise PictureRefused(name=name, why="it would take too long to draw; use fewer shapes.")
    return _view_box(name, root)


def local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _reasons(element: ElementTree.Element) -> Iterator[str]:
    space, _, kind = str(element.tag).rpartition("}")
    if space != f"{{{SVG}":
        return  # An editor's own notes; the renderer passes over them.
    if kind in _WORDS:
        yield "it holds words, and no font travels with a picture; turn them into paths."
    elif kind not in _SHAPES:
        yield f"it holds a <{kind}>; draw with shapes and gradients only."
    elif kind == "style" and _REACHES.search(_PAINT.sub("", element.text or "")):
        yield "its style reaches for more than a gradient."
    for key, value in element.attrib.items():
        if local(key).lower().startswith("on"):
            yield f"it holds a script ({local(key)})."
        if local(key) == "href" and not value.startswith("#"):
            yield f"it reaches for {value[:60]!r}."
        if _URL.search(_REFERENCE.sub("", value)):
            yield f"its {local(key)} reaches for another file."


def _extent(root: ElementTree.Element) -> tuple[int, int]:
    """How deep and how heavy the picture is once every reference is followed.

    A circle is deeper than any limit. A loop and not a recursion, since it is the depth that is in
    doubt.
    """
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    own = 1 + _LAYER * any(_names_a_layer(style.text) for style in root.iter(f"{{{SVG}}}style"))
    known: dict[ElementTree.Element, tuple[int, int]] = {}
    entered: set[ElementTree.Element] = set()
    waiting: list[ElementTree.Element] = [root]
    while waiting:
        element = waiting[-1]
        below = [*element, *(by_id[name] for name in _references(element) if name in by_id)]
        unknown = [one for one in below if one not in known]
        if element in known:
            waiting.pop()
        elif not unknown:
            depths, weights = (
                zip(*(known[one] for one in below), strict=True) if below else ((), ())
            )
            layer = any(_names_a_layer(f"{key}:{value}") for key, value in element.attrib.items())
            known[element] = (1 + max(depths, default=0), own + _LAYER * layer + sum(weights))
            waiting.pop()
        elif element in entered:
            return DEPTH_MAX + 1, 0
        else:
            entered.add(element)
            waiting += unknown
    return known[root]


def _names_a_layer(text: str | None) -> bool:
    return _LAYERS.search(text or "") is not None


def _references(element: ElementTree.Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        if local(key) == "href":
            yield value.removeprefix("#")
        yield from _REFERENCE.findall(value)


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
