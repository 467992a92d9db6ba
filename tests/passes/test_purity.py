"""The library is pure: no framework, no database, no network, none of the application."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "passes").rglob("*.py"))
FORBIDDEN = {
    "wallet_service", "webhooks", "flask", "sqlalchemy", "requests", "socket", "subprocess",
    "urllib.request", "http.client", "httpx", "pycurl", "asyncio",
}  # fmt: skip
FROM_GOOGLE = {"google.auth.jwt", "google.auth.crypt"}
ONE_FILE = "passes/apple/wallet_py3k.py"


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_reaches_for_nothing_outside(path: Path) -> None:
    for name in imports(path):
        assert not any(within(name, package) for package in FORBIDDEN), name
        if within(name, "google"):
            assert any(within(name, package) for package in FROM_GOOGLE), name


def test_one_file_alone_knows_the_old_package() -> None:
    knowing = [
        str(path.relative_to(ROOT))
        for path in FILES
        if any(within(name, "wallet") for name in imports(path))
    ]

    assert knowing == [ONE_FILE]
