"""What may be known of a person, as somebody types it: a name, an address, a number, a day."""

import re
import unicodedata
from datetime import date

NAME_LENGTH_MAX = 100
EMAIL_LENGTH_MAX = 254
PHONE_LENGTH_MAX = 32

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,24}")
# Unicode's property Bidi_Control: a name would turn round whatever stands after it.
_TURNS = re.compile(r"[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]")


def is_name(text: str) -> bool:
    """Whether somebody can be called this, or part of it. A line break in a name breaks a pass."""
    if len(text) > NAME_LENGTH_MAX or _TURNS.search(text):
        return False
    if any(unicodedata.category(each) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") for each in text):
        return False
    return not text or text[0].isprintable()


def is_email(text: str) -> bool:
    """Whether it has the shape of an address, with nothing hidden in it."""
    is_short = len(text) <= EMAIL_LENGTH_MAX
    return is_short and bool(_EMAIL.fullmatch(text)) and text.isprintable()


def is_phone(text: str) -> bool:
    """Whether it has the shape of a telephone number."""
    return len(text) <= PHONE_LENGTH_MAX and bool(_PHONE.fullmatch(text))


def is_birthday(day: date, today: date) -> bool:
    """Whether somebody who lives can have been born then."""
    return date(today.year - 130, 1, 1) <= day <= today
