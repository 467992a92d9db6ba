"""What a text may hold that a card shows, a till reads aloud, or a caller names."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

# Unicode's property Bidi_Control: a name would turn round whatever stands after it.
_TURNS = re.compile(r"[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]")
# Letters, marks and signs by their category that leave an empty place or nothing at all.
_BLANK = re.compile(
    r"[\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2065\u2800\u3164\uFE00-\uFE0F\uFFA0"
    r"\uFFF0-\uFFF8\U000E0000-\U000E0FFF]"
)


# What `plain` takes, for a reader of the schema; few regular expressions know more of Unicode.
_NONE = (
    r"\x00-\x1f\x7f-\x9f\u2028\u2029"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
)
_AROUND = r"[\t-\r ]*"  # taken off before anything else is looked at
ANY = f"^{_AROUND}[^{_NONE}]*{_AROUND}$"
SOME = f"^{_AROUND}[^{_NONE}]*[^{_NONE}\\s][^{_NONE}]*{_AROUND}$"
SHORT = f"^[^{_NONE}\\s]*$"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Shows in the schema what a validator takes."""

    text: str

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "pattern": self.text}


def plain(text: str) -> str:
    """A text of one line, of characters that are some. Raises ValueError."""
    for character in text:
        # A line break in a name breaks a pass; U+0000 cannot even be stored.
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            raise ValueError("control characters and line breaks are not allowed")
        if _is_none(character):
            raise ValueError("what Unicode says is no character is not allowed")
    if _TURNS.search(text):
        raise ValueError("characters that turn the direction of writing are not allowed")
    return text


def name(text: str) -> str:
    """What a person is called. Raises ValueError.

    The first character may stand alone, as an initial; further in, some languages and many emoji
    need characters that nobody sees.
    """
    if text and not _is_seen(plain(text)[0]):
        raise ValueError("a name begins with a character that can be seen")
    return text


def seen(text: str) -> str:
    """A text in which nothing is hidden: two that look the same are the same. Raises ValueError."""
    if not text.isprintable() or _BLANK.search(text):
        raise ValueError("hidden characters are not allowed")
    return text


def text(longest: int, shortest: int = 1) -> StringConstraints:
    """So many characters, without the spaces around them."""
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


Note = Annotated[str, text(64), AfterValidator(plain), Pattern(SOME)]


def _is_none(character: str) -> bool:
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _is_seen(character: str) -> bool:
    # Unassigned (Cn): this Python's tables may be older than somebody's emoji.
    category = unicodedata.category(character)
    return (category[0] in "LNPS" or category == "Cn") and not _BLANK.match(character)
