"""A shift: who stands at a till.

It is the till's own, so that it ends for whatever browser, and one that was copied says nothing of
who is there.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.brands import tables
from wallet_service.brands.till import Till, mine

# A touch is written down at most this often: reading pages must not make writes.
TOUCHED_EVERY = timedelta(minutes=1)


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


def _shift(connection: Connection, till: Till, **changed: object) -> None:
    connection.execute(mine(till).values(**changed))
