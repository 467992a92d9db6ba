"""What a file may not say: each fault is refused with its place, and all are said together."""

import pytest

from wallet_service.programme import ProgrammeFault, ruleset

HEAD = """
key = "kahvila"
currency = "EUR"
languages = ["en"]
time_zone = "Europe/Helsinki"
units = ["stamps", "points", "bonus"]
name = {en = "Kahvila"}
stamps = {card = 10}
"""
PER = '[[earn]]\nunit = "points"\nper = 100\n'
WORDS = 'name = {en = "a"}\ncoming = {en = "b"}\nearned = {en = "c"}\nterms = {en = "d"}\n'


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(ProgrammeFault) as refused:
        ruleset.read(HEAD + text)
    assert str(refused.value).startswith("The programme has faults. ")
    return refused.value.faults


def earn(text: str) -> str:
    return f'[[earn]]\nunit = "points"\n{text}\n'


def multiply(text: str) -> str:
    return f'{PER}[[multiply]]\nkey = "m"\nunit = "points"\npercent = 200\n{text}\n'


def reward(key: str, text: str) -> str:
    return f'[[reward]]\nkey = "{key}"\n{text}\n{WORDS}'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PER + "[expiry.points]\n", "expiry.points: says nothing, but must say exactly one of"),
        (
            PER + "[expiry.points]\nmonths = 1\ninactive_months = 2\n",
            "expiry.points: says months and inactive_months, but must say exactly one of",
        ),
        (PER + "[expiry.points]\nmonths = 1\nmonths_min = 2\n", "months_min is about day_of_year"),
        (PER + '[expiry.points]\nday_of_year = "02-30"\n', "02-30 is in no calendar"),
        (PER + "[expiry.visits]\nmonths = 1\n", "expiry.visits: visits is used but not among"),
        (PER + "[pending.visits]\ndays = 1\n", "pending.visits: visits is used but not among"),
        (earn("per = 100\nshare = 100"), "earn.0: says per and share; say one of per, share and"),
        (earn("share = 100\namount = 2"), "earn.0: amount says nothing beside a share"),
        (earn('accumulates = "year"'), "earn.0: accumulates is about steps"),
        (
            earn("steps = [{from_total = 5, share = 1}, {from_total = 5, share = 2}]"),
            "earn.0: steps must ascend",
        ),
        ('[[earn]]\nunit = "stamps"\nshare = 100\n', "earn.0: a share of money is no number of"),
        ('[[earn]]\nunit = "visits"\nper = 100\n', "earn.0: a purchase is one visit"),
        ('[[earn]]\nunit = "purchase_total"\n', "earn.0: purchase_total is the money itself"),
        (PER + PER.replace("per", 'key = "points"\nper'), "two rules of earn have one key, points"),
        (multiply('first_day = "2026-02-30"'), "multiply.0: first_day: 2026-02-30 is in no"),
        (
            multiply('first_day = "2026-02-02"\nlast_day = "2026-02-01"'),
            "multiply.0: first_day is after last_day",
        ),
        (multiply('from_hour = "09:00"\nto_hour = "09:00"'), "from_hour and to_hour are one"),
        (multiply('to_hour = "24:00"'), "multiply.0.to_hour"),
        (multiply('weekdays = ["tue", "tue"]'), "multiply.0: weekdays names one twice"),
        (multiply("products = []"), "multiply.0.products"),
        (multiply('tiers = ["gold"]'), "multiply.0.tiers: gold is no tier"),
        (multiply("because = {fi = 'x'}"), "multiply.0.because lacks en"),
        (multiply("").replace('"points"\npercent', '"bonus"\npercent'), "no rule gives bonus"),
        (
            PER + reward("a", 'unit = "stamps"\ncost = 11'),
            "reward.0: the reward for stamps costs another number than the card has",
        ),
        (
            PER + reward("a", 'unit = "stamps"\ncost = 5'),
            "the dearest reward for stamps costs another number than the card has",
        ),
        (
            PER
            + reward("a", 'unit = "points"\ncost = 5')
            + reward("b", 'unit = "points"\ncost = 9'),
            "reward.1: two rewards take one unit by themselves, points",
        ),
        (
            PER
            + reward("a", 'unit = "points"\ncost = 5')
            + reward("a", 'unit = "stamps"\ncost = 10'),
            "two rewards have one key, a",
        ),
        (
            PER + reward("a", 'unit = "bonus"\ncost = 5'),
            'reward.0: bonus brings nothing by itself; say comes = "bought"',
        ),
        (
            PER + reward("a", 'unit = "points"\ncost = 5\nany_amount = true\nworth = 5'),
            'reward.0: any_amount is asked for; say comes = "bought"',
        ),
        (
            PER + reward("a", 'unit = "points"\ncost = 5\nany_amount = true\ncomes = "bought"'),
            "reward.0: any_amount needs worth",
        ),
        (
            PER + '[tiers]\ntier = [{key = "a", from_total = 5, name = {en = "A"}}, '
            '{key = "b", from_total = 4, name = {en = "B"}}]\n',
            "tiers: tiers must ascend",
        ),
        (
            PER + '[tiers]\ncounts = "visits"\ntier = [{key = "a", from_total = 5, '
            'name = {en = "A"}}]\n',
            "tiers: visits is used but not among units",
        ),
        (
            PER + '[tiers]\ntier = [{key = "a", from_total = 5, name = {fi = "A"}}]\n',
            "tiers.tier.0.name lacks en",
        ),
    ],
)
def test_a_fault_is_said_with_its_place(text: str, fault: str) -> None:
    found = faults(text)
    assert any(fault in each for each in found), found


def test_all_faults_are_said_together() -> None:
    found = faults(
        earn("per = 0")
        + multiply('to_hour = "9"').removeprefix(PER)
        + "[expiry.points]\n[loyal]\nleftovers = true\n"
    )
    assert len(found) == 4
    whole = faults(
        PER + reward("a", 'unit = "stamps"\ncost = 5') + multiply('tiers = ["x"]')[len(PER) :]
    )
    assert len(whole) == 2


def test_a_card_may_bring_several_rewards_on_the_way() -> None:
    rules = ruleset.read(
        HEAD
        + PER
        + reward("coffee", 'unit = "stamps"\ncost = 5')
        + reward("cake", 'unit = "stamps"\ncost = 10')
        + reward(
            "money", 'unit = "bonus"\ncost = 100\nworth = 100\ncomes = "bought"\nany_amount = true'
        )
    )
    assert rules.card_reward is not None
    assert rules.card_reward.key == "cake"


def test_a_rule_without_a_key_is_called_as_its_unit_and_its_place() -> None:
    rules = ruleset.read(HEAD + PER + PER + PER.replace("per", 'key = "extra"\nper') + PER)
    assert [key for key, _ in rules.keyed] == ["points", "points-2", "extra", "points-4"]
