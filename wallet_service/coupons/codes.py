"""A coupon's code: `CP` and ten characters of Crockford's base32, the last a check.

Nine random characters are 45 bits: enough that nobody guesses one at a till, short enough to type.
"""

from wallet_service import ids

PREFIX = "CP"
_LENGTH = 10
_READ_AS = str.maketrans("OIL", "011")


def new() -> str:
    """A fresh code."""
    body = ids.random_text(_LENGTH - 1)
    return PREFIX + body + _check(body)


def normalise(typed: str) -> str | None:
    """The code that somebody typed or scanned, or None when it cannot be one."""
    text = "".join(
        character for character in typed.upper() if not character.isspace() and character != "-"
    )
    body = text.removeprefix(PREFIX) if len(text) > _LENGTH else text
    body = body.translate(_READ_AS)
    if len(body) != _LENGTH or any(character not in ids.ALPHABET for character in body):
        return None
    return PREFIX + body if body[-1] == _check(body[:-1]) else None


def _check(body: str) -> str:
    # Each place has an odd weight, so every single wrong character is noticed.
    total = sum(
        (2 * place + 1) * ids.ALPHABET.index(character) for place, character in enumerate(body)
    )
    return ids.ALPHABET[total % 32]
