"""What a changed file would change, in sentences, and which may leave a member worse off."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wallet_service.language import phrase
from wallet_service.programme import Version, ruleset, running
from wallet_service.programme.plan import plan

FLORIST = (Path(__file__).parents[2] / "templates/programmes/florist.toml").read_text()
TWELVE = FLORIST.replace("card = 10", "card = 12").replace("cost = 10", "cost = 12")
EIGHT = FLORIST.replace("card = 10", "card = 8").replace("cost = 10", "cost = 8")


def said(before: str, after: str) -> list[str]:
    changes = plan(ruleset.read(before), ruleset.read(after))
    return [f"{'-' if each.worsens else '+'} {each.say.say('en')}" for each in changes]


def test_a_programme_begins() -> None:
    [change] = plan(None, ruleset.read(FLORIST))
    assert change.say.say("en") == "The programme Kielo card begins."
    assert not change.worsens


def test_nothing_changes_by_a_comment() -> None:
    assert said(FLORIST, "# Hello\n" + FLORIST) == []


def test_a_dearer_card_is_said_twice_the_card_and_its_reward() -> None:
    assert said(FLORIST, TWELVE) == [
        "- The stamp card: the number of stamps that fill it is 12 instead of 10.",
        "- The reward bouquet: the cost is 12 instead of 10.",
    ]
    assert [line[0] for line in said(TWELVE, FLORIST)] == ["+", "+"]


@pytest.mark.parametrize(
    ("was", "becomes", "there", "back"),
    [
        (
            "purchase_min = 500",
            "purchase_min = 700",
            "- The rule stamps: the least purchase is 7 € instead of 5 €.",
            "+ The rule stamps: the least purchase is 5 € instead of 7 €.",
        ),
        (
            "per = 100",
            "per = 200",
            "- The rule points: it gives 1 for each 2 € instead of 1 for each 1 €.",
            "+ The rule points: it gives 1 for each 1 € instead of 1 for each 2 €.",
        ),
        (
            "amount = 1\nper = 100",
            "share = 200",
            "+ The rule points: it gives 2 % of the money instead of 1 for each 1 €.",
            "- The rule points: it gives 1 for each 1 € instead of 2 % of the money.",
        ),
        (
            "per = 100",
            "per = 100\ncap_day = 50",
            "- The rule points: the most for one day is 50 instead of not set.",
            "+ The rule points: the most for one day is not set instead of 50.",
        ),
        (
            "valid_days = 180 ",
            "valid_days = 90 ",
            "- The reward bouquet: the number of days it can be used is 90 instead of 180.",
            "+ The reward bouquet: the number of days it can be used is 180 instead of 90.",
        ),
        (
            "leftovers_carry = false",
            "leftovers_carry = true",
            "+ The loyal switches: the switch leftovers_carry is on instead of off.",
            "- The loyal switches: the switch leftovers_carry is off instead of on.",
        ),
        (
            "[loyal]",
            "[expiry.points]\nmonths = 12\n[loyal]",
            "- Points: with an end from now on.",
            "+ Points: without an end from now on.",
        ),
        (
            "[loyal]",
            "[pending.points]\ndays = 14\n[loyal]",
            "- Points: counting after 14 days instead of 0.",
            "+ Points: counting after 0 days instead of 14.",
        ),
        (
            "[loyal]",
            '[returns]\npolicy = "unlimited"\n[loyal]',
            "- Returns: how far they reach is unlimited instead of within_balance.",
            "+ Returns: how far they reach is within_balance instead of unlimited.",
        ),
        (
            "member_day = 40",
            "member_day = 2",
            "- The limits: the limit member_day is 2 instead of 40.",
            "+ The limits: the limit member_day is 40 instead of 2.",
        ),
        (
            'sv = "En bukett"',
            'sv = "Bukett"',
            "+ The reward bouquet: other words.",
            "+ The reward bouquet: other words.",
        ),
        (
            "[loyal]",
            '[[multiply]]\nkey = "tuesday"\nunit = "points"\npercent = 200\n[loyal]',
            "+ The multiplier tuesday is new.",
            "- The multiplier tuesday is gone.",
        ),
    ],
)
def test_each_change_is_a_sentence_and_what_worsens_something_is_marked(
    was: str, becomes: str, there: str, back: str
) -> None:
    changed = FLORIST.replace(was, becomes, 1)
    assert changed != FLORIST
    assert said(FLORIST, changed) == [there]
    assert said(changed, FLORIST) == [back]


def test_every_field_that_differs_is_told() -> None:
    """What changes the hash of the rules stands in the plan, whichever field it is."""
    full = (
        FLORIST.replace('units = ["stamps", "points"]', 'units = ["stamps", "points", "bonus"]')
        + '\n[[multiply]]\nkey = "m"\nunit = "points"\npercent = 200\nbecause = {en = "a", '
        'fi = "b", sv = "c"}\n[tiers]\n[[tiers.tier]]\nkey = "t"\nfrom_total = 10\n'
        'name = {en = "a", fi = "b", sv = "c"}\n[expiry.points]\nmonths = 3\n'
    )
    for was, becomes in (
        ('funder = "brand"', 'funder = "dealer"'),
        ("card = 10 ", "roll_over = false\ncard = 10 "),
        ("card = 10 ", "welcome = 2\ncard = 10 "),
        ("percent = 200", 'percent = 200\nfrom_hour = "09:00"'),
        ("percent = 200", 'percent = 200\nlast_day = "2027-01-01"'),
        ("percent = 200", 'percent = 200\ntiers = ["t"]'),
        ("from_total = 10", "from_total = 20"),
        ("[tiers]", '[tiers]\nqualifying = "year"'),
        ("[tiers]", "[tiers]\nholding_months = 3"),
        ("months = 3", "months = 3\nwarn_days = [3]"),
        ("months = 3", 'day_of_year = "12-31"'),
        ('name = {en = "a"', 'name = {en = "z"'),
        ('because = {en = "a"', 'because = {en = "z"'),
        ('languages = ["en", "fi", "sv"]', 'languages = ["en", "fi"]'),
        ("Kielo may send me offers by text message.", "Text me."),
        ("Europe/Helsinki", "Europe/Stockholm"),
        ("per = 100", 'per = 100\nproducts = ["rose"]'),
        ("per = 100", "per = 100\nleftovers_carry = true"),
        ('"bonus"]', '"bonus", "visits"]'),
    ):
        assert was in full
        changed = full.replace(was, becomes, 1)
        differs = ruleset.read(full).content_hash() != ruleset.read(changed).content_hash()
        assert bool(said(full, changed)) == differs, becomes


def version(number: int, toml: str, *, also_running: bool = False, followed: int = 0) -> Version:
    return Version(
        programme_id="p",
        brand_id="b",
        version=number,
        content_hash="",
        valid_from=datetime(2026, 11, number, tzinfo=UTC),
        rules=ruleset.read(toml),
        also_running=also_running,
        followed_from=number if also_running else followed,
    )


def card_of(held: Version) -> tuple[int, int, int]:
    assert held.rules.stamps is not None
    assert held.rules.card_reward is not None
    return held.version, held.rules.stamps.card, held.rules.card_reward.cost


def test_a_running_card_keeps_the_better_of_its_size_and_the_new_one() -> None:
    begun = version(1, FLORIST)
    assert card_of(running(version(2, TWELVE), begun)) == (2, 10, 10)
    assert card_of(running(version(2, EIGHT), begun)) == (2, 8, 8)
    assert card_of(running(version(2, TWELVE), None)) == (2, 12, 12)
    assert card_of(running(version(2, TWELVE), version(2, TWELVE))) == (2, 12, 12)


def test_a_running_card_follows_where_the_owner_said_so() -> None:
    begun = version(1, FLORIST)
    assert card_of(running(version(2, TWELVE, also_running=True), begun)) == (2, 12, 12)
    # Said of the second version, it holds for what was begun before it, whatever comes after.
    third = version(3, TWELVE.replace("per = 100", "per = 90"), followed=2)
    assert card_of(running(third, begun)) == (3, 12, 12)
    assert card_of(running(third, version(2, FLORIST))) == (3, 10, 10)
    off = TWELVE.replace("[loyal]", "[loyal]\nchanges_never_worsen = false")
    assert card_of(running(version(2, off), begun)) == (2, 12, 12)


def test_a_plan_is_made_of_phrases_that_can_be_kept() -> None:
    for change in plan(ruleset.read(FLORIST), ruleset.read(TWELVE)):
        assert type(change.say).from_json(change.say.as_json()) == change.say
    assert phrase("The stamp card").say("en") == "The stamp card"
