"""Colours: read from a design, written as Apple wants them, compared for contrast."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")


@dataclass(frozen=True, slots=True)
class Colour:
    """One opaque colour."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> Colour | None:
        """`#abc`, `#aabbcc` or `rgb(r, g, b)`; None for anything else."""
        if found := _HEX.fullmatch(text.strip()):
            digits = found.group(1)
            if len(digits) == 3:
                digits = "".join(digit * 2 for digit in digits)
            return cls(*bytes.fromhex(digits))
        if found := _RGB.fullmatch(text.strip()):
            red, green, blue = (int(part) for part in found.groups())
            if max(red, green, blue) <= 255:
                return cls(red, green, blue)
        return None

    def rgb(self) -> str:
        return f"rgb({self.red}, {self.green}, {self.blue})"

    def hex(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    def luminance(self) -> float:
        def linear(part: int) -> float:
            share = part / 255
            return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

        return 0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)


def contrast(one: Colour, other: Colour) -> float:
    """From 1 to 21, as WCAG 2 counts it."""
    light, dark = sorted((one.luminance(), other.luminance()), reverse=True)
    return (light + 0.05) / (dark + 0.05)
