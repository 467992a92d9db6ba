"""A code drawn as SVG, to stand in a page.

The card code's alphabet is QR's own short one, so that the code stays coarse and reads fast.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import zxingcpp
from markupsafe import Markup

from passes.errors import BarcodeRefused

_FORMATS: Final = {
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "pdf417": zxingcpp.BarcodeFormat.PDF417,
    "aztec": zxingcpp.BarcodeFormat.Aztec,
    "code128": zxingcpp.BarcodeFormat.Code128,
}
MESSAGE_MAX: Final = 1_000
BROAD: Final = frozenset({"pdf417", "code128"})
"""Codes that are wider than tall."""

_SIZE = re.compile(r'<svg width="(\d+)" height="(\d+)"')
_PATH = re.compile(r'<path d="([^"<>]+)"')


@lru_cache(maxsize=512)
def svg(message: str, format: str = "qr") -> Markup:
    """An `<svg>` element of black on nothing, as large as what is around it; no quiet zone."""
    if format not in _FORMATS:
        raise BarcodeRefused(format=format, why=f"known are {', '.join(_FORMATS)}.")
    if not message or len(message) > MESSAGE_MAX:
        raise BarcodeRefused(format=format, why="its message is empty or too long.")
    options = {"ec_level": "M"} if format == "qr" else {}
    try:
        drawn = zxingcpp.create_barcode(message, _FORMATS[format], **options).to_svg(
            add_quiet_zones=False
        )
    except (ValueError, RuntimeError) as error:
        raise BarcodeRefused(format=format, why=f"{error}.") from error
    return _bare(drawn, "none" if format in BROAD else "xMidYMid")


def _bare(drawn: str, fitted: str) -> Markup:
    """The writer's own file has a doctype and a white ground; a page wants the shapes alone."""
    size, path = _SIZE.search(drawn), _PATH.search(drawn)
    if size is None or path is None:
        raise BarcodeRefused(format="SVG", why="the writer gave no shapes.")
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" preserveAspectRatio="{}" '
        'shape-rendering="crispEdges" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    ).format(*size.groups(), fitted, path[1])
