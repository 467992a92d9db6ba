"""A running shop for each story."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from stories import Served, serve


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """A running shop, once on each engine."""
    yield from _served(database_url, tmp_path)


@pytest.fixture
def served_on_sqlite(sqlite_database_url: str, tmp_path: Path) -> Iterator[Served]:
    """A running shop on SQLite alone."""
    yield from _served(sqlite_database_url, tmp_path)


def _served(database_url: str, folder: Path) -> Iterator[Served]:
    running, brand, api_key, pairing = serve(database_url, folder)
    thread = running.in_background()
    yield Served(running=running, brand=brand, api_key=api_key, pairing=pairing)
    running.stop()
    thread.join(10)
    assert not thread.is_alive(), "the service did not stop"
