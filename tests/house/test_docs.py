"""The papers are true: what they name exists, and what must stand in them does."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from wallet_service import migrations

ROOT = Path(__file__).parents[2]
DOCS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "certs" / "README.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(
    r"`((?:passes|webhooks|wallet_service|templates|tests|bench|docs|certs)/[\w./{}-]*|"
    r"[\w-]+\.(?:py|toml|md))`"
)


def named(text: str) -> set[str]:
    return {name for name in PATH.findall(text) if "…" not in name and "{" not in name}


@pytest.mark.parametrize("paper", DOCS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_links_lead_somewhere(paper: Path) -> None:
    dead = [
        target
        for target in LINK.findall(paper.read_text())
        if "://" not in target and not (paper.parent / target).exists()
    ]
    assert dead == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])
def test_no_file_is_named_that_is_gone(name: str) -> None:
    everywhere = {path.name for path in ROOT.rglob("*.*") if ".venv" not in path.parts}
    gone = [
        path
        for path in named((ROOT / name).read_text())
        if not (ROOT / path).exists()
        and not (ROOT / "wallet_service" / path).exists()
        and not ("/" not in path and path in everywhere)
    ]
    assert gone == []


def test_every_layer_has_its_row_in_architecture() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (layers,) = [
        contract["layers"]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    ]
    text = (
        (ROOT / "ARCHITECTURE.md").read_text().partition("## The layers")[2].partition("\n## ")[0]
    )
    rows = [set(re.findall(r"`([\w]+)`", row.partition(" | ")[0])) for row in text.splitlines()]
    ground = set(re.findall(r"`([\w]+)`", text.partition("| ground |")[2].partition("|")[0]))
    for layer in layers:
        rooms = {room.strip("() ") for room in layer.split(":")} - {"__main__"}
        assert not rooms or rooms in rows or rooms == ground, layer


# ---- docs/data-model.md -------------------------------------------------------------------------


def test_the_data_model_names_every_table_with_every_column() -> None:
    text = (ROOT / "docs" / "data-model.md").read_text()
    described = {}
    for section in text.split("\n### ")[1:]:
        name = section.partition("\n")[0].strip("`")
        columns = re.search(r"^Columns: (.+?)\n\n", section + "\n\n", re.MULTILINE | re.DOTALL)
        assert columns is not None, name
        described[name] = re.findall(r"`(\w+)`", columns[1])
        sentence = section.partition("\n\n")[2].partition("\n\nColumns")[0]
        assert len(sentence) > 10, f"{name} says nothing"
    there = {table.name: [column.name for column in table.c] for table in _tables()}
    assert described == there


def _tables() -> list:
    return list(migrations.metadata().tables.values())


# ---- docs/promises.md ---------------------------------------------------------------------------


def rows_of_promises() -> list[list[str]]:
    text = (ROOT / "docs" / "promises.md").read_text()
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [row for row in rows if row[0] not in {"promise", "---"} and set(row[0]) != {"-"}]


def test_a_promise_says_where_it_is_kept_and_which_test_shows_it() -> None:
    rows = rows_of_promises()
    assert len(rows) >= 10
    for number, words, where, shown in rows:
        assert re.fullmatch(r"B?\d+", number)
        assert words
        assert where
        assert re.search(r"`tests/[\w/]+\.py::test_\w+`", shown), number


def test_the_tests_that_show_a_promise_exist() -> None:
    missing = []
    for row in rows_of_promises():
        for file, name in re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[3]):
            path = ROOT / file
            functions = (
                {
                    node.name
                    for node in ast.walk(ast.parse(path.read_text()))
                    if isinstance(node, ast.FunctionDef)
                }
                if path.exists()
                else set()
            )
            if name not in functions:
                missing.append(f"{row[0]}: {file}::{name}")
    assert missing == []
