"""The database: one engine, two dialects, and what a transaction means here.

SQLite (embedded) and PostgreSQL (grown) run the same statements. A write is one transaction:
`BEGIN IMMEDIATE` under a fair lock on SQLite, row locks on PostgreSQL, retried whole when the
database says that two of them crossed. See docs/data-model.md for the tables.
"""

import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.types import TypeDecorator

from wallet_service import sqlite
from wallet_service.errors import StartError
from wallet_service.sqlite import WAIT_SECONDS, SqliteFile

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound=sa.Executable)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Text = sa.Text
Bytes = sa.LargeBinary
# STRICT tables know INTEGER, TEXT and BLOB only.
Integer64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, kept as whole microseconds since 1970 on both engines."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(Integer64.dialect_impl(dialect))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        elapsed = value.astimezone(UTC) - _EPOCH
        return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        seconds, microseconds = divmod(value, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


class Flag(TypeDecorator[bool]):
    """Yes or no; SQLite's STRICT tables keep it as 1 or 0."""

    impl = sa.Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        plain = sa.Integer() if dialect.name == "sqlite" else sa.Boolean()
        return dialect.type_descriptor(plain)

    def process_result_value(self, value: bool | None, dialect: sa.Dialect) -> bool | None:
        return None if value is None else bool(value)


class Json(TypeDecorator[Any]):
    """A small structure, kept as canonical JSON text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps(
            value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        )

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(value)


def table(
    name: str, *columns: sa.schema.SchemaItem, append_only: bool = False, **options: Any
) -> sa.Table:
    """A table of the service: STRICT on SQLite, so that both engines refuse the same values.

    Rows of an `append_only` one are written once; triggers keep them from being changed.
    """
    return sa.Table(
        name, metadata, *columns, sqlite_strict=True, info={"append_only": append_only}, **options
    )


def insert(connection: Connection, into: sa.Table) -> postgresql.Insert:
    """The dialect's INSERT, which knows `on_conflict_do_nothing` and `…_do_update`.

    Ask for RETURNING to learn what happened: `rowcount` of such an INSERT is -1 on PostgreSQL.
    """
    if is_postgresql(connection):
        return postgresql.insert(into)
    # Both dialects' inserts have the same methods; naming one type keeps callers simple.
    return sqlite_dialect.insert(into)  # type: ignore[return-value]


def is_postgresql(connection: Connection) -> bool:
    """Whether this connection speaks to PostgreSQL (else it is SQLite)."""
    return connection.dialect.name == "postgresql"


def least(connection: Connection, *values: Any) -> sa.ColumnElement[Any]:
    """The smallest of some values, under each engine's own name for it."""
    return sa.func.least(*values) if is_postgresql(connection) else sa.func.min(*values)


def greatest(connection: Connection, *values: Any) -> sa.ColumnElement[Any]:
    """The greatest of some values, under each engine's own name for it."""
    return sa.func.greatest(*values) if is_postgresql(connection) else sa.func.max(*values)


def at_most(rows: int, wanted: sa.Select[Any]) -> sa.Select[Any]:
    """The first so many rows, for a statement that is built beforehand.

    SQLite plans a statement anew each time that it is run where LIMIT and OFFSET are parameters,
    as SQLAlchemy writes them.
    """
    return wanted.limit(sa.literal_column(str(rows))).offset(sa.literal_column("0"))


def built_once(build: Callable[[Connection], S]) -> Callable[[Connection], S]:
    """A statement that differs by engine, built once for each.

    To build a statement costs Python several times what it costs to run it. Where somebody waits at
    a counter it is built beforehand, with `bindparam` for what differs: as a constant of its
    module, or by this where the engines' own words differ.
    """
    built: dict[str, S] = {}

    def given(connection: Connection) -> S:
        name = connection.dialect.name
        if name not in built:
            built[name] = build(connection)
        return built[name]

    return given


def wake_after_commit(connection: Connection) -> None:
    """Wake this process's worker once the transaction at hand is committed."""
    connection.info["wake"] = True


class Database:
    """One database and the ways to read and write it. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Nothing is opened yet. Raises StartError when `url` cannot be a database's."""
        self.url = _parsed(url)
        self.woken = threading.Event()
        self.file = SqliteFile(self.url) if self.is_sqlite else None
        self._turn = FairLock() if self.is_sqlite else None
        self.engine = sqlite.engine(self.file) if self.file else _postgresql_engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; several run at once, none waits for a writer."""
        with self.engine.connect() as connection:
            connection.execution_options(read_only=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that writes: committed at the end of the block, undone by an error."""
        with self._in_turn(), self.engine.connect() as connection:
            connection.info.pop("wake", None)
            with connection.begin():
                yield connection
            wake = connection.info.pop("wake", False)
        if wake:
            self.woken.set()

    def run(
        self,
        intention: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call `intention(connection, …)` in one write transaction, whole.

        When PostgreSQL reports a deadlock (40P01) or a lost race (40001), nothing was written and
        the whole intention is tried again, a little later each time.
        """
        for attempt in range(_ATTEMPTS):
            try:
                with self.write() as connection:
                    return intention(connection, *args, **kwargs)
            except DBAPIError as error:
                if attempt + 1 == _ATTEMPTS or not crossed(error):
                    raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311
        raise AssertionError("unreachable")

    def checkpoint(self, *, whole: bool = False) -> None:
        """Move SQLite's write-ahead log into the database file; `serve` alone calls this.

        `whole` empties the log too, so that nothing of an erased person stays in it.
        """
        if self.is_sqlite:
            with self._in_turn(), self.engine.connect() as connection:
                raw = connection.connection.dbapi_connection
                assert raw is not None
                connection.rollback()
                raw.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if whole else 'PASSIVE'})")

    def close(self) -> None:
        """Close every connection of this process."""
        self.engine.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(WAIT_SECONDS):
            raise Busy("Another process holds the database; nothing was changed.")
        try:
            yield
        finally:
            self._turn.release()


class FairLock:
    """A lock that is given in the order in which it was asked for.

    `threading.Lock` may starve a waiter for seconds under load; a cashier would notice.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._held = False

    def acquire(self, timeout: float) -> bool:
        """Wait for one's turn; False when it did not come within `timeout` seconds."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            turn = threading.Event()
            self._queue.append(turn)
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn.is_set():  # it came between the two lines
                return True
            self._queue.remove(turn)
            return False

    def release(self) -> None:
        """Hand over to whoever has waited longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().set()  # handed over, never free in between
            else:
                self._held = False


class Busy(Exception):
    """The database could not be written in time; nothing was changed."""


def crossed(error: DBAPIError) -> bool:
    """Whether the database undid a transaction only because another crossed it."""
    return getattr(error.orig, "sqlstate", None) in {"40P01", "40001"}


def _parsed(url: str) -> sa.URL:
    try:
        return make_url(url)
    except ArgumentError:
        # What was given may hold a password, so it is not repeated.
        raise StartError(
            "[database] url: an address like sqlite:///wallet.db or postgresql://… is needed."
        ) from None


def _postgresql_engine(url: sa.URL) -> Engine:
    if url.get_backend_name() != "postgresql":
        raise StartError(
            f"[database] url speaks of {url.get_backend_name()}; use sqlite:/// or postgresql://."
        )
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_size=20,
        max_overflow=20,
        connect_args={
            "options": "-c statement_timeout=10000 -c lock_timeout=5000"
            " -c idle_in_transaction_session_timeout=15000"
        },
    )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ATTEMPTS = 8
