"""What a text may hold that a card shows, a till reads aloud, or a caller names."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def plain(text: str) -> str:
    """Raises ValueError."""
    # A line break in a name breaks a pass; U+0000 cannot even be stored.
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ValueError("control characters are not allowed")
    return text


def text(longest: int, shortest: int = 1) -> StringConstraints:
    """So many characters, without the spaces around them."""
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


Note = Annotated[str, text(64), AfterValidator(plain)]
