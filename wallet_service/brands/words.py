"""What a name, a line, an e-mail address and a web address may be made of.

They go into designs and pages as they are: no quotes, braces, angle brackets or line breaks.
"""

import re
import unicodedata

_NAME = re.compile(r"[^\"\\{}<>\x00-\x1f\x7f]{1,60}")
_LINE = re.compile(r"[^\"\\{}<>\x00-\x1f\x7f]{0,120}")
_EMAIL = re.compile(r"[^@\s\"\\<>]{1,64}@[^@\s\"\\<>]{1,189}")
_WEBSITE = re.compile(r"https?://[^\s\"\\<>{}]{1,200}")


def is_name(text: str) -> bool:
    """Whether somebody or something can be called this."""
    return bool(_NAME.fullmatch(text)) and _is_seen(text)


def is_line(text: str) -> bool:
    """Whether it is one line of plain text, or nothing."""
    return bool(_LINE.fullmatch(text)) and (not text or _is_seen(text))


def is_email(text: str) -> bool:
    """Whether it has the shape of an e-mail address."""
    return bool(_EMAIL.fullmatch(text)) and _is_seen(text)


def is_website(text: str) -> bool:
    """Whether it is an address of pages."""
    return bool(_WEBSITE.fullmatch(text)) and _is_seen(text)


def _is_seen(text: str) -> bool:
    # Characters of no width or that turn the writing round would make two names look alike.
    return bool(text.strip()) and not any(
        unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for each in text
    )
