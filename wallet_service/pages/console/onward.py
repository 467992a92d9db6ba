"""Where somebody goes on after signing in: a page of the console, and never anywhere else."""

import re
from urllib.parse import quote

from flask import request

HOME = "/console"

_LENGTH_MAX = 500
# One slash at a time, no backslash (browsers take it for a slash), no step up, nothing unseen.
_LOCAL = re.compile(r"/console(?:[/?](?!/)(?:[^/\\\x00-\x20\x7f]|/(?!/))*)?")


def wanted() -> str:
    """The page that `next` names in the address or in the form; the home when it is not ours."""
    return local(request.values.get("next", ""))


def local(path: str) -> str:
    """`path`, if it is one of the console; else the console's home."""
    is_ours = len(path) <= _LENGTH_MAX and _LOCAL.fullmatch(path) is not None
    return path if is_ours and ".." not in path else HOME


def through(address: str, onward: str) -> str:
    """An address that leads on to `onward` in the end."""
    return address if onward == HOME else f"{address}?next={quote(onward, safe='/')}"
