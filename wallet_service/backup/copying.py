"""SQLite's own online backup: a copy of one moment, made while `serve` writes on."""

import os
import shutil
from pathlib import Path

from wallet_service import sqlite
from wallet_service.backup.archive import create
from wallet_service.errors import StartError
from wallet_service.sqlite import SqliteFile

_PAGES = 1024  # 4 MiB a step


def copy(file: SqliteFile, part: Path) -> None:
    """Copy the database to `part` and check every page of it. Raises StartError."""
    if not file.exists:
        raise StartError(f"There is no database {file.path}.")
    require_room(part.parent, 2 * file.path.stat().st_size)
    error_of = sqlite.module().Error
    try:
        source = file.connect()
        try:
            source.isolation_level = None
            # Held open, this one moment is what is read, however much is written beside: a writer
            # waits for no reader, and without it each write would begin the copy anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            os.close(create(part))
            target = sqlite.module().connect(str(part))
            try:
                source.backup(target, pages=_PAGES)
                target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
                check(target, file.path)
            finally:
                target.close()
        finally:
            source.close()
    except error_of as error:
        raise StartError(f"{file.path} cannot be copied: {error}.") from None


def check(connection: object, path: Path) -> None:
    """Look at every page. Raises StartError when one is damaged."""
    said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]  # type: ignore[attr-defined]
    if said != "ok":
        raise StartError(f"The database {path} is damaged ({said.splitlines()[0]}).")


def require_room(folder: Path, needed: int) -> None:
    """Raises StartError when a folder's disk has not so many bytes left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StartError(
            f"There is no room in {folder}: {needed // 1_000_000 + 1} MB are needed,"
            f" {free // 1_000_000} MB are free."
        )
