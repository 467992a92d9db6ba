"""Restore: put a backup in a database's place, whole, and let everything else catch up with it."""

import os
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from wallet_service import clock, migrations
from wallet_service.access import accounts
from wallet_service.backup import archive, books, catching_up, copying, dumping, replaced
from wallet_service.backup.archive import Manifest
from wallet_service.backup.make import FAULTS_SHOWN
from wallet_service.backup.replaced import Replaced
from wallet_service.db import Database
from wallet_service.errors import StartError
from wallet_service.keys import Keyring
from wallet_service.members.links import lost_key
from wallet_service.sqlite import SqliteFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did. `kept`: where the old database lies now; `erased`: who was erased since
    the backup, None when there was no list to know it by."""

    manifest: Manifest
    where: str
    kept: Path | None
    erased: int | None
    passes: int
    unsound: tuple[str, ...]


def restore(
    database: Database, keyring: Keyring, file: Path, *, into: str | None = None, anyway: bool
) -> Restored:
    """Put the backup `file` in the place of `database`, or `into` another beside it.

    `anyway`: also when its books do not agree. Raises StartError, and then nothing was replaced.
    """
    manifest = archive.read(file)
    _require_fitting(manifest, database, keyring)
    if database.file is not None:
        return _sqlite(database, database.file, keyring, file, into, anyway)
    return _postgresql(database, keyring, file, into, anyway)


def _require_fitting(manifest: Manifest, database: Database, keyring: Keyring) -> None:
    engine = "sqlite" if database.is_sqlite else "postgresql"
    if manifest.engine != engine:
        raise StartError(
            f"The backup is of a {manifest.engine} database, [database] url names {engine};"
            " a backup goes back to where it came from."
        )
    if not migrations.knows(manifest.schema):
        raise StartError(
            f"The backup's schema {manifest.schema} is newer than this version knows; install"
            f" wallet-service {manifest.version} or newer."
        )
    if manifest.key not in keyring.ids:
        raise StartError(_wrong_key(manifest.key))


def _wrong_key(key: str) -> str:
    return (
        "The secret key is not the one that the backup's links and passes were made with;"
        f" put key {key} into [service] secret_key_file first."
    )


def _sqlite(
    database: Database,
    old: SqliteFile,
    keyring: Keyring,
    file: Path,
    into: str | None,
    anyway: bool,
) -> Restored:
    target = Path(into).absolute() if into else old.path
    if into and target.exists():
        raise StartError(f"{target} exists already; --into makes a new file.")
    if not target.parent.is_dir():
        raise StartError(f"The folder {target.parent} does not exist.")
    copying.require_room(target.parent, file.stat().st_size)
    with ExitStack() as held:
        if not into:
            lock = old.hold()
            if lock is None:
                raise StartError("The service runs; stop it, then restore.")
            held.enter_context(lock)
        before = replaced.look_at(database)
        part = held.enter_context(archive.part_of(target, "restored"))
        manifest = archive.extract(file, part)
        restored = Database(f"sqlite:///{part}")
        try:
            _check_pages(restored, file)
            erased, passes, unsound = _bring_up(restored, manifest, keyring, before, anyway)
            restored.checkpoint(whole=True)
        finally:
            restored.close()
        database.close()
        kept = None if into else _keep(database, old)
        part.replace(target)
        archive.keep_name(target.parent)
    return Restored(
        manifest=manifest,
        where=str(target),
        kept=kept,
        erased=erased,
        passes=passes,
        unsound=unsound,
    )


def _check_pages(database: Database, file: Path) -> None:
    with database.read() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        copying.check(raw, file)


def _keep(database: Database, old: SqliteFile) -> Path | None:
    """Give the old database another name, its log with it: it must never meet the new one's."""
    if not old.exists:
        return None
    kept = old.path.with_name(f"{old.path.name}.replaced-{clock.now():%Y%m%dT%H%M%SZ}")
    os.link(old.path, kept)
    for end in ("-wal", "-shm"):
        left = old.path.with_name(old.path.name + end)
        if left.exists():
            left.replace(kept.with_name(kept.name + end))
    return kept


def _postgresql(
    database: Database, keyring: Keyring, file: Path, into: str | None, anyway: bool
) -> Restored:
    target = database
    if into:
        url = database.url.set(database=into)
        target = Database(url.render_as_string(hide_password=False))
    try:
        if not dumping.is_empty(target):
            raise StartError(
                f"The database {target.url.database} is not empty; make an empty one beside it"
                " (createdb) and name it with --into."
            )
        before = replaced.look_at(database)
        with TemporaryDirectory(prefix="wallet-restore-") as folder:
            copying.require_room(Path(folder), file.stat().st_size)
            part = Path(folder) / "dump"
            manifest = archive.extract(file, part)
            dumping.load(target, part)
        try:
            erased, passes, unsound = _bring_up(target, manifest, keyring, before, anyway)
        except StartError as error:
            raise StartError(
                f"{error} {target.url.database} is no longer empty; drop it and make it anew."
            ) from None
    finally:
        if target is not database:
            target.close()
    return Restored(
        manifest=manifest,
        where=str(target.url.database),
        kept=None,
        erased=erased,
        passes=passes,
        unsound=unsound,
    )


def _bring_up(
    restored: Database,
    manifest: Manifest,
    keyring: Keyring,
    before: Replaced | None,
    anyway: bool,
) -> tuple[int | None, int, tuple[str, ...]]:
    """Check what was loaded, and bring it to this version and this day."""
    with restored.read() as connection:
        if books.counts(connection) != manifest.counts:
            raise StartError("The backup is damaged: rows are missing. Nothing was replaced.")
    migrations.upgrade(restored)
    with restored.read() as connection:
        lost = lost_key(connection, keyring) or accounts.lost_key(connection, keyring)
    if lost is not None:
        raise StartError(_wrong_key(lost))
    unsound = tuple(islice(books.unsound(restored), FAULTS_SHOWN))
    if unsound and not anyway:
        raise StartError(
            f"The backup's books do not agree: {unsound[0]} Nothing was replaced;"
            " --anyway restores it all the same."
        )
    erased = None if before is None else catching_up.replay(restored, before.erasures)
    catching_up.tell(restored, manifest.made_at)
    if before is not None:
        catching_up.keep_phones(restored, before.registered)
    passes = catching_up.renew_passes(restored, before)
    return erased, passes, unsound
