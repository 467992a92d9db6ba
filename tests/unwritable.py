"""Databases that can be read and not be written: a full disk, a writer who does not let go."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from wallet_service import db
from wallet_service.db import Database

WAYS = ("full", "held")


@contextmanager
def unwritable(database: Database, way: str) -> Iterator[None]:
    """SQLite, for a while: full as a disk that takes no more, or held by somebody else."""
    with full(database) if way == "full" else held(database):
        yield


@contextmanager
def full(database: Database) -> Iterator[None]:
    def only_read(raw: Any, _record: Any, _proxy: Any) -> None:
        raw.execute("PRAGMA query_only=ON")

    sa.event.listen(database.engine, "checkout", only_read)
    yield
    sa.event.remove(database.engine, "checkout", only_read)
    database.engine.dispose()


@contextmanager
def held(database: Database) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as impatient:
        impatient.setattr(db, "WAIT_SECONDS", 0.05)
        with database.write():
            yield
