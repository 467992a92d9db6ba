"""Installations to knock at: opened once for each file of tests."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from addresses import Belongings
from shopfront import furnish, open_shop

from passes.design import Design

# What these tests share beyond fixtures lies beside this file.
sys.path.insert(0, str(Path(__file__).parent))

from everybody import everybody
from installation import Installation, Undone


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
