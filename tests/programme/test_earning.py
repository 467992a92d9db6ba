"""What purchases give under every kind of rule, and the reason in words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet_service.programme import Context, Goods, Progress, Purchase, Ruleset, ruleset
from wallet_service.programme.earn import Earnings, earn, periods

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 14:00 in Helsinki
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

HEAD = """
key = "kahvila"
currency = "EUR"
languages = ["en"]
time_zone = "Europe/Helsinki"
units = ["stamps", "points", "bonus", "visits", "purchase_total"]
name = {en = "Kahvila"}
stamps = {card = 10}
"""
TIERS = """
[tiers]
counts = "points"
tier = [{key = "gold", from_total = 100, name = {en = "Gold"}}]
"""


def programme(text: str) -> Ruleset:
    return ruleset.read(HEAD + text)


def given_by(rules: Ruleset, purchase: Purchase, context: Context | None = None) -> dict[str, int]:
    return {each.unit: each.amount for each in earn(rules, purchase, context or Context()).earned}


def reason(rules: Ruleset, purchase: Purchase, context: Context | None = None) -> str:
    [only] = earn(rules, purchase, context or Context()).earned
    return only.why.say("en")


class Memory:
    """What a member's progress remembers from purchase to purchase, as the books would."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Progress] = {}

    def buy(self, rules: Ruleset, purchase: Purchase, tier: str | None = None) -> Earnings:
        context = Context(tier=tier, progress=dict(self.rows))
        earnings = earn(rules, purchase, context)
        self.add(rules, earnings, purchase.at)
        return earnings

    def add(self, rules: Ruleset, earnings: Earnings, at: datetime | None, sign: int = 1) -> None:
        for each in earnings.counted:
            assert (each.rule, each.period) in periods(rules, at)
            before = self.rows.get((each.rule, each.period), Progress())
            self.rows[each.rule, each.period] = Progress(
                amount=before.amount + sign * each.amount, given=before.given + sign * each.given
            )


def amounts(earnings: Earnings) -> int:
    return sum(each.amount for each in earnings.earned)


TUESDAYS = """
[[earn]]
unit = "stamps"
per = 1000
[[multiply]]
key = "tuesday"
unit = "stamps"
percent = 120
weekdays = ["tue"]
"""


def test_ten_stamps_for_a_hundred_euros_and_two_because_it_is_tuesday() -> None:
    rules = programme(TUESDAYS)
    on_tuesday = Purchase(amount=10_000, at=TUESDAY)
    assert given_by(rules, on_tuesday) == {"stamps": 12}
    assert reason(rules, on_tuesday) == "10 stamps for 100 €, 2 because it is Tuesday"
    assert given_by(rules, Purchase(amount=10_000, at=WEDNESDAY)) == {"stamps": 10}
    assert given_by(rules, Purchase(amount=10_000)) == {"stamps": 10}


def test_a_day_begins_at_the_shops_own_midnight() -> None:
    rules = programme(TUESDAYS)
    just_tuesday = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    still_monday = datetime(2026, 11, 23, 21, 59, tzinfo=UTC)
    assert given_by(rules, Purchase(amount=10_000, at=just_tuesday)) == {"stamps": 12}
    assert given_by(rules, Purchase(amount=10_000, at=still_monday)) == {"stamps": 10}


def test_thirty_and_twenty_make_fifty() -> None:
    rules = programme('[[earn]]\nunit = "points"\nper = 5000\n')
    memory = Memory()
    assert memory.buy(rules, Purchase(amount=3000)).earned == ()
    [point] = memory.buy(rules, Purchase(amount=2000)).earned
    assert point.amount == 1
    assert point.why.say("en") == "1 point for 20 € and what was left over before"


def test_small_purchases_together_are_one_that_is_large_enough() -> None:
    rules = programme('[[earn]]\nunit = "stamps"\npurchase_min = 500\n')
    memory = Memory()
    given_for = [amounts(memory.buy(rules, Purchase(amount=a))) for a in (300, 9000, 100, 100, 499)]
    # A large one gives its own stamp, and leaves alone what the small ones put together.
    assert given_for == [0, 1, 0, 1, 0]


def test_where_leftovers_do_not_carry_nothing_is_remembered() -> None:
    rules = programme('[loyal]\nleftovers_carry = false\n[[earn]]\nunit = "points"\nper = 5000\n')
    assert periods(rules, TUESDAY) == ()
    assert earn(rules, Purchase(amount=3000)) == Earnings()


def test_a_dearer_point_does_not_keep_a_member_waiting_for_what_was_given_before() -> None:
    memory = Memory()
    cheap, dear = (programme(f'[[earn]]\nunit = "points"\nper = {per}\n') for per in (100, 1000))
    assert amounts(memory.buy(cheap, Purchase(amount=100_050))) == 1000
    assert amounts(memory.buy(dear, Purchase(amount=950))) == 1


def test_a_share_is_money_and_no_cent_is_lost() -> None:
    rules = programme('[[earn]]\nunit = "bonus"\nshare = 250\n')
    assert reason(rules, Purchase(amount=10_000)) == "2.50 € bonus for 100 €"
    memory = Memory()
    assert sum(amounts(memory.buy(rules, Purchase(amount=39))) for _ in range(40)) == 39


STEPS = """
[[earn]]
unit = "bonus"
accumulates = "month"
steps = [{from_total = 0, share = 100}, {from_total = 10000, share = 500}]
"""


def test_steps_give_each_euro_its_own_share_and_begin_anew_each_month() -> None:
    rules, memory = programme(STEPS), Memory()
    assert amounts(memory.buy(rules, Purchase(amount=9000, at=TUESDAY))) == 90
    assert amounts(memory.buy(rules, Purchase(amount=2000, at=WEDNESDAY))) == 10 + 50
    first_of_december = datetime(2026, 11, 30, 22, tzinfo=UTC)
    assert amounts(memory.buy(rules, Purchase(amount=1000, at=first_of_december))) == 10
    assert set(memory.rows) == {("bonus", "2026-11"), ("bonus", "2026-12")}


def test_a_visit_is_counted_once_a_day_and_purchases_as_money() -> None:
    rules = programme(
        '[[earn]]\nunit = "visits"\ncap_day = 1\n[[earn]]\nunit = "purchase_total"\nper = 1\n'
    )
    memory = Memory()
    first = memory.buy(rules, Purchase(amount=1250, at=TUESDAY))
    assert [each.why.say("en") for each in first.earned] == ["1 visit", "12.50 € of purchases"]
    assert given_by(rules, Purchase(amount=300, at=TUESDAY), Context(progress=memory.rows)) == {
        "purchase_total": 300
    }
    stamped = Purchase(stamps=1, at=WEDNESDAY)
    assert given_by(rules, stamped, Context(progress=memory.rows)) == {"stamps": 1, "visits": 1}
    # A stamp by hand, at the desk, says of nobody that she was there.
    assert given_by(rules, Purchase(stamps=1, by_hand=True, at=WEDNESDAY)) == {"stamps": 1}


COFFEE = (Goods(product="latte", category="coffee", quantity=2, price=450),)
BUN = (Goods(product="pulla", category="bakery", quantity=1, price=300),)


def test_only_goods_that_are_named_count() -> None:
    rules = programme('[[earn]]\nunit = "points"\nper = 100\ncategories = ["coffee"]\n')
    assert given_by(rules, Purchase(lines=COFFEE + BUN)) == {"points": 9}
    assert given_by(rules, Purchase(amount=5000)) == {}
    # The whole receipt is its lines where nobody said what was paid.
    whole = programme('[[earn]]\nunit = "points"\nper = 100\n')
    assert given_by(whole, Purchase(lines=COFFEE + BUN)) == {"points": 12}
    assert given_by(whole, Purchase(amount=1000, lines=COFFEE + BUN)) == {"points": 10}


def test_goods_are_multiplied_alone() -> None:
    rules = programme(
        '[[earn]]\nunit = "points"\nper = 100\n'
        '[[multiply]]\nkey = "buns"\nunit = "points"\npercent = 300\nproducts = ["pulla"]\n'
    )
    purchase = Purchase(lines=COFFEE + BUN)
    assert given_by(rules, purchase) == {"points": 12 + 6}
    assert reason(rules, purchase) == "12 points for 12 €, 6 more for what was bought"


MANY = """
[[earn]]
unit = "points"
per = 100
[[multiply]]
key = "evening"
unit = "points"
percent = 150
from_hour = "22:00"
to_hour = "02:00"
[[multiply]]
key = "gold"
unit = "points"
percent = 200
tiers = ["gold"]
[[multiply]]
key = "jubilee"
unit = "points"
percent = 300
first_day = "2026-11-25"
last_day = "2026-11-25"
because = {en = "ten years of Kahvila"}
"""


def test_of_several_multipliers_the_best_one_counts() -> None:
    rules = programme(MANY + TIERS)
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # 01:30 on the 25th
    early = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # 01:30 on the 24th
    ten = Purchase(amount=1000, at=late)
    assert reason(rules, ten) == "10 points for 10 €, 20 more: ten years of Kahvila"
    golden, plain = Context(tier="gold"), Context()
    sold_early = Purchase(amount=1000, at=early)
    assert reason(rules, sold_early, golden) == (
        "10 points for 10 €, 10 more for the standing of the card"
    )
    assert (
        reason(rules, sold_early, plain)
        == "10 points for 10 €, 5 for the hours from 22:00 to 02:00"
    )
    first_fits = programme("[loyal]\nbest_rule_wins = false\n" + MANY + TIERS)
    assert given_by(first_fits, ten, golden) == {"points": 15}


@pytest.mark.parametrize(
    ("cap", "first", "second", "next_day", "why"),
    [
        ("cap_sale = 8", 8, 8, 8, "8 points for 10 €, the most for one purchase"),
        ("cap_day = 12", 10, 2, 10, "2 points for 10 €, the most for one day"),
        ("cap_member = 15", 10, 5, 0, "5 points for 10 €, the most that there is"),
    ],
)
def test_a_cap_is_a_cap(cap: str, first: int, second: int, next_day: int, why: str) -> None:
    rules, memory = programme(f'[[earn]]\nunit = "points"\nper = 100\n{cap}\n'), Memory()
    assert amounts(memory.buy(rules, Purchase(amount=1000, at=TUESDAY))) == first
    again = memory.buy(rules, Purchase(amount=1000, at=TUESDAY))
    assert amounts(again) == second
    assert again.earned[0].why.say("en") == why
    assert amounts(memory.buy(rules, Purchase(amount=1000, at=WEDNESDAY))) == next_day


def test_what_a_multiplier_adds_is_under_the_cap_too() -> None:
    rules = programme(TUESDAYS.replace("per = 1000", "per = 1000\ncap_sale = 11"))
    assert reason(rules, Purchase(amount=10_000, at=TUESDAY)) == (
        "10 stamps for 100 €, 1 because it is Tuesday, the most for one purchase"
    )


# Any rate that carries over.
RATES = st.one_of(
    st.builds("per = {}\namount = {}".format, st.integers(1, 3000), st.integers(1, 9)),
    st.builds("share = {}".format, st.integers(1, 10_000)),
    st.builds(
        "accumulates = 'year'\nsteps = [{{from_total = {}, share = {}}}, "
        "{{from_total = 9000, share = {}}}]".format,
        st.integers(0, 8000),
        st.integers(0, 900),
        st.integers(0, 900),
    ),
)
LEAST = st.sampled_from(["", "purchase_min = 700\n"])
SALES = st.lists(st.integers(1, 20_000), min_size=1, max_size=8)


def ruled(rate: str, more: str = "") -> Ruleset:
    return programme(f'[[earn]]\nunit = "bonus"\n{rate}\n{more}')


@settings(max_examples=60)
@given(RATES, LEAST, SALES)
def test_what_is_carried_over_gives_in_parts_what_the_whole_gives(
    rate: str, least: str, sales: list[int]
) -> None:
    rules, memory = ruled(rate, least), Memory()
    in_parts = sum(amounts(memory.buy(rules, Purchase(amount=a, at=TUESDAY))) for a in sales)
    assert in_parts == amounts(earn(rules, Purchase(amount=sum(sales), at=TUESDAY)))


@settings(max_examples=60)
@given(RATES, LEAST, SALES, st.integers(1, 20_000), st.integers(0, 5000))
def test_more_money_never_gives_less(
    rate: str, least: str, before: list[int], amount: int, more: int
) -> None:
    rules, memory = ruled(rate, least), Memory()
    for each in before:
        memory.buy(rules, Purchase(amount=each, at=TUESDAY))
    context = Context(progress=memory.rows)
    less = earn(rules, Purchase(amount=amount, at=TUESDAY), context)
    assert amounts(less) <= amounts(
        earn(rules, Purchase(amount=amount + more, at=TUESDAY), context)
    )


GOODS = st.builds(
    Goods,
    product=st.sampled_from(["latte", "pulla", None]),
    category=st.sampled_from(["coffee", "bakery"]),
    quantity=st.integers(1, 4),
    price=st.integers(1, 3000),
)
MULTIPLIED = """
cap_sale = {cap}
[[earn]]
unit = "bonus"
share = 700
categories = ["bakery"]
[[multiply]]
key = "coffee"
unit = "bonus"
percent = 250
categories = ["coffee"]
[[multiply]]
key = "tuesday"
unit = "bonus"
percent = 130
weekdays = ["tue"]
"""


@settings(max_examples=80)
@given(RATES, st.integers(1, 400), st.lists(GOODS, min_size=1, max_size=5), st.data())
def test_what_stays_of_a_purchase_never_gives_more_than_all_of_it_did(
    rate: str, cap: int, lines: list[Goods], draw: st.DataObject
) -> None:
    rules, memory = ruled(rate, MULTIPLIED.format(cap=cap)), Memory()
    memory.buy(rules, Purchase(amount=draw.draw(st.integers(1, 9000)), at=TUESDAY))
    context = Context(progress=memory.rows)
    kept = tuple(each for each in lines if draw.draw(st.booleans()))
    whole = earn(rules, Purchase(lines=tuple(lines), at=TUESDAY), context)
    assert amounts(earn(rules, Purchase(lines=kept, at=TUESDAY), context)) <= amounts(whole)


@settings(max_examples=60)
@given(st.integers(1, 2000), st.lists(st.integers(1, 5000), min_size=2, max_size=6), st.data())
def test_after_a_return_the_next_purchases_give_what_is_due_for_all_that_stayed(
    per: int, sales: list[int], draw: st.DataObject
) -> None:
    rules, memory = programme(f'[[earn]]\nunit = "points"\nper = {per}\n'), Memory()
    held, taken = 0, draw.draw(st.integers(0, len(sales) - 1))
    sold = []
    for amount in sales:
        before = dict(memory.rows)
        sold.append((before, memory.buy(rules, Purchase(amount=amount))))
        held += amounts(sold[-1][1])
    before, was = sold[taken]
    stays = draw.draw(st.integers(0, sales[taken]))
    now = earn(rules, Purchase(amount=stays), Context(progress=before))
    memory.add(rules, was, None, sign=-1)
    memory.add(rules, now, None)
    held += amounts(now) - amounts(was)
    assert amounts(now) <= amounts(was)
    # One more purchase that is large enough to come past whatever was given too early.
    held += amounts(memory.buy(rules, Purchase(amount=30_000)))
    assert held == (sum(sales) - sales[taken] + stays + 30_000) // per


def test_the_florists_stamp_is_for_a_bouquet() -> None:
    path = Path(__file__).parents[2] / "templates/programmes/florist.toml"
    florist = ruleset.read(path.read_text())
    assert periods(florist, TUESDAY) == ()
    assert given_by(florist, Purchase(amount=499)) == {"points": 4}
