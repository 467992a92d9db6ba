"""pass.strings: the words that the phone puts in place of keys, a file per language.

UTF-8 without a byte order mark is the one encoding that every known reader takes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from passes.apple.layout import strings_key

if TYPE_CHECKING:
    from passes.plan import Plan

SPOKEN: Final = ("en", "fi", "sv")
"""What the service speaks. Where a phone finds none of its languages it takes whichever it likes,
so each of these has its file, in the design's own language where the design has no other."""

_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'[\\"\x00-\x1f\x7f]')


def write(words: Mapping[str, str]) -> bytes:
    """Lines of `"key" = "text";`, sorted by key."""
    lines = [f'"{_escape(key)}" = "{_escape(words[key])}";\n' for key in sorted(words)]
    return "".join(lines).encode()


def files(plan: Plan) -> dict[str, bytes]:
    """One file per language, all with the same keys."""
    keys = plan.localised_keys()
    return {
        f"{language}.lproj/pass.strings": write(
            {strings_key(key): plan.text(key, language) or "" for key in keys}
        )
        for language in sorted({*plan.texts, *SPOKEN})
    }


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: _ESCAPED.get(found[0]) or f"\\U{ord(found[0]):04x}", text)
