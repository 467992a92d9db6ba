"""Whether a database is what it says: how many rows there are, and whether the books agree."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, brands, ledger, migrations
from wallet_service.db import Database
from wallet_service.members import tables as members


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each of the service's tables has, those that this database has."""
    there = set(sa.inspect(connection).get_table_names())
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in migrations.metadata().sorted_tables
        if table.name in there
    }


def unsound(database: Database) -> Iterator[str]:
    """What does not agree in the books and the audit logs, each a sentence; nothing when all does.

    One member a transaction: the till beside that waits for a member's lock waits for no other.
    """
    with database.read() as connection:
        there = connection.execute(
            sa.select(members.member.c.member_id).order_by(members.member.c.member_id)
        ).scalars()
        everybody = there.all()
    for member_id in everybody:
        with database.read() as connection:
            for fault in ledger.verify(connection, member_id):
                yield f"Member {member_id}: {fault}"
    with database.read() as connection:
        for brand in brands.every(connection):
            for fault in audit.verify(connection, brand.brand_id):
                yield f"{brand.name}: {fault}"
