"""A code as people read it aloud."""

from __future__ import annotations

_MARK = "LP1"
_LENGTH = 12
_COUPON = "CP"


def caption(code: str) -> str:
    """The code in fours, a card's without the mark that all share; any other as it stands."""
    bare = code.removeprefix(_MARK)
    if (bare == code and not code.startswith(_COUPON)) or len(bare) != _LENGTH:
        return code
    return " ".join(bare[start : start + 4] for start in range(0, _LENGTH, 4))
