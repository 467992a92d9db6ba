"""Passwords: what makes a good one, and how one is kept: argon2id, in memory that is bounded.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html (2026-11-25)
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection
from zxcvbn import zxcvbn

from wallet_service import clock
from wallet_service.access import tables
from wallet_service.access.errors import Crowded, WeakPassword
from wallet_service.language import Phrase, phrase

LENGTH_MIN, LENGTH_MAX = 12, 128

_SCORE_MIN = 3
_UNKNOWN_MIN = 6
# What is strong so far gets no weaker behind it, and zxcvbn's work must have an end: it tries each
# way in which these signs could stand for letters, which for all of them at once takes seconds.
_JUDGED = 24
_SIGNS = frozenset("4@8({[<369!1|0$57+%2")
_SIGNS_MAX = 8
_WAIT_SECONDS = 3.0

_hasher = PasswordHasher(time_cost=2, memory_cost=47_104, parallelism=1)
# Each takes 46 MiB for a twentieth of a second; whoever comes when four are at it waits in line,
# and not for long: each who waits holds a thread that a till could use.
_at_once = threading.BoundedSemaphore(4)
# zxcvbn keeps what it was told of the person in a global.
_judging = threading.Lock()

# Of a password that nobody knows: for an unknown account the same work is done as for a known one.
_NOBODYS = (
    "$argon2id$v=19$m=47104,t=2,p=1$U4Thhln5nfhp8sPNCYzJww"
    "$+KVkBvxl/TrOnRAy12Lh1pONoBQlVurE5402JeSED48"
)


def check_strength(password: str, *known: str) -> None:
    """Raise WeakPassword, with what to mend; or Crowded.

    `known` is what others know: name, address, the shop.
    """
    weakness = _weakness(_plain(password), known)
    if weakness is not None:
        raise WeakPassword(weakness)


def hashed(password: str) -> str:
    """A password as it is kept. Slow by intent: call it outside a transaction. Raises Crowded."""
    with _turn(_at_once):
        return _hasher.hash(_plain(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether this is the password that was kept. None takes just as long, and is never right.

    Raises Crowded.
    """
    with _turn(_at_once):
        try:
            _hasher.verify(kept or _NOBODYS, _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_dated(kept: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def put(connection: Connection, account_id: str, password_hash: str) -> None:
    """Let an account have this password from now on."""
    connection.execute(
        sa.update(tables.account)
        .where(tables.account.c.account_id == account_id)
        .values(password_hash=password_hash, password_set_at=clock.now())
    )


def rehash(connection: Connection, account_id: str, *, old: str, new: str) -> bool:
    """Keep the same password under newer parameters; False when another was chosen meanwhile."""
    kept = connection.execute(
        sa.update(tables.account)
        .where(tables.account.c.account_id == account_id, tables.account.c.password_hash == old)
        .values(password_hash=new)
    )
    return kept.rowcount == 1


def set(connection: Connection, account_id: str, password: str) -> None:
    """Give an account a password, for a command at which nobody waits for the database."""
    put(connection, account_id, hashed(password))


def kept(connection: Connection, account_id: str) -> str | None:
    """An account's password as it is kept."""
    return connection.execute(
        sa.select(tables.account.c.password_hash).where(tables.account.c.account_id == account_id)
    ).scalar()


def _plain(password: str) -> str:
    # An ä is one key on one keyboard and two on another. A lone surrogate is no text at all.
    text = unicodedata.normalize("NFKC", password)
    return text.encode("utf-8", "replace").decode()


def _weakness(password: str, known: Iterable[str]) -> Phrase | None:
    if len(password) < LENGTH_MIN:
        return phrase(
            "Take at least {n} characters. Three or four words that have nothing to do with each"
            " other are easy to remember.",
            n=LENGTH_MIN,
        )
    if len(password) > LENGTH_MAX:
        return phrase("Take {n} characters at most.", n=LENGTH_MAX)
    words = _words(known)
    with _turn(_judging):
        judged = zxcvbn(_beginning(password), user_inputs=words)
    if judged["score"] >= _SCORE_MIN:
        return None if _has_more_than(words, password) else _said("", "user_inputs")
    # The part that covers most of it is what makes it weak.
    worst = max(judged["sequence"], key=lambda part: len(part["token"]))
    return _said(worst["pattern"], worst.get("dictionary_name", ""))


def _beginning(password: str) -> str:
    """As much of a password as is judged."""
    seen: list[str] = []
    for place, sign in enumerate(password[:_JUDGED]):
        if sign in _SIGNS and sign not in seen:
            seen.append(sign)
        if len(seen) > _SIGNS_MAX:
            return password[: max(place, LENGTH_MIN)]
    return password[:_JUDGED]


@contextmanager
def _turn(line: "threading.Lock | threading.Semaphore") -> Iterator[None]:
    if not line.acquire(timeout=_WAIT_SECONDS):
        raise Crowded(
            phrase("Many are signing in just now. Nothing was tried; try again in a moment."),
            retry_after=5,
        )
    try:
        yield
    finally:
        line.release()


def _has_more_than(words: list[str], password: str) -> bool:
    # Many known words score well together, though they are known all the same.
    left = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return sum(each.isalnum() for each in left) >= _UNKNOWN_MIN


def _said(pattern: str, dictionary: str) -> Phrase:
    if dictionary == "user_inputs":
        return phrase("Your name, your address and the shop are what others try first.")
    match pattern:
        case "dictionary":
            return phrase("That is made of words or passwords that many people take. Add others.")
        case "date":
            return phrase("Dates and years are quickly guessed. Take words instead.")
        case "repeat" | "sequence" | "spatial":
            return phrase("Rows, repeats and neighbouring keys are quickly guessed. Take words.")
        case _:
            return phrase("That is too easily guessed. Add a word or two.")


def _words(known: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for text in known:
        for word in (text, *re.split(r"[\W_]+", text)):
            if len(word) >= 3:
                found[word.casefold()] = None
    return list(found)
