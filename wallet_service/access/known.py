"""Browsers that have signed in before: they count their wrong tries by themselves.

Otherwise five wrong guesses at a known address would lock its owner out, again and again.
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies (2026-11-25)
"""

import hmac
import re
import secrets
from dataclasses import dataclass

from wallet_service.keys import Keyring

# Of a shop's computer, the few who share it; the one who came longest ago goes first.
PEOPLE_MAX = 4

_WRITTEN = re.compile(rf"[\w-]{{22}}(\.[0-9a-f]{{32}}){{1,{PEOPLE_MAX}}}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Known:
    """What a browser shows of those who signed in with it: nothing that says who they are."""

    nonce: str
    marks: tuple[str, ...]

    def has_been(self, keyring: Keyring, email_key: str) -> bool:
        """Whether somebody with this address has signed in with this browser."""
        made = [_mark(keyring, self.nonce, email_key, each) for each in sorted(keyring.ids)]
        pairs = [(one, other) for one in made for other in self.marks]
        return any(hmac.compare_digest(one, other) for one, other in pairs)

    def after(self, keyring: Keyring, email_key: str) -> "Known":
        """This browser, once somebody has signed in with it."""
        nonce = self.nonce or secrets.token_urlsafe(16)
        mine = _mark(keyring, nonce, email_key, keyring.current_id)
        others = tuple(each for each in self.marks if each != mine)
        return Known(nonce=nonce, marks=(mine, *others)[:PEOPLE_MAX])

    def written(self) -> str:
        """As the browser keeps it."""
        return ".".join((self.nonce, *self.marks))


STRANGER = Known(nonce="", marks=())


def read(written: str) -> Known:
    """What a browser shows; a stranger where it shows nothing of ours."""
    if not _WRITTEN.fullmatch(written):
        return STRANGER
    nonce, *marks = written.split(".")
    return Known(nonce=nonce, marks=tuple(marks))


def _mark(keyring: Keyring, nonce: str, email_key: str, key_id: str) -> str:
    return keyring.derive("known-browser", f"{nonce}|{email_key}", key_id).hex()[:32]
