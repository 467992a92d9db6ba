"""Jobs: what the clock does in the books, each member in a small transaction of its own.

Each may be killed anywhere and begun again: what is done is done once, what is not is found again.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from wallet_service import brands
from wallet_service.db import Database
from wallet_service.ledger import audit, heads
from wallet_service.ledger.audit import Audit
from wallet_service.ledger.confirm import confirm_due, to_confirm
from wallet_service.ledger.expire import expire_due, to_expire
from wallet_service.ledger.heads import Head
from wallet_service.ledger.warn import to_warn, warn_due

Find = Callable[[Connection, datetime, int], tuple[str, ...]]
Each = Callable[[Connection, str, datetime], object]


def confirm(database: Database, now: datetime, *, each: Each = confirm_due) -> int:
    """Confirm all that is due; how many members that were. `each` may go on with what it brings."""
    return one_by_one(database, now, to_confirm, each)


def expire(database: Database, now: datetime) -> int:
    """Close all that has ended; how many members that were."""
    return one_by_one(database, now, to_expire, expire_due)


def warn(database: Database, now: datetime) -> int:
    """Tell all who are to be told; how many members that were."""
    return one_by_one(database, now, to_warn, warn_due)


def make_heads(database: Database, now: datetime) -> list[Head]:
    """Make the heads of the days that are over, for every brand."""
    with database.read() as connection:
        days = [
            (brand.brand_id, day)
            for brand in brands.every(connection)
            for day in heads.missing(connection, brand, now)
        ]
    return [database.run(heads.make, brand_id, day) for brand_id, day in days]


def audit_books(database: Database, now: datetime, most: int = 50) -> Audit | None:
    """Take the audit of today so many steps further; None when there is nothing to look at."""
    with database.read() as connection:
        if not audit.is_due(connection, now):
            return None
    run = database.run(audit.begin, now)
    for _ in range(most):
        if run.finished_at is not None:
            break
        run = database.run(audit.step, run.audit_id)
    return run


def one_by_one(database: Database, now: datetime, find: Find, each: Each, most: int = 200) -> int:
    """Do `each` for all whom `find` finds, until it finds nobody new; how many that were."""
    done: set[str] = set()
    while True:
        with database.read() as connection:
            found = [member for member in find(connection, now, most) if member not in done]
        for member_id in found:
            database.run(each, member_id, now)
        done.update(found)
        # Somebody found twice is left to the next run: the clock must not turn on the spot.
        if not found:
            return len(done)
