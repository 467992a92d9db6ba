"""Two whole shops in one installation, and everybody who may knock at its doors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from addresses import Belongings
from everybody import Somebody
from shopfront import Shop
from sqlalchemy import Connection

from wallet_service.db import Database


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
