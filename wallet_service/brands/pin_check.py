"""Whether a PIN is somebody's: five wrong ones in a row lock the person for a while."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.brands import brand, pin, staff, tables
from wallet_service.brands.staff import Staff
from wallet_service.db import Database
from wallet_service.keys import Keyring
from wallet_service.language import Phrase, phrase

ATTEMPTS_MAX = 5
LOCKED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinCheck:
    """Who it was, or why not."""

    staff: Staff | None
    say: Phrase | None = None


def check(
    database: Database, keyring: Keyring, brand_id: str, staff_id: str, typed: str
) -> PinCheck:
    """Whether `typed` is this person's PIN. Each try counts before it is judged, so that many at
    once cannot outrun the lock; the slow part holds no transaction."""
    attempt = database.run(_attempt, brand_id, staff_id, len(typed))
    if isinstance(attempt, PinCheck):
        return attempt
    who, pin_hash = attempt
    if not pin.is_right(keyring, staff_id, typed, pin_hash):
        return PinCheck(staff=None, say=phrase("That is not the right PIN. Try again."))
    database.run(_forget_attempts, brand_id, staff_id)
    return PinCheck(staff=who)


def _attempt(
    connection: Connection, brand_id: str, staff_id: str, digits: int
) -> PinCheck | tuple[Staff, str]:
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
    is_locked = attempts >= ATTEMPTS_MAX
    connection.execute(
        sa.update(tables.staff)
        .where(mine)
        .values(
            pin_attempts=0 if is_locked else attempts,
            locked_until=now + LOCKED if is_locked else None,
        )
    )
    digits_min = brand.get(connection, brand_id).level.pin_digits_min
    if digits < digits_min and digits_min > 4:
        # The shop's level was raised after this PIN was given.
        return PinCheck(
            staff=None,
            say=phrase("Here a PIN has at least {n} digits now. Ask for a new one.", n=digits_min),
        )
    return staff.of_row(row), row.pin_hash


def _forget_attempts(connection: Connection, brand_id: str, staff_id: str) -> None:
    connection.execute(
        sa.update(tables.staff)
        .where(tables.staff.c.brand_id == brand_id, tables.staff.c.staff_id == staff_id)
        .values(pin_attempts=0, locked_until=None)
    )
