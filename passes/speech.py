"""Words in another language than the page around them, marked so that they are spoken right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

Foreign = Sequence[tuple[str, str]]
"""Words that stand in another language than what is around them, each with that language."""


def span(text: str, language: str) -> Markup:
    """Words in a language of their own."""
    return Markup('<span lang="{}">{}</span>').format(language, text)


def marked(text: str, foreign: Foreign) -> Markup:
    """`text` escaped, and every place in it where `foreign` words stand marked."""
    languages = {words: language for words, language in foreign if words}
    if not languages:
        return escape(text)
    # The longest first, so that a name within a sentence does not break the sentence.
    longest = sorted(languages, key=len, reverse=True)
    found = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?!\w)").split(text)
    return Markup("").join(
        span(part, languages[part]) if place % 2 else part for place, part in enumerate(found)
    )
