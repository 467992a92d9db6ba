"""Cutting a database's connection before or after any statement, and all that a database holds."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import ids
from wallet_service.db import Database, metadata

_WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)", re.IGNORECASE)


class Killed(BaseException):
    """The process is gone; nothing in the service may catch this."""


class Knife:
    """Counts the statements of a database's transactions, and cuts one of them off.

    A commit is the last statement of its transaction. To cut is to close the connection under the
    transaction, as the end of the process would, and to raise `Killed`.
    """

    def __init__(self, database: Database) -> None:
        self.seen = 0
        self.wrote: set[str] = set()
        self._at: tuple[int, str] | None = None
        self._looks: Callable[[Connection], None] | None = None
        engine = database.engine
        sa.event.listen(engine, "before_cursor_execute", self._before)
        sa.event.listen(engine, "after_cursor_execute", self._after)
        sa.event.listen(engine, "commit", self._committing)
        dialect: Any = engine.dialect
        commit = dialect.do_commit

        def committed(raw: Any) -> None:
            commit(raw)
            if self._at == (self.seen, "after"):
                raise Killed

        dialect.do_commit = committed

    @contextmanager
    def cutting(self, number: int, side: str) -> Iterator[None]:
        """Cut off the statement of this number, `before` or `after` it was carried out."""
        self.seen, self._at = 0, (number, side)
        with pytest.raises(Killed):
            yield
        self._at = None

    @contextmanager
    def looking(self, look: Callable[[Connection], None]) -> Iterator[None]:
        """Let one transaction come to its commit, look at what it has done, and undo it."""
        self.seen, self.wrote, self._looks = 0, set(), look
        with pytest.raises(Killed):
            yield

    def _before(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        self.seen += 1
        if found := _WRITES.match(statement):
            self.wrote.add(found[1].lower())
        if self._at == (self.seen, "before"):
            self._cut(connection)

    def _after(self, connection: Connection, *_: Any) -> None:
        if self._at == (self.seen, "after"):
            self._cut(connection)

    def _committing(self, connection: Connection) -> None:
        self.seen += 1
        if self._at == (self.seen, "before"):
            self._cut(connection)
        if self._looks is not None:
            look, seen, self._looks = self._looks, self.seen, None
            look(connection)
            self.seen = seen
            raise Killed

    @staticmethod
    def _cut(connection: Connection) -> None:
        connection.invalidate()
        raise Killed


def held(connection: Connection, tables: Collection[str] | None = None) -> dict[str, Any]:
    """Every row of these tables, or of all, as the database itself has it."""
    return {
        name: frozenset(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {name}")))
        for name in (metadata.tables if tables is None else tables)
    }


@contextmanager
def chance(monkeypatch: pytest.MonkeyPatch, seed: int) -> Iterator[None]:
    """What is drawn by lot comes out the same each time, so that two runs can be compared whole."""
    drawn = Random(seed)
    lots = SimpleNamespace(
        choice=drawn.choice, randbelow=drawn.randrange, randbits=drawn.getrandbits
    )
    with monkeypatch.context() as patched:
        patched.setattr(ids, "secrets", lots)
        patched.setattr(ids, "_last", (0, 0))
        yield
