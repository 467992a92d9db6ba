"""Codes as SVG, read back by a scanner."""

from __future__ import annotations

import re

import pytest
import zxingcpp

from passes import barcode
from passes.code import caption
from passes.errors import BarcodeRefused

_BOX = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+[zZ]")


def scanned(svg: str, scale: int = 4, margin: int = 10) -> list[str]:
    size = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert size
    width, height = (int(side) * scale + 2 * margin for side in size.groups())
    dots = bytearray(b"\xff" * width * height)
    for left, top, wide, high in (tuple(map(int, box)) for box in _BOX.findall(svg)):
        for row in range(margin + top * scale, margin + (top + high) * scale):
            start = row * width + margin + left * scale
            dots[start : start + wide * scale] = bytes(wide * scale)
    image = memoryview(dots).cast("B", (height, width))
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("format", ["qr", "pdf417", "aztec", "code128"])
def test_a_scanner_reads_the_code(format: str) -> None:
    assert scanned(barcode.svg("LP17K3MX9Q2TBVD", format)) == ["LP17K3MX9Q2TBVD"]


def test_the_card_code_stays_a_coarse_square() -> None:
    assert 'viewBox="0 0 21 21"' in barcode.svg("LP17K3MX9Q2TBVD")


@pytest.mark.parametrize(("message", "format"), [("", "qr"), ("x" * 1001, "qr"), ("x", "ean13")])
def test_what_cannot_be_drawn_is_refused_with_a_sentence(message: str, format: str) -> None:
    with pytest.raises(BarcodeRefused, match="cannot be drawn"):
        barcode.svg(message, format)


def test_a_code_is_read_aloud_in_fours() -> None:
    assert caption("LP17K3MX9Q2TBVD") == "7K3M X9Q2 TBVD"
    assert caption("ABC") == "ABC"
    assert caption("LP1ABC") == "LP1ABC"
