"""People who work for a brand, and their PINs.

A PIN is a *who*, not a secret that opens the door: it is asked on a till that was paired. It is
kept as argon2id with a pepper, and five wrong ones in a row lock the person for a while.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.brands import roles, tables
from wallet_service.brands.roles import Intention, Role
from wallet_service.db import Database
from wallet_service.errors import Refusal
from wallet_service.keys import Keyring
from wallet_service.language import Phrase, phrase

ATTEMPTS_MAX = 5
LOCKED = timedelta(minutes=15)

_PIN = re.compile(r"\d{4,8}", re.ASCII)
# A four-digit PIN is guessed in ten thousand tries whatever the cost; the pepper and the lock
# are what protect it, so the hash may be quick enough for a queue of customers.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """One who works for a brand."""

    brand_id: str
    staff_id: str
    name: str
    role: Role
    locations: frozenset[str] = frozenset()
    account_id: str | None = None
    has_pin: bool = True

    def may(self, intention: Intention) -> bool:
        """Whether this person's role allows it."""
        return roles.may(self.role, intention)

    def works_at(self, location_id: str) -> bool:
        """Whether this person works at a location."""
        return roles.reaches(self.locations, location_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinCheck:
    """Who it was, or why not."""

    staff: Staff | None
    say: Phrase | None = None


class NameTaken(Refusal):
    """Somebody of this name works here already; a till could not tell them apart."""

    code = "name_taken"


class WeakPin(Refusal):
    """A PIN is four to eight digits."""

    code = "weak_pin"


def add(connection: Connection, keyring: Keyring, brand_id: str, name: str, pin: str) -> Staff:
    """Add a person with a PIN. Raises WeakPin or NameTaken."""
    _check_strength(pin)
    if by_name(connection, brand_id, name) is not None:
        raise NameTaken(phrase("{name} works here already; give another name.", name=name))
    staff = Staff(brand_id=brand_id, staff_id=ids.new_id(), name=name, role=Role.CASHIER)
    connection.execute(
        sa.insert(tables.staff).values(
            brand_id=brand_id,
            staff_id=staff.staff_id,
            name=name,
            role=Role.CASHIER,
            locations=[],
            pin_hash=_hasher.hash(_peppered(keyring, staff.staff_id, pin)),
            pin_attempts=0,
            created_at=clock.now(),
        )
    )
    return staff


def set_pin(connection: Connection, keyring: Keyring, staff: Staff, pin: str) -> None:
    """Give a person another PIN, and a new start if it was locked. Raises WeakPin."""
    _check_strength(pin)
    connection.execute(
        sa.update(tables.staff)
        .where(tables.staff.c.brand_id == staff.brand_id, tables.staff.c.staff_id == staff.staff_id)
        .values(
            pin_hash=_hasher.hash(_peppered(keyring, staff.staff_id, pin)),
            pin_attempts=0,
            locked_until=None,
        )
    )


def end(connection: Connection, staff: Staff) -> None:
    """Let a person go: no till knows them any more; what they did stays theirs."""
    connection.execute(
        sa.update(tables.staff)
        .where(tables.staff.c.brand_id == staff.brand_id, tables.staff.c.staff_id == staff.staff_id)
        .values(ended_at=clock.now())
    )


def by_name(connection: Connection, brand_id: str, name: str) -> Staff | None:
    """Who works here under this name, in any case."""
    found = [each for each in of(connection, brand_id) if each.name.casefold() == name.casefold()]
    return found[0] if found else None


def of(connection: Connection, brand_id: str) -> tuple[Staff, ...]:
    """Those who work for a brand now, by name."""
    rows = connection.execute(
        sa.select(tables.staff)
        .where(tables.staff.c.brand_id == brand_id, tables.staff.c.ended_at.is_(None))
        .order_by(tables.staff.c.name, tables.staff.c.staff_id)
    )
    return tuple(_staff(row) for row in rows)


def of_account(connection: Connection, account_id: str) -> tuple[Staff, ...]:
    """What an account is in each brand that it works for now, the oldest brand first."""
    rows = connection.execute(
        sa.select(tables.staff)
        .where(tables.staff.c.account_id == account_id, tables.staff.c.ended_at.is_(None))
        .order_by(tables.staff.c.brand_id)
    )
    return tuple(_staff(row) for row in rows)


def get(connection: Connection, brand_id: str, staff_id: str) -> Staff | None:
    """One who works for a brand now, or None."""
    found = [each for each in of(connection, brand_id) if each.staff_id == staff_id]
    return found[0] if found else None


def check_pin(
    database: Database, keyring: Keyring, brand_id: str, staff_id: str, pin: str
) -> PinCheck:
    """Whether `pin` is this person's. Each try counts before it is judged, so that many at once
    cannot outrun the lock; the slow part holds no transaction."""
    attempt = database.run(_attempt, brand_id, staff_id)
    if isinstance(attempt, PinCheck):
        return attempt
    staff, pin_hash = attempt
    try:
        _hasher.verify(pin_hash, _peppered(keyring, staff_id, pin))
    except Argon2Error:
        return PinCheck(staff=None, say=phrase("That is not the right PIN. Try again."))
    database.run(_forget_attempts, brand_id, staff_id)
    return PinCheck(staff=staff)


def _staff(row: sa.Row[tuple[object, ...]]) -> Staff:
    return Staff(
        brand_id=row.brand_id,
        staff_id=row.staff_id,
        name=row.name,
        role=Role(row.role),
        locations=frozenset(row.locations),
        account_id=row.account_id,
        has_pin=row.pin_hash is not None,
    )


def _check_strength(pin: str) -> None:
    if not _PIN.fullmatch(pin):
        raise WeakPin(phrase("A PIN is four to eight digits."))


def _attempt(connection: Connection, brand_id: str, staff_id: str) -> PinCheck | tuple[Staff, str]:
    mine = (tables.staff.c.brand_id == brand_id) & (tables.staff.c.staff_id == staff_id)
    row = connection.execute(
        sa.select(tables.staff).where(mine, tables.staff.c.ended_at.is_(None)).with_for_update()
    ).first()
    if row is None or row.pin_hash is None:
        return PinCheck(staff=None, say=phrase("That is not the right PIN. Try again."))
    now = clock.now()
    if row.locked_until and row.locked_until > now:
        return PinCheck(
            staff=None,
            say=phrase("Too many wrong PINs. Wait a quarter of an hour, or ask the owner."),
        )
    attempts = row.pin_attempts + 1
    locked = attempts >= ATTEMPTS_MAX
    connection.execute(
        sa.update(tables.staff)
        .where(mine)
        .values(
            pin_attempts=0 if locked else attempts, locked_until=now + LOCKED if locked else None
        )
    )
    return _staff(row), row.pin_hash


def _forget_attempts(connection: Connection, brand_id: str, staff_id: str) -> None:
    connection.execute(
        sa.update(tables.staff)
        .where(tables.staff.c.brand_id == brand_id, tables.staff.c.staff_id == staff_id)
        .values(pin_attempts=0, locked_until=None)
    )


def _peppered(keyring: Keyring, staff_id: str, pin: str) -> bytes:
    # The first key is used for ever: a rotated key would otherwise forget every PIN.
    return keyring.derive("pin", f"{staff_id}|{pin}", keyring.first_id)
