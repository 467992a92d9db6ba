"""docs/programme.md names every key that a programme's file may hold."""

import re
from pathlib import Path

import pytest

from wallet_service.programme import (
    earning,
    lifetimes,
    returning,
    rewards,
    ruleset,
    switches,
    tiers,
)
from wallet_service.programme.part import Part

PAGE = Path(__file__).parents[2] / "docs" / "programme.md"
PARTS = [
    each
    for room in (earning, lifetimes, returning, rewards, ruleset, switches, tiers)
    for each in vars(room).values()
    if isinstance(each, type) and issubclass(each, Part) and each.__module__ == room.__name__
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_key_of_a_part_is_explained(part: type[Part]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE.read_text()))
    assert part.model_fields.keys() - named == set()
