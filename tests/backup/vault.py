"""A database, where its backups go, and where they are put back to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from factories import KEYRING

from wallet_service import backup
from wallet_service.backup import Made, Restored
from wallet_service.db import Database


@dataclass
class Vault:
    """A database, where its backups go, and where they are put back to."""

    database: Database
    folder: Path
    an_empty_place: Callable[[], str]
    _opened: list[Database] = field(default_factory=list)

    def backed_up(self) -> Made:
        return backup.make(self.database, KEYRING, self.folder)

    def put_back(self, made: Made, *, anyway: bool = False) -> tuple[Restored, Database]:
        """Restore into an empty place beside the database, and open it."""
        into = self.an_empty_place()
        done = backup.restore(self.database, KEYRING, made.file, into=into, anyway=anyway)
        url = self.database.url.set(database=into)
        self._opened.append(Database(url.render_as_string(hide_password=False)))
        return done, self._opened[-1]

    def close(self) -> None:
        for database in self._opened:
            database.close()
