"""A PIN: a *who*, not a secret that opens the door; it is asked on a till that was paired.

It is kept as argon2id with a pepper, which a stolen database does not have.
"""

import re

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from wallet_service.errors import Refusal
from wallet_service.keys import Keyring
from wallet_service.language import phrase

DIGITS_MAX = 8

_DIGITS = re.compile(r"\d+", re.ASCII)
# A four-digit PIN is guessed in ten thousand tries whatever the cost; the pepper and the lock
# are what protect it, so the hash may be quick enough for a queue of customers.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class WeakPin(Refusal):
    """A PIN is four to eight digits, and at some levels at least six."""

    code = "weak_pin"


def require(pin: str, digits_min: int) -> None:
    """Raise WeakPin when this cannot be a PIN."""
    if not _DIGITS.fullmatch(pin) or not digits_min <= len(pin) <= DIGITS_MAX:
        if digits_min > 4:
            raise WeakPin(phrase("Here a PIN is {n} to eight digits.", n=digits_min))
        raise WeakPin(phrase("A PIN is four to eight digits."))


def kept(keyring: Keyring, staff_id: str, pin: str) -> str:
    """What is kept of a person's PIN."""
    return _hasher.hash(_peppered(keyring, staff_id, pin))


def is_right(keyring: Keyring, staff_id: str, pin: str, pin_hash: str) -> bool:
    """Whether it is this person's PIN."""
    try:
        return _hasher.verify(pin_hash, _peppered(keyring, staff_id, pin))
    except Argon2Error:
        return False


def _peppered(keyring: Keyring, staff_id: str, pin: str) -> bytes:
    # The first key is used for ever: a rotated key would otherwise forget every PIN.
    return keyring.derive("pin", f"{staff_id}|{pin}", keyring.first_id)
