"""The drawing in docs/data-model.md is true: each table stands in it, each line holds."""

import re
from pathlib import Path

import pytest

from wallet_service import migrations

PAGE = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text()
TABLES = migrations.metadata().tables
DRAWN = PAGE.partition("## Drawn\n")[2].partition("\n## ")[0]
LINES = re.findall(r'^    (\w+) \|\|--(o\{|\|\{|o\|) (\w+) : "([^"]+)"$', DRAWN, re.MULTILINE)
ALONE = re.findall(r"`(\w+)`", DRAWN.partition("By themselves:")[2])


def test_every_table_is_drawn_once_or_stands_alone() -> None:
    drawn = {name for one, _, many, _ in LINES for name in (one, many)}
    assert drawn | set(ALONE) == set(TABLES)
    assert drawn & set(ALONE) == set()
    assert len(LINES) == DRAWN.count("||--")


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line[0]}-{line[2]}")
def test_a_line_joins_columns_that_both_have(line: tuple[str, str, str, str]) -> None:
    one, fork, many, said = line
    pairs = [(pair.split(" = ") * 2)[:2] for pair in said.split(", ")]
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assert set(ours) <= set(TABLES[one].c.keys())
    assert set(theirs) <= set(TABLES[many].c.keys())
    # One of the left: what joins is its key.
    assert set(ours) == {column.name for column in TABLES[one].primary_key}
    if fork == "o|":
        keys = [{column.name for column in TABLES[many].primary_key}]
        assert any(key <= set(theirs) for key in keys)


def test_what_belongs_to_a_member_hangs_from_one() -> None:
    joined = {(many, said.split(", ")[0]) for _, _, many, said in LINES}
    hanging = {
        table.name for table in TABLES.values() if next(iter(table.primary_key)).name == "member_id"
    }
    assert hanging - {name for name, first in joined if first == "member_id"} - {"member"} == set()
