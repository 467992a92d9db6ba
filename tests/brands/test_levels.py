"""The levels of security: each stricter than the one before, and explained."""

from dataclasses import fields
from pathlib import Path

import pytest

from wallet_service.brands import level_words, levels
from wallet_service.brands.levels import LEVELS, Level, LevelName
from wallet_service.language import LANGUAGES

ROOT = Path(__file__).parents[2]
MORE_IS_STRICTER = {"second_factor", "pin_digits_min", "sign_ins_kept"}
SHOP, CHAIN, STRICT = (LEVELS[name] for name in LevelName)


@pytest.mark.parametrize(("milder", "stricter"), [(SHOP, CHAIN), (CHAIN, STRICT)])
def test_each_level_asks_for_no_less_than_the_one_before(milder: Level, stricter: Level) -> None:
    for field in fields(Level):
        if field.name == "name":
            continue
        one, other = getattr(milder, field.name), getattr(stricter, field.name)
        if field.name in MORE_IS_STRICTER:
            assert one <= other, field.name
        else:
            assert one >= other, field.name
    assert levels.is_stricter(stricter, milder)
    assert not levels.is_stricter(milder, stricter)


def test_whoever_works_for_several_brands_is_held_by_the_strictest() -> None:
    assert levels.strictest([SHOP, STRICT, CHAIN]) == STRICT
    assert levels.strictest([]) == SHOP


def test_everything_that_a_level_sets_is_explained() -> None:
    assert len(level_words.rows()) == len(fields(Level)) - 1
    for row in level_words.rows():
        assert len(row.why.say("en")) > 20
        assert set(row.of) == set(LevelName)


@pytest.mark.parametrize("before", LEVELS.values(), ids=str)
@pytest.mark.parametrize("after", LEVELS.values(), ids=str)
def test_a_choice_says_what_will_happen(before: Level, after: Level) -> None:
    said = level_words.consequences(before, after)
    if before == after:
        assert said == ()
    for language in LANGUAGES:
        assert all(each.say(language) for each in said)
    if levels.is_stricter(after, before):
        words = " ".join(each.say("en") for each in said)
        assert ("second factor" in words) is (after.second_factor and not before.second_factor)
        assert "Sign-ins end sooner" in words


def test_the_papers_say_what_each_level_sets() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    for row in level_words.rows():
        cells = " | ".join(row.of[name].say("en") for name in LevelName)
        assert f"| {row.what.say('en')} | {cells} |" in text
