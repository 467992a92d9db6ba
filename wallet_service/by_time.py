"""What time alone changes: done at once when the test clock was driven."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from wallet_service import access
from wallet_service.db import Database
from wallet_service.ledger import jobs
from wallet_service.phones import device_log, outbox, told
from wallet_service.sales import by_clock, tier_end

# In this order: what is confirmed may end, and what has ended needs no warning.
_IN_THE_BOOKS: tuple[Callable[[Database, datetime], object], ...] = (
    by_clock.confirm,
    tier_end.end,
    jobs.expire,
    jobs.warn,
    tier_end.warn,
    jobs.make_heads,
    jobs.audit_books,
)
# Each is done again until it finds nothing more; the most that one call takes is its own matter.
_UNTIL_NOTHING_IS_DUE: tuple[Callable[[Connection, datetime], int], ...] = (
    outbox.wake_due_passes,
    told.call_laggards,
)
_ONCE = (access.tidy, device_log.tidy)


def catch_up(database: Database, now: datetime) -> None:
    """Do everything that was due by `now`, as the worker's clock would have, bit by bit."""
    for job in _IN_THE_BOOKS:
        job(database, now)
    for due in _UNTIL_NOTHING_IS_DUE:
        while database.run(due, now):
            pass
    for tidy in _ONCE:
        database.run(tidy, now)
    database.woken.set()  # what waited in the outbox for a later moment may be due as well
