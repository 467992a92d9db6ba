"""What each scope of an API key opens, in words."""

from collections.abc import Collection

from wallet_service.language import Phrase, phrase

# Those that open something today come first; the others are kept for what is to come.
_WORDS: dict[str, Phrase] = {
    "members": phrase("Read, add, change and erase members; read a card by its code"),
    "members:read": phrase("Read members; read a card by its code"),
    "sales": phrase("Record, take back and correct; read a card by its code"),
    "sales:read": phrase("Read a card by its code"),
    "coupons": phrase("Make offers; give coupons, use them and let people in"),
    "coupons:read": phrase("Look at offers and coupons"),
    "ledger:read": phrase("Read the ledger"),
    "practice": phrase("Drive the clock, in practice mode"),
}


def offered() -> tuple[tuple[str, Phrase], ...]:
    """The scopes that open something today, each in words."""
    return tuple(_WORDS.items())


def said(scopes: Collection[str]) -> tuple[Phrase, ...]:
    """What a key with these scopes opens; what opens nothing yet stands together at the end."""
    wide = [scope for scope in scopes if scope.removesuffix(":read") not in set(scopes) - {scope}]
    now = [words for scope, words in _WORDS.items() if scope in wide]
    later = sorted(set(wide) - set(_WORDS))
    if later:
        now.append(phrase("Kept for what is to come: {scopes}", scopes=", ".join(later)))
    return tuple(now)
