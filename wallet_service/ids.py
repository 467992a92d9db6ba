"""Names for things: sortable ids, which are no secret, and random text, which may be one."""

import secrets
import threading

from wallet_service import clock

# Crockford's base32: no I, L, O, U, so that it can be read aloud and typed.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_TIME_CHARACTERS = 10  # 50 bits of milliseconds: good until the year 37,000
_RANDOM_CHARACTERS = 10

_last: tuple[int, int] = (0, 0)
_lock = threading.Lock()


def new_id() -> str:
    """A fresh id: 20 lower-case characters that sort by the time they were made."""
    global _last
    milliseconds = int(clock.now().timestamp() * 1000)
    with _lock:
        # Within one millisecond the random part counts on, so that ids of one process keep order.
        if milliseconds == _last[0]:
            chance = (_last[1] + 1 + secrets.randbelow(1024)) % 32**_RANDOM_CHARACTERS
        else:
            chance = secrets.randbits(5 * _RANDOM_CHARACTERS)
        _last = (milliseconds, chance)
    return (base32(milliseconds, _TIME_CHARACTERS) + base32(chance, _RANDOM_CHARACTERS)).lower()


def random_text(length: int) -> str:
    """`length` unguessable characters, 5 bits each, upper case."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def base32(number: int, length: int) -> str:
    """`number` in Crockford's base32, left-padded to `length` characters."""
    characters = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        characters.append(ALPHABET[rest])
    return "".join(reversed(characters))
