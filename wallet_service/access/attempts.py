"""Tries that are counted before they are judged, so that many at once cannot outrun the lock.

Whoever fails waits, longer each time and never for ever. A subject stands here as a hash, known
or not, so that neither the answers nor the rows tell who has an account.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db
from wallet_service.access import tables
from wallet_service.access.errors import Locked
from wallet_service.keys import Keyring
from wallet_service.language import phrases

FREE = 5
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
FORGOTTEN_AFTER = timedelta(days=1)


def subject(keyring: Keyring, what: str, whose: str) -> str:
    """What is tried, and whose: the password of an address, the code of an account."""
    return keyring.derive("attempt", f"{what}|{whose}").hex()


def count(connection: Connection, subject: str) -> Locked | None:
    """Count a try. While there were too many of them it is not to be judged: Locked says why.

    Returned, not raised: the count must be committed.
    """
    now = clock.now()
    row = _locked_row(connection, subject, now)
    if row.locked_until is not None and row.locked_until > now:
        return _locked(row.locked_until - now)
    failures = 1 if now - row.last_at > FORGOTTEN_AFTER else row.failures + 1
    connection.execute(
        sa.update(tables.attempt)
        .where(tables.attempt.c.subject == subject)
        .values(failures=failures, last_at=now, locked_until=_until(failures, now))
    )
    return None


def take_back(connection: Connection, subject: str) -> None:
    """The try that was counted last was not judged after all."""
    row = _locked_row(connection, subject, clock.now())
    failures = max(0, row.failures - 1)
    until = row.locked_until if failures >= FREE else None
    connection.execute(
        sa.update(tables.attempt)
        .where(tables.attempt.c.subject == subject)
        .values(failures=failures, locked_until=until)
    )


def forget(connection: Connection, subject: str) -> None:
    """The try was right: a new start."""
    connection.execute(sa.delete(tables.attempt).where(tables.attempt.c.subject == subject))


def _locked_row(
    connection: Connection, subject: str, now: datetime
) -> sa.Row[tuple[int, datetime, datetime | None]]:
    # Written even where it stands already: that locks it until this try is counted.
    return connection.execute(
        db.insert(connection, tables.attempt)
        .values(subject=subject, failures=0, last_at=now, locked_until=None)
        .on_conflict_do_update(index_elements=["subject"], set_={"subject": subject})
        .returning(
            tables.attempt.c.failures, tables.attempt.c.last_at, tables.attempt.c.locked_until
        )
    ).one()


def _until(failures: int, now: datetime) -> datetime | None:
    beyond = failures - FREE
    return now + WAITS[min(beyond, len(WAITS) - 1)] if beyond >= 0 else None


def _locked(left: timedelta) -> Locked:
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return Locked(
        phrases(
            "There were too many wrong tries. Wait a minute, then try again.",
            "There were too many wrong tries. Wait {n} minutes, then try again.",
            minutes,
        ),
        minutes=minutes,
    )
