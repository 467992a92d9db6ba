"""A till: a device at a counter, as it stands, and the tills that a brand has."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock
from wallet_service.audit import Actor
from wallet_service.brands import tables
from wallet_service.brands.levels import Level
from wallet_service.errors import Refusal
from wallet_service.language import Phrase, phrase


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


def of(connection: Connection, brand_id: str) -> tuple[Till, ...]:
    """The tills of a brand, oldest first."""
    rows = connection.execute(
        sa.select(tables.till)
        .where(tables.till.c.brand_id == brand_id, tables.till.c.ended_at.is_(None))
        .order_by(tables.till.c.till_id)
    )
    return tuple(of_row(row) for row in rows)


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
    return of_row(row)


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
            till=of_row(row),
            paired_at=row.paired_at,
            code_until=row.pairing_expires_at
            if row.pairing_expires_at and row.pairing_expires_at > now
            else None,
            seen_at=row.shift_seen,
            staff_id=row.shift_staff_id,
        )
        for row in rows
    )


def of_row(row: sa.Row[tuple[object, ...]]) -> Till:
    """A till, as a row of the table has it."""
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


def mine(till: Till) -> sa.Update:
    """A change of one till's row, not yet said."""
    return sa.update(tables.till).where(
        tables.till.c.brand_id == till.brand_id, tables.till.c.till_id == till.till_id
    )


def tell(connection: Connection, till: Till, actor: Actor, say: Phrase) -> None:
    """Write down what was done to a till."""
    audit.write(connection, till.brand_id, actor, say, what="till.changed", subject=till.till_id)
