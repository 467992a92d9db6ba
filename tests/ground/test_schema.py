"""The schema: what the steps build is what the rooms' tables say, and truth cannot be changed."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from wallet_service import append_only, migrations
from wallet_service.db import Database
from wallet_service.errors import StartError

METADATA = migrations.metadata()


def test_the_steps_build_exactly_what_the_rooms_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_every_room_with_tables_is_in_the_history() -> None:
    package = Path(migrations.__file__).parent.parent
    with_tables = {
        ".".join(path.relative_to(package).with_suffix("").parts)
        for path in package.rglob("*.py")
        if re.search(r"^\w+ = (db\.)?table\($", path.read_text(), re.MULTILINE)
    }
    assert with_tables == set(migrations.ROOMS)


def test_steps_are_numbered_without_a_gap_and_only_go_forward() -> None:
    folder = Path(migrations.__file__).parent / "versions"
    steps = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
    assert [path.name[:4] for path in steps] == [f"{n:04}" for n in range(1, len(steps) + 1)]
    assert not [path.name for path in steps if "def downgrade" in path.read_text()]


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    migrations.upgrade(database)
    current, wanted = migrations.state(database)
    assert current == wanted
    migrations.require_head(database)


def test_a_database_that_was_never_migrated_is_named(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StartError, match="wallet-service migrate"):
        migrations.require_head(empty)
    empty.close()


def test_every_table_is_strict_on_sqlite(sqlite_database: Database) -> None:
    with sqlite_database.read() as connection:
        listed = connection.exec_driver_sql("SELECT name, strict FROM pragma_table_list")
        strict = {row.name: row.strict for row in listed}
    assert {name for name in METADATA.tables if not strict[name]} == set()


def test_what_belongs_to_a_member_begins_with_the_member() -> None:
    for table in METADATA.tables.values():
        key = [column.name for column in table.primary_key]
        if "member_id" in key:
            assert key[0] == "member_id", table.name


def test_nothing_is_deleted_behind_our_back() -> None:
    cascades = [
        key
        for table in METADATA.tables.values()
        for key in table.foreign_keys
        if key.ondelete or key.onupdate
    ]
    assert cascades == []


# ---- append-only --------------------------------------------------------------------------------

TABLES = [pytest.param(table, id=table.name) for table in append_only.marked(METADATA)]


def written(database: Database, table: sa.Table) -> None:
    told = [each for each in table.c if not each.nullable and each.server_default is None]
    columns = ", ".join(column.name for column in told)
    values = ", ".join(
        "'x'" if isinstance(column.type, sa.Text) or "Json" in repr(column.type) else "1"
        for column in told
    )
    with database.write() as connection:
        connection.execute(sa.text(f"INSERT INTO {table.name} ({columns}) VALUES ({values})"))


@pytest.mark.parametrize("table", TABLES)
def test_what_was_written_for_good_refuses_to_be_changed(
    database: Database, table: sa.Table
) -> None:
    written(database, table)
    column = next(iter(table.c)).name
    changes = [f"UPDATE {table.name} SET {column} = {column}", f"DELETE FROM {table.name}"]
    if not database.is_sqlite:
        changes.append(f"TRUNCATE {table.name}")
    for change in changes:
        with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
            connection.execute(sa.text(change))


def test_a_lost_trigger_is_noticed_and_mended(database: Database) -> None:
    with database.read() as connection:
        assert migrations.missing_triggers(connection) == []
    drop = (
        "DROP TRIGGER entry_append_only_update"
        if database.is_sqlite
        else "DROP TRIGGER entry_append_only_row ON entry"
    )
    with database.write() as connection:
        connection.execute(sa.text(drop))
        assert migrations.missing_triggers(connection) == ["entry"]
    migrations.upgrade(database)
    with database.read() as connection:
        assert migrations.missing_triggers(connection) == []
