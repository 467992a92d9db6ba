"""What the florist's programme gives for a purchase, and what it refuses to be."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_service.programme import ProgrammeFault, Purchase, Stamps, card_face, ruleset
from wallet_service.programme.earn import earn

FLORIST = (Path(__file__).parents[2] / "templates/programmes/florist.toml").read_text()
RULES = ruleset.read(FLORIST)


def gained(amount: int) -> dict[str, int]:
    return {each.unit: each.amount for each in earn(RULES, Purchase(amount=amount)).earned}


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        (1, {}),
        (99, {}),
        (100, {"points": 1}),
        (499, {"points": 4}),
        (500, {"stamps": 1, "points": 5}),
        (1250, {"stamps": 1, "points": 12}),
        (100_000, {"stamps": 1, "points": 1000}),
    ],
)
def test_five_euros_are_a_stamp_and_each_whole_euro_a_point(
    cents: int, expected: dict[str, int]
) -> None:
    assert gained(cents) == expected


def test_each_gain_says_why_in_words() -> None:
    stamp, points = earn(RULES, Purchase(amount=1250)).earned
    assert stamp.why.say("en") == "1 stamp for a purchase of 5 € or more"
    assert points.why.say("en") == "12 points for 12.50 €"
    [given_by_hand] = earn(RULES, Purchase(stamps=3)).earned
    assert (given_by_hand.unit, given_by_hand.amount) == ("stamps", 3)
    assert given_by_hand.why.say("en") == "3 stamps at the counter"


@given(st.integers(0, 10**9))
def test_a_larger_purchase_never_gives_less(cents: int) -> None:
    less, more = gained(cents), gained(cents + 1)
    assert all(more.get(unit, 0) >= amount for unit, amount in less.items())
    assert all(amount > 0 for amount in less.values())


def test_the_florists_file_speaks_every_language_of_the_service() -> None:
    for language in ("en", "fi", "sv"):
        assert RULES.name[language]
        for channel in ("pass", "email", "sms", "web_push"):
            assert RULES.consent_wording(channel, language)
    assert RULES.card_reward is not None
    assert RULES.card_reward.cost == 10


@pytest.mark.parametrize(
    ("was", "becomes", "place"),
    [
        ("purchase_min = 500", "purchase_mim = 500", "earn.0.purchase_mim: is not known here"),
        ("cost = 10", "cost = 9", "costs another number than the card has"),
        ("card = 10", "card = 10.5", "stamps.card"),
        ("card = 10", 'card = "ten"', "stamps.card"),
        ('unit = "points"', 'unit = "miles"', "earn.1.unit"),
        ('"Europe/Helsinki"', '"Europe/Helsingfors"', "Europe/Helsingfors is no name"),
        ('"EUR"', '"euro"', "currency"),
        ('sv = "Kielokort"', "", "name lacks sv"),
        ('sv = "Kielokort"', 'sv = "Kielokort"\nde = "Karte"', "name.de is no language"),
        ('units = ["stamps", "points"]', 'units = ["stamps"]', "points is used but not among"),
        ("per = 100", "per = 0", "earn.1.per"),
        ('key = "kielo"', 'key = "Kielo!"', "key"),
        ("[name]", "[name", "not TOML"),
        ("valid_days = 180", "valid_days = -1", "reward.0.valid_days"),
    ],
)
def test_a_fault_in_the_file_is_refused_with_its_place(was: str, becomes: str, place: str) -> None:
    assert was in FLORIST
    with pytest.raises(ProgrammeFault) as refused:
        ruleset.read(FLORIST.replace(was, becomes, 1))
    assert place in str(refused.value)


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(ProgrammeFault) as refused:
        ruleset.read(FLORIST.replace("card = 10", "card = 1").replace("per = 100", "per = 0"))
    assert "stamps.card" in str(refused.value)
    assert "earn.1.per" in str(refused.value)


@pytest.mark.parametrize(
    ("available", "open_reward", "have"),
    [(0, False, 0), (0, True, 10), (1, True, 1), (9, False, 9), (9, True, 9)],
)
def test_a_card_just_filled_shows_full_until_the_next_stamp(
    available: int, open_reward: bool, have: int
) -> None:
    assert card_face(available, 10, open_reward) == Stamps(have=have, of=10)
