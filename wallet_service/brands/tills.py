"""Tills: devices at a counter, let in once with a pairing code, and who stands at each.

The device's browser keeps one secret; the shift is the till's own, so that it ends for whatever
browser, and one that was copied says nothing of who is there.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock, ids
from wallet_service.audit import SERVICE, Actor
from wallet_service.brands import location, reach, tables, words
from wallet_service.brands.levels import Level
from wallet_service.errors import Refusal
from wallet_service.language import Phrase, phrase

PAIRING_LASTS = timedelta(minutes=10)
_CODE_LENGTH = 8
# A touch is written down at most this often: reading pages must not make writes.
TOUCHED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A device at a counter. `source` names it in what it tells us (`idempotency`).

    `shift` counts who took it over; `shift_staff_id` is who did last, None when it was left.
    """

    brand_id: str
    till_id: str
    location_id: str
    name: str
    shift: int
    shift_staff_id: str | None = None
    shift_since: datetime | None = None
    shift_seen: datetime | None = None

    def is_on(self, level: Level, now: datetime) -> bool:
        """Whether somebody stands here, not for too long, and touched it not too long ago."""
        if self.shift_since is None or self.shift_seen is None:
            return False
        is_idle = now - self.shift_seen > level.till_idle
        return not is_idle and now - self.shift_since <= level.shift_lasts

    @property
    def source(self) -> str:
        return f"till:{self.till_id}"


class WrongPairingCode(Refusal):
    """The code was mistyped, used already, or too old."""

    code = "wrong_pairing_code"


class TillRefused(Refusal):
    """A till cannot be called that. `facts` name the field."""

    code = "bad_till"


class UnknownTill(Refusal):
    """The brand has no such till now."""

    code = "unknown_till"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A till, since when a device is it, until when a code waits, and who was seen there last."""

    till: Till
    paired_at: datetime | None
    code_until: datetime | None
    seen_at: datetime | None
    staff_id: str | None


def add(
    connection: Connection, brand_id: str, location_id: str, name: str, *, actor: Actor
) -> Till:
    """Add a till to a location; it still has to be paired.

    Raises TillRefused, UnknownLocation, NotYours.
    """
    till = Till(
        brand_id=brand_id, till_id=ids.new_id(), location_id=location_id, name=name.strip(), shift=0
    )
    place = location.get(connection, brand_id, location_id)
    reach.require_places(connection, brand_id, actor, (location_id,))
    _check(connection, till)
    connection.execute(
        sa.insert(tables.till).values(
            brand_id=brand_id,
            till_id=till.till_id,
            location_id=location_id,
            name=till.name,
            shift=till.shift,
            created_at=clock.now(),
        )
    )
    say = phrase("{who} added the till {till} in {place}", till=till.name, place=place.name)
    _tell(connection, till, actor, say)
    return till


def change(connection: Connection, till: Till, *, actor: Actor) -> Till:
    """Make a till's name and place what `till` says now; the device at it stays.

    Raises UnknownTill, TillRefused, UnknownLocation, NotYours.
    """
    before = get(connection, till.brand_id, till.till_id)
    after = replace(before, name=till.name.strip(), location_id=till.location_id)
    if after == before:
        return before
    places = (before.location_id, after.location_id)
    reach.require_places(connection, till.brand_id, actor, places)
    old, new = (location.get(connection, till.brand_id, each) for each in places)
    _check(connection, after)
    connection.execute(_mine(till).values(name=after.name, location_id=after.location_id))
    if before.name != after.name:
        say = phrase("{who} renamed the till {old} to {new}", old=before.name, new=after.name)
        _tell(connection, till, actor, say)
    if old != new:
        _tell(
            connection,
            till,
            actor,
            phrase(
                "{who} moved the till {till} from {old} to {new}",
                till=after.name,
                old=old.name,
                new=new.name,
            ),
        )
    return after


def end(connection: Connection, till: Till, *, actor: Actor) -> None:
    """End a till: its device is out at once. Raises UnknownTill, NotYours."""
    before = get(connection, till.brand_id, till.till_id)
    reach.require_places(connection, till.brand_id, actor, (before.location_id,))
    connection.execute(
        _mine(till).values(ended_at=clock.now(), pairing_hash=None, pairing_expires_at=None)
    )
    _tell(connection, till, actor, phrase("{who} ended the till {till}", till=before.name))


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
        _mine(till).values(pairing_hash=_hash(code), pairing_expires_at=clock.now() + lasts)
    )
    say = phrase("{who} asked for a code to pair the till {till}", till=before.name)
    _tell(connection, till, actor, say)
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
    _tell(connection, _till(row), SERVICE, phrase("A device became the till {till}", till=row.name))
    return _till(row), f"{row.till_id}.{secret}"


def begin_shift(connection: Connection, till: Till, staff_id: str) -> None:
    """Somebody has shown a PIN; whoever was here before is not any more."""
    now = clock.now()
    _shift(
        connection,
        till,
        shift=tables.till.c.shift + 1,
        shift_staff_id=staff_id,
        shift_since=now,
        shift_seen=now,
    )


def end_shift(connection: Connection, till: Till) -> None:
    """Nobody stands here any more."""
    _shift(connection, till, shift_staff_id=None, shift_since=None, shift_seen=None)


def touch(connection: Connection, till: Till) -> None:
    """Note that whoever is here still is; nothing where somebody else took over meanwhile."""
    connection.execute(
        sa.update(tables.till)
        .where(
            tables.till.c.brand_id == till.brand_id,
            tables.till.c.till_id == till.till_id,
            tables.till.c.shift == till.shift,
            tables.till.c.shift_seen.is_not(None),
        )
        .values(shift_seen=clock.now())
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


def get(connection: Connection, brand_id: str, till_id: str) -> Till:
    """A living till of a brand. Raises UnknownTill."""
    row = connection.execute(
        sa.select(tables.till).where(
            tables.till.c.brand_id == brand_id,
            tables.till.c.till_id == till_id,
            tables.till.c.ended_at.is_(None),
        )
    ).first()
    if row is None:
        raise UnknownTill(phrase("There is no such till any more."))
    return _till(row)


def standing(connection: Connection, brand_id: str) -> tuple[Standing, ...]:
    """The tills of a brand as they stand, oldest first."""
    rows = connection.execute(
        sa.select(tables.till)
        .where(tables.till.c.brand_id == brand_id, tables.till.c.ended_at.is_(None))
        .order_by(tables.till.c.till_id)
    )
    now = clock.now()
    return tuple(
        Standing(
            till=_till(row),
            paired_at=row.paired_at,
            code_until=row.pairing_expires_at
            if row.pairing_expires_at and row.pairing_expires_at > now
            else None,
            seen_at=row.shift_seen,
            staff_id=row.shift_staff_id,
        )
        for row in rows
    )


def _check(connection: Connection, till: Till) -> None:
    if not words.is_name(till.name):
        raise TillRefused(
            phrase("A till's name has 1 to 60 characters, without quotes, braces or <>."),
            field="name",
        )
    for other in of(connection, till.brand_id):
        is_there = other.location_id == till.location_id and other.till_id != till.till_id
        if is_there and other.name.casefold() == till.name.casefold():
            raise TillRefused(
                phrase("There is a till {name} in this shop already.", name=till.name), field="name"
            )


def _mine(till: Till) -> sa.Update:
    return sa.update(tables.till).where(
        tables.till.c.brand_id == till.brand_id, tables.till.c.till_id == till.till_id
    )


def _tell(connection: Connection, till: Till, actor: Actor, say: Phrase) -> None:
    audit.write(connection, till.brand_id, actor, say, what="till.changed", subject=till.till_id)


def _till(row: sa.Row[tuple[object, ...]]) -> Till:
    return Till(
        brand_id=row.brand_id,
        till_id=row.till_id,
        location_id=row.location_id,
        name=row.name,
        shift=row.shift,
        shift_staff_id=row.shift_staff_id,
        shift_since=row.shift_since,
        shift_seen=row.shift_seen,
    )


def _shift(connection: Connection, till: Till, **changed: object) -> None:
    connection.execute(
        sa.update(tables.till)
        .where(tables.till.c.brand_id == till.brand_id, tables.till.c.till_id == till.till_id)
        .values(**changed)
    )


def _as_printed(typed: str) -> str:
    # People type O for 0 and I or L for 1; the alphabet has neither.
    kept = typed.upper().translate(str.maketrans("OIL", "011"))
    return "".join(character for character in kept if character in ids.ALPHABET)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
