"""Make: copy the database while the service runs, look whether it is sound, and keep it."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from wallet_service import __version__, clock, migrations
from wallet_service.backup import archive, books, copying, dumping
from wallet_service.backup.archive import Manifest
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.keys import Keyring

FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was written, and what does not agree in the books."""

    file: Path
    manifest: Manifest
    unsound: tuple[str, ...]


def make(database: Database, keyring: Keyring, place: Path) -> Made:
    """Write a backup to `place`, a file or a folder to put one into. Raises StartError.

    Books that do not agree are told, and backed up all the same: it is the one copy there is.
    """
    made_at = clock.now()
    file = archive.name_for(place, made_at)
    schema, _ = migrations.state(database)
    if schema is None:
        raise StartError("There is nothing to back up: the database has no tables yet.")
    with archive.part_of(file, "database") as part:
        if database.file is not None:
            copying.copy(database.file, part)
            counts, unsound = _of_copy(part)
        else:
            counts = _dump(database, part)
            unsound = tuple(islice(books.unsound(database), FAULTS_SHOWN))
        size, sha256 = archive.digest(part)
        copying.require_room(file.parent, size)
        manifest = Manifest(
            engine="sqlite" if database.is_sqlite else "postgresql",
            schema=schema,
            made_at=clock.written(made_at),
            version=__version__,
            key=keyring.current_id,
            counts=counts,
            bytes=size,
            sha256=sha256,
        )
        archive.write(file, manifest, part)
    return Made(file=file, manifest=manifest, unsound=unsound)


def _of_copy(part: Path) -> tuple[dict[str, int], tuple[str, ...]]:
    copied = Database(f"sqlite:///{part}")
    try:
        with copied.read() as connection:
            counts = books.counts(connection)
        unsound = tuple(islice(books.unsound(copied), FAULTS_SHOWN))
        copied.checkpoint(whole=True)
    finally:
        copied.close()
    return counts, unsound


def _dump(database: Database, part: Path) -> dict[str, int]:
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            # It idles while pg_dump reads what it sees; both see the same moment.
            for timeout in ("idle_in_transaction_session_timeout", "statement_timeout"):
                connection.execute(sa.text(f"SET LOCAL {timeout} = 0"))
            snapshot = connection.execute(sa.select(sa.func.pg_export_snapshot())).scalar_one()
            dumping.dump(database, part, snapshot)
            part.chmod(0o600)
            return books.counts(connection)
