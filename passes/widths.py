"""How wide words are in Inter Light, in hundredths of their size: enough to choose a size, no more.

A phone shrinks a value until it fits and then cuts it; pages do the same with four sizes. Measured
once in a browser; letters with marks are as wide as without.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

_BY_WIDTH: Final = {
    18: "’",
    19: "‘",
    22: "'ł",
    23: "ijlı",
    26: "I",
    27: "!,.:;¡·",
    28: " ",
    31: "|",
    35: "()/[\\]f{}",
    36: "rt“”",
    38: '"',
    44: "_",
    45: "-1^°",
    50: "*?`¿–",
    51: "s",
    53: "kxz",
    54: "J§«»",
    55: "vyŁ",
    56: "7Lac•",
    57: "ŋ",
    58: "ehnuðħ",
    59: "EFoø",
    60: "5gpqßþ",
    61: "02689bdđ",
    62: "&XZÞ",
    63: "#$34PRST£",
    64: "K",
    65: "+<=>BY~±×−",
    66: "AV",
    67: "€",
    72: "DÐĐ",
    73: "C",
    74: "GHU",
    76: "NOQØŊ",
    77: "Ħ",
    80: "%",
    81: "w",
    83: "…",
    86: "m",
    88: "M",
    92: "æ",
    93: "W",
    94: "@Œ",
    98: "Æ",
    99: "œ",
    100: "—",
}
_WIDTHS: Final = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}
_UNKNOWN: Final = 62
_WIDE: Final = 100

SIZES: Final = ("", "m", "s", "xs")
"""The classes of pass.css, from the largest to the smallest."""


def ems(text: str) -> float:
    """The width of one line at size 1."""
    total = 0
    for letter in unicodedata.normalize("NFD", text):
        if (known := _WIDTHS.get(letter)) is not None:
            total += known
        elif unicodedata.category(letter) in ("Mn", "Me", "Cf"):
            continue
        elif unicodedata.east_asian_width(letter) in ("W", "F"):
            total += _WIDE
        else:
            total += _UNKNOWN
    return total / 100


def fit(texts: Sequence[str], sizes: Sequence[float], room: float) -> list[str]:
    """A size class for each of the texts that share a row: the widest shrinks first.

    One that takes no more than its equal share never shrinks for the sake of the others.
    """
    widths = [ems(text) for text in texts]
    chosen = [0] * len(texts)
    last = len(sizes) - 1

    def wide(place: int) -> float:
        return widths[place] * sizes[chosen[place]]

    while sum(map(wide, range(len(texts)))) > room:
        over = [
            place
            for place in range(len(texts))
            if chosen[place] < last and wide(place) * len(texts) > room
        ]
        if not over:
            break
        chosen[max(over, key=wide)] += 1
    return [SIZES[size] for size in chosen]
