"""A folder, and a person at a prompt in it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from shell import Shell


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    folder = tmp_path / "shop"
    folder.mkdir()
    return Shell(folder, monkeypatch, capsys)


@pytest.fixture
def shop(shell: Shell) -> Shell:
    """A folder in which `init` has been run."""
    shell.well(
        "init",
        "--name",
        "Rosa",
        "--email",
        "hei@rosa.example",
        "--language",
        "fi",
        "--owner",
        "Anna",
    )
    return shell
