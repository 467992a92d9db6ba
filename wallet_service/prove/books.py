"""Books: what stands in the database, counted plainly and apart from the rooms that write it."""

from collections.abc import Collection

import sqlalchemy as sa

from wallet_service.coupons import tables as coupons
from wallet_service.db import Database
from wallet_service.ledger import tables as ledger
from wallet_service.sales import tables as sales


def rows(database: Database, table: sa.Table, **where: object) -> int:
    """How many rows of a table are like this; None in the place of a value: it is not there."""
    conditions = [
        table.c[name].is_(None) if value is None else table.c[name] == value
        for name, value in where.items()
    ]
    with database.read() as connection:
        counted = sa.select(sa.func.count()).select_from(table).where(*conditions)
        return int(connection.execute(counted).scalar_one())


def entries(database: Database, key: str, kind: str | None = None) -> int:
    """How many entries the event of this name wrote, of every source."""
    return rows(database, ledger.entry, key=key, **({"kind": kind} if kind else {}))


def uses(database: Database, coupon: str) -> int:
    """How many uses of a coupon stand."""
    return rows(database, coupons.redemption, code=coupon, reversed_at=None)


def copies(database: Database, member_id: str) -> dict[str, int]:
    """A member's coupons, by their state."""
    coupon = coupons.coupon
    with database.read() as connection:
        found = connection.execute(
            sa.select(coupon.c.state, sa.func.count())
            .where(coupon.c.member_id == member_id)
            .group_by(coupon.c.state)
        )
        return {str(state): int(number) for state, number in found}


def let_in(database: Database, ticket: str) -> int:
    """How many people came in with a ticket."""
    admission = coupons.admission
    with database.read() as connection:
        people = sa.select(sa.func.coalesce(sa.func.sum(admission.c["count"]), 0))
        return int(connection.execute(people.where(admission.c.code == ticket)).scalar_one())


def summed(database: Database, member_id: str, unit: str) -> int:
    """What the lines of the ledger give a member in all."""
    line = ledger.entry_line
    with database.read() as connection:
        total = sa.select(sa.func.coalesce(sa.func.sum(line.c.amount), 0)).where(
            line.c.member_id == member_id,
            line.c.unit == unit,
            line.c.account.in_(["available", "pending"]),
        )
        return int(connection.execute(total).scalar_one())


def unbalanced(database: Database) -> int:
    """How many entries have lines that do not sum to zero."""
    line = ledger.entry_line
    wrong = (
        sa.select(line.c.member_id, line.c.number)
        .group_by(line.c.member_id, line.c.number, line.c.unit)
        .having(sa.func.sum(line.c.amount) != 0)
        .subquery()
    )
    with database.read() as connection:
        counted = sa.select(sa.func.count()).select_from(wrong)
        return int(connection.execute(counted).scalar_one())


def findings(database: Database, keys: Collection[str]) -> int:
    """How many findings there are about the events of these names."""
    finding = sales.finding
    with database.read() as connection:
        counted = sa.select(sa.func.count()).select_from(finding)
        return int(connection.execute(counted.where(finding.c.key.in_(sorted(keys)))).scalar_one())
