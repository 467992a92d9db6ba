"""The schema's history (Alembic): numbered steps forward, each in one transaction.

`tables.py` of each room says what the schema is now; a test holds the two against each other.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from wallet_service import append_only, db
from wallet_service.db import Database
from wallet_service.errors import StartError

_HERE = Path(__file__).parent
_LOCK = 8_675_309  # one process migrates at a time


def upgrade(database: Database) -> None:
    """Bring the database to this version's schema. Safe to call at each start."""
    if database.file is not None:
        database.file.make()
    with _alone(database) as connection:
        command.upgrade(_alembic(connection), "head")
        _forbid_changes(connection)


def state(database: Database) -> tuple[str | None, str]:
    """The step that the database stands at, and the one that this version wants."""
    current = None
    if database.file is None or database.file.exists:
        with database.read() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    wanted = ScriptDirectory.from_config(_alembic(None)).get_current_head()
    assert wanted is not None
    return current, wanted


def knows(revision: str) -> bool:
    """Whether a step is one of this version's, so that `upgrade` can go on from it."""
    steps = ScriptDirectory.from_config(_alembic(None)).walk_revisions()
    return revision in {step.revision for step in steps}


def require_head(database: Database) -> None:
    """Raise StartError when the database is not at this version's schema."""
    current, wanted = state(database)
    if current != wanted:
        raise StartError(
            f"The database stands at schema {current or 'nothing'}, this version needs {wanted};"
            " run `wallet-service migrate`."
        )


def missing_triggers(connection: Connection) -> list[str]:
    """The append-only tables that lost a trigger: SQLite drops them when it recreates a table."""
    dialect = connection.dialect.name
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    there = set(connection.execute(sa.text(catalogue)).scalars())
    return [
        table.name
        for table in append_only.marked(metadata())
        if not set(append_only.triggers(dialect, table.name)) <= there
    ]


def metadata() -> sa.MetaData:
    """Every table of the service."""
    for room in ROOMS:
        importlib.import_module(f"wallet_service.{room}")
    return db.metadata


ROOMS = (
    "brands.tables",
    "access.tables",
    "audit",
    "programme.tables",
    "members.tables",
    "phones.tables",
    "ledger.tables",
    "coupons.tables",
    "sales.tables",
    "idempotency",
)


def _forbid_changes(connection: Connection) -> None:
    # After every step, as SQLite loses a table's triggers whenever it is recreated.
    for table in append_only.marked(metadata()):
        for statement in append_only.statements(connection.dialect.name, table.name):
            connection.execute(sa.text(statement))


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        if database.is_sqlite:
            # Recreating a parent would delete its children while this is on, and it can only be
            # switched outside a transaction.
            raw = connection.connection.dbapi_connection
            assert raw is not None
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not database.is_sqlite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                yield connection
        finally:
            if database.is_sqlite:
                connection.invalidate()


def _alembic(connection: Connection | None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
