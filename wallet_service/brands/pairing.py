"""Pairing: a device becomes a till with a code that is used once, and keeps a secret then."""

import hashlib
import hmac
import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.audit import SERVICE, Actor
from wallet_service.brands import reach, tables
from wallet_service.brands.till import Till, get, mine, of_row, tell
from wallet_service.errors import Refusal
from wallet_service.language import phrase

PAIRING_LASTS = timedelta(minutes=10)
_CODE_LENGTH = 8


class WrongPairingCode(Refusal):
    """The code was mistyped, used already, or too old."""

    code = "wrong_pairing_code"


def pairing_code(
    connection: Connection, till: Till, *, lasts: timedelta = PAIRING_LASTS, actor: Actor
) -> str:
    """A new one-time code for a till, to be typed on the device; the one before ends.

    Raises UnknownTill, NotYours.
    """
    before = get(connection, till.brand_id, till.till_id)
    reach.require_places(connection, till.brand_id, actor, (before.location_id,))
    code = ids.random_text(_CODE_LENGTH)
    connection.execute(
        mine(till).values(pairing_hash=_hash(code), pairing_expires_at=clock.now() + lasts)
    )
    say = phrase("{who} asked for a code to pair the till {till}", till=before.name)
    tell(connection, till, actor, say)
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
            shift_staff_id=None,
            shift_since=None,
            shift_seen=None,
        )
    )
    tell(connection, of_row(row), SERVICE, phrase("A device became the till {till}", till=row.name))
    return of_row(row), f"{row.till_id}.{secret}"


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
    return of_row(row) if row is not None and is_held and right else None


def _as_printed(typed: str) -> str:
    # People type O for 0 and I or L for 1; the alphabet has neither.
    kept = typed.upper().translate(str.maketrans("OIL", "011"))
    return "".join(character for character in kept if character in ids.ALPHABET)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
