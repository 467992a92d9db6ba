"""Tills: devices at a counter, let in once with a pairing code."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.brands import tables
from wallet_service.errors import Refusal
from wallet_service.language import phrase

PAIRING_LASTS = timedelta(minutes=10)
_CODE_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A device at a counter. `source` names it in what it tells us (`idempotency`).

    `shift` is the number of the shift that may work at it.
    """

    brand_id: str
    till_id: str
    location_id: str
    name: str
    shift: int

    @property
    def source(self) -> str:
        return f"till:{self.till_id}"


class WrongPairingCode(Refusal):
    """The code was mistyped, used already, or too old."""

    code = "wrong_pairing_code"


def add(connection: Connection, brand_id: str, location_id: str, name: str) -> Till:
    """Add a till to a location; it still has to be paired."""
    till = Till(
        brand_id=brand_id, till_id=ids.new_id(), location_id=location_id, name=name, shift=0
    )
    connection.execute(
        sa.insert(tables.till).values(
            brand_id=brand_id,
            till_id=till.till_id,
            location_id=location_id,
            name=name,
            shift=till.shift,
            created_at=clock.now(),
        )
    )
    return till


def pairing_code(connection: Connection, till: Till, *, lasts: timedelta = PAIRING_LASTS) -> str:
    """A new one-time code for a till, to be typed on the device; the one before ends."""
    code = ids.random_text(_CODE_LENGTH)
    connection.execute(
        sa.update(tables.till)
        .where(tables.till.c.brand_id == till.brand_id, tables.till.c.till_id == till.till_id)
        .values(pairing_hash=_hash(code), pairing_expires_at=clock.now() + lasts)
    )
    return f"{code[:4]} {code[4:]}"


def pair(connection: Connection, typed: str) -> tuple[Till, str]:
    """Let a device in: the till, and the secret that the device keeps. Raises WrongPairingCode.

    A device that held this till before is out from now on.
    """
    row = connection.execute(
        sa.select(tables.till)
        .where(
            tables.till.c.pairing_hash == _hash(_as_printed(typed)),
            tables.till.c.pairing_expires_at > clock.now(),
            tables.till.c.ended_at.is_(None),
        )
        .with_for_update()
    ).first()
    if row is None:
        raise WrongPairingCode(
            phrase("That code is not right, or it is older than ten minutes. Ask for a new one.")
        )
    secret = secrets.token_urlsafe(32)
    connection.execute(
        sa.update(tables.till)
        .where(tables.till.c.brand_id == row.brand_id, tables.till.c.till_id == row.till_id)
        .values(
            secret_hash=_hash(secret),
            pairing_hash=None,
            pairing_expires_at=None,
            paired_at=clock.now(),
        )
    )
    return _till(row), f"{row.till_id}.{secret}"


def next_shift(connection: Connection, till: Till) -> int:
    """End the shift at a till, if there is one; the number that the next must carry."""
    row = tables.till
    return int(
        connection.execute(
            sa.update(row)
            .where(row.c.brand_id == till.brand_id, row.c.till_id == till.till_id)
            .values(shift=row.c.shift + 1)
            .returning(row.c.shift)
        ).scalar_one()
    )


def by_secret(connection: Connection, secret: str) -> Till | None:
    """The till whose device keeps this secret, or None."""
    till_id, _, proof = secret.partition(".")
    row = connection.execute(
        sa.select(tables.till).where(
            tables.till.c.till_id == till_id, tables.till.c.ended_at.is_(None)
        )
    ).first()
    kept = (row.secret_hash if row else None) or _hash("")
    right = hmac.compare_digest(kept.encode(), _hash(proof).encode())
    # A till that no device holds yet has no secret, and nothing proves itself with that.
    is_held = row is not None and row.secret_hash is not None
    return _till(row) if row is not None and is_held and right else None


def of(connection: Connection, brand_id: str) -> tuple[Till, ...]:
    """The tills of a brand, oldest first."""
    rows = connection.execute(
        sa.select(tables.till)
        .where(tables.till.c.brand_id == brand_id, tables.till.c.ended_at.is_(None))
        .order_by(tables.till.c.till_id)
    )
    return tuple(_till(row) for row in rows)


def _till(row: sa.Row[tuple[object, ...]]) -> Till:
    return Till(
        brand_id=row.brand_id,
        till_id=row.till_id,
        location_id=row.location_id,
        name=row.name,
        shift=row.shift,
    )


def _as_printed(typed: str) -> str:
    # People type O for 0 and I or L for 1; the alphabet has neither.
    kept = typed.upper().translate(str.maketrans("OIL", "011"))
    return "".join(character for character in kept if character in ids.ALPHABET)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
