"""Tiers: reached at once, held to their end, and lost only afterwards."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet_service.programme import Held, ruleset
from wallet_service.programme.standing import standing, window

TEXT = """
key = "hotel"
currency = "EUR"
languages = ["en"]
time_zone = "Europe/Helsinki"
units = ["points"]
name = {en = "Hotel"}
earn = [{unit = "points", per = 100}]
[tiers]
holding_months = 12
tier = [
  {key = "silver", from_total = 100, name = {en = "Silver"}},
  {key = "gold", from_total = 500, name = {en = "Gold"}},
]
"""
RULES = ruleset.read(TEXT)
NOVEMBER = datetime(2026, 11, 25, 12, tzinfo=UTC)
END = datetime(2027, 11, 30, 22, tzinfo=UTC)  # midnight in Helsinki


def test_a_tier_is_reached_and_held_to_the_end_of_the_month_a_year_on() -> None:
    assert standing(RULES, 99, None, NOVEMBER) is None
    assert standing(RULES, 100, None, NOVEMBER) == Held(tier="silver", since=NOVEMBER, until=END)
    assert standing(RULES, 500, None, NOVEMBER) == Held(tier="gold", since=NOVEMBER, until=END)


def test_a_tier_holds_though_the_total_falls_and_ends_on_its_day() -> None:
    gold = Held(tier="gold", since=NOVEMBER, until=END)
    assert standing(RULES, 0, gold, END - timedelta(seconds=1)) == gold
    assert standing(RULES, 120, gold, END - timedelta(seconds=1)) == gold
    assert standing(RULES, 0, gold, END) is None
    afterwards = standing(RULES, 120, gold, END)
    assert afterwards is not None
    assert (afterwards.tier, afterwards.since) == ("silver", END)


def test_a_tier_reached_anew_is_held_anew_and_was_so_all_along() -> None:
    gold = Held(tier="gold", since=NOVEMBER, until=END)
    for later in (NOVEMBER + timedelta(days=200), END):
        again = standing(RULES, 500, gold, later)
        assert again is not None
        assert (again.tier, again.since) == ("gold", NOVEMBER)
        assert again.until > END


def test_a_tier_that_the_rules_know_no_more_is_none() -> None:
    platinum = Held(tier="platinum", since=NOVEMBER, until=END)
    assert standing(RULES, 0, platinum, NOVEMBER) is None
    fresh = standing(RULES, 100, platinum, NOVEMBER)
    assert fresh is not None
    assert (fresh.tier, fresh.since) == ("silver", NOVEMBER)


@pytest.mark.parametrize(
    ("said", "at", "first"),
    [
        ("", "2026-11-25T12:00", "2025-11-25T00:00"),
        ("qualifying_months = 1", "2026-03-31T12:00", "2026-02-28T00:00"),
        ("qualifying_months = 12", "2028-02-29T12:00", "2027-02-28T00:00"),
        ('qualifying = "year"', "2026-11-25T12:00", "2026-01-01T00:00"),
        ('qualifying = "year"', "2027-01-01T00:00", "2027-01-01T00:00"),
    ],
)
def test_what_counts_looks_back_by_the_shops_own_days(said: str, at: str, first: str) -> None:
    rules = ruleset.read(TEXT.replace("holding_months = 12", said))
    zone = ZoneInfo("Europe/Helsinki")
    moment = datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC)
    assert window(rules, moment) == datetime.fromisoformat(first).replace(tzinfo=zone)


def test_a_programme_without_tiers_gives_none() -> None:
    plain = ruleset.read(TEXT.partition("[tiers]")[0])
    assert standing(plain, 10_000, None, NOVEMBER) is None
    with pytest.raises(LookupError):
        window(plain, NOVEMBER)


STEPS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 90)), min_size=1, max_size=12)


@settings(max_examples=80)
@given(STEPS)
def test_no_tier_is_lost_before_its_end_and_what_is_reached_is_had(
    steps: list[tuple[int, int]],
) -> None:
    rank = {"silver": 1, "gold": 2}
    held: Held | None = None
    now = NOVEMBER
    for total, days in steps:
        now += timedelta(days=days)
        before, held = held, standing(RULES, total, held, now)
        mine = rank[held.tier] if held else 0
        assert mine >= (2 if total >= 500 else 1 if total >= 100 else 0)
        if before is not None and now < before.until:
            assert held is not None
            assert mine >= rank[before.tier]
            assert mine > rank[before.tier] or held.until >= before.until
        if held is not None:
            assert held.since <= now < held.until
            # Asked again at once, it is the same.
            assert standing(RULES, total, held, now) == held
