"""SQLite: its one file, how it is opened, and which version of it to trust."""

import fcntl
import os
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event

from wallet_service.errors import StartError

# How long a writer waits for the others of its process, and then for other processes. A phone or a
# cashier waits no longer for an answer, even if it is "not now".
WAIT_SECONDS = 3

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # the ledger must survive a power cut
    f"busy_timeout={WAIT_SECONDS * 1000}",
    "foreign_keys=ON",
    "secure_delete=ON",  # who was erased is not left in free pages
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "wal_autocheckpoint=0",  # `serve` does it in its own turn
    "journal_size_limit=67108864",
)


class SqliteFile:
    """The file of a database: made only when asked, and readable by its owner alone."""

    def __init__(self, url: sa.URL) -> None:
        """Raises StartError when `url` names no file."""
        if not url.database or url.database == ":memory:" or url.query:
            raise StartError("[database] url: SQLite needs a file, as in sqlite:///wallet.db.")
        self.path = Path(url.database)
        self._opened: tuple[int, int] | None = None

    @property
    def exists(self) -> bool:
        return self.path.exists()

    @property
    def was_replaced(self) -> bool:
        """Whether another file, or none, stands where the one at hand was opened."""
        return self._opened is not None and self._identity() != self._opened

    def make(self) -> None:
        """Make an empty file, if there is none. Raises StartError or OSError."""
        if not self.path.parent.is_dir():
            raise StartError(f"The database's folder {self.path.parent} does not exist.")
        # People's names will lie in it; SQLite gives its log the same rights.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))

    def connect(self) -> Any:
        """A new connection. A file that is gone is never made anew behind anybody's back."""
        place = f"file:{quote(str(self.path.absolute()))}?mode=rw"
        # Beyond the driver's own short list of statements, each is planned anew at every run.
        connection = module().connect(
            place, uri=True, check_same_thread=False, cached_statements=500
        )
        self._opened = self._opened or self._identity()
        return connection

    def hold(self) -> TextIO | None:
        """Be the one process that serves this file, until the answer is closed; None: one is.

        The system lets go of it, however the process ends.
        """
        lock = self.path.with_name(self.path.name + ".serving").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return None
        return lock

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def engine(file: SqliteFile) -> Engine:
    """An engine on a file: transactions begin when we say so, and as we say."""
    made = sa.create_engine(
        "sqlite://",
        module=module(),
        creator=file.connect,
        poolclass=sa.QueuePool,
        hide_parameters=True,
        pool_use_lifo=True,  # the one used last has pages and statements at hand
        pool_size=40,
        max_overflow=20,
    )

    @event.listens_for(made, "connect")
    def prepare(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # the driver shall not begin transactions behind our back
        for pragma in _PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return made


def module() -> ModuleType:
    """The SQLite to use: the wheel's on Linux, as distributions ship old ones."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:  # the wheel is for Linux only; elsewhere Python's own is recent
        return sqlite3
    found: ModuleType = dbapi2
    return found


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can damage a database written and checkpointed at the same moment.

    3.7.0 to 3.51.2; https://www.sqlite.org/releaselog/3_51_3.html (last checked 2026-11-22).
    """
    return (3, 7, 0) <= version < (3, 51, 3)
