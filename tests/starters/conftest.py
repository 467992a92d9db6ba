"""A folder, and a person at a prompt in it who opens a shop of some kind there."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from first_day import FirstDay, first_day
from shell import Shell


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    folder = tmp_path / "shop"
    folder.mkdir()
    return Shell(folder, monkeypatch, capsys)


@pytest.fixture
def opens(shell: Shell, driven_clock: object) -> Iterator[Callable[[str], FirstDay]]:
    """Open a shop with a starter, and its doors: `opens("hotel")`."""
    with ExitStack() as days:
        yield lambda starter: days.enter_context(first_day(shell, starter))
