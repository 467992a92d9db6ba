"""What every test may ask for: databases, a clock that is driven, keys."""

import importlib
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from passes.design import Design
from wallet_service import clock, migrations
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.keys import Keyring
from wallet_service.shipped import shipped

# Fakes and factories are plain modules beside this file.
sys.path.insert(0, str(Path(__file__).parent))

from factories import a_brand, a_member

# How fast a machine is says nothing about whether the code is right.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres() -> Iterator["object"]:
    """The session's PostgreSQL, its template migrated."""
    postgres = importlib.import_module("postgres")
    with postgres.server() as server:
        template = Database(server.template_url)
        migrations.upgrade(template)
        template.close()
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{file}")
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, migrated database, once on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_database_url")
        return
    server = request.getfixturevalue("postgres")
    name, url = server.fresh()
    yield url
    server.drop(name)


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite file."""
    shutil.copy(sqlite_template, tmp_path / "wallet.db")
    return f"sqlite:///{tmp_path / 'wallet.db'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database, once on each engine."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(sqlite_database_url: str) -> Iterator[Database]:
    """A fresh, migrated database on SQLite alone."""
    database = Database(sqlite_database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def certs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Practice keys, made once."""
    return tmp_path_factory.mktemp("certs")


@pytest.fixture(scope="session")
def kielo() -> Design:
    """The florist's design, drawn once."""
    return Design.unpack(Design.load(shipped("templates", "designs", "kielo")).pack())


@pytest.fixture
def brand(database: Database) -> Brand:
    """Kielo, the florist."""
    with database.write() as connection:
        return a_brand(connection)


@pytest.fixture
def aino(database: Database, brand: Brand) -> Enrolled:
    """Aino, a member with a card."""
    with database.write() as connection:
        return a_member(connection, brand, "Aino", "Koskela")


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(["a key of the tests, long enough to be taken"])


@pytest.fixture(autouse=True)
def _running_clock() -> Iterator[None]:
    """No test leaves the next one a clock that was driven or stopped."""
    yield
    clock.release()


@pytest.fixture
def driven_clock() -> Iterator[object]:
    """The clock, stopped on a Wednesday morning; `clock.advance(…)` moves it."""
    clock.set_to(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    yield clock
    clock.release()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The system's Chromium where there is one, else Playwright's own; the network is loopback."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return {
        **({"executable_path": chromium} if chromium else {}),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
        ],
    }
