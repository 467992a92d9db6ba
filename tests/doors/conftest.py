"""Two whole shops in one installation, and everybody who may knock at its doors."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from addresses import Belongings
from shopfront import Shop, furnish, open_shop
from sqlalchemy import Connection

from passes.design import Design
from wallet_service.db import Database

sys.path.insert(0, str(Path(__file__).parent))

from everybody import Somebody, everybody


class Undone(Database):
    """A database that takes every write back while it `forgets`: a thousand tries, no change."""

    forgets = False

    @contextmanager
    def write(self) -> Iterator[Connection]:
        if not self.forgets:
            with super().write() as connection:
                yield connection
            return
        with self._in_turn(), self.engine.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Kielo and Rove behind the same doors."""

    kielo: Shop
    rove: Shop
    database: Undone
    people: list[Somebody]
    kielos: Belongings
    roves: Belongings

    def somebody(self, name: str) -> Somebody:
        (found,) = [each for each in self.people if each.name == name]
        return found


@pytest.fixture(scope="session")
def open_installation(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, certs: Path, kielo: Design
) -> Callable[..., Installation]:
    """Opens one more, at an address of one's choice."""

    def opened(url: str = "http://127.0.0.1:8080") -> Installation:
        file = tmp_path_factory.mktemp("installation") / "wallet.db"
        shutil.copy(sqlite_template, file)
        database = Undone(f"sqlite:///{file}")
        ours = open_shop(database, url, certs, kielo)
        theirs = furnish(ours.wallet, ours.app, kielo, name="Rove")
        return Installation(
            kielo=ours,
            rove=theirs,
            database=database,
            people=everybody(ours, theirs),
            kielos=Belongings(ours),
            roves=Belongings(theirs),
        )

    return opened


@pytest.fixture(scope="module")
def installation(open_installation: Callable[..., Installation]) -> Iterator[Installation]:
    found = open_installation()
    yield found
    found.database.close()
