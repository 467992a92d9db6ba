"""A café whose card has two rewards, points that buy, tiers and lines: stories at its counter."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from wallet_service import clock, ledger
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.phones import tables as phones
from wallet_service.programme import versions
from wallet_service.programme.tables import tier_change
from wallet_service.sales import Answer, Goods, Sale, Wanted, dry, tables

WORDS = """
name = {{en = "{name}"}}
coming = {{en = "{{left}} more and it is on us."}}
earned = {{en = "{name} is on us."}}
terms = {{en = "One for each coupon."}}
"""


def reward(key: str, unit: str, cost: int, more: str = "") -> str:
    name = key.capitalize()
    return f'[[reward]]\nkey = "{key}"\nunit = "{unit}"\ncost = {cost}\n{more}\n' + WORDS.format(
        name=name
    )


STAMP = '[[earn]]\nunit = "stamps"\npurchase_min = 500\n'
POINT = '[[earn]]\nunit = "points"\nper = 100\nleftovers_carry = false\n'


def programme(
    *parts: str, card: int = 10, units: str = '"stamps", "points"', more: str = ""
) -> str:
    return (
        f'key = "kielo"\ncurrency = "EUR"\nlanguages = ["en"]\ntime_zone = "Europe/Helsinki"\n'
        f'units = [{units}]\n{more}\nname = {{en = "Kahvila"}}\n[stamps]\ncard = {card}\n'
        + "\n".join(parts)
    )


MILESTONES = programme(STAMP, POINT, reward("cake", "stamps", 5), reward("lunch", "stamps", 10))


@pytest.fixture
def follow(database: Database, till: Any) -> Callable[..., None]:
    """Make the rules of a file those of the shop."""

    def followed(toml: str, **options: Any) -> None:
        with database.write() as connection:
            versions.apply(connection, till.counter.brand_id, toml, **options)

    return followed


@pytest.fixture
def try_out(database: Database, till: Any) -> Callable[..., Answer]:
    """A dry run of a sale."""

    def tried(who: Enrolled, cents: int, sale_id: str = "s", **facts: Any) -> Answer:
        told = {"currency": "EUR", "code": who.code, "amount": cents} | facts
        return database.run(dry, till.counter, Sale(sale_id=sale_id, **told))

    return tried


def offers(answer: Answer) -> list[str]:
    return sorted(each.offer for each in answer.coupons)


def test_a_card_with_two_rewards_brings_each_once(till: Any, aino: Any, follow: Any) -> None:
    follow(MILESTONES)
    assert till.stamp(aino, 4).brought == ()
    fifth = till.stamp(aino, 1)
    assert offers(fifth) == ["cake"]
    assert fifth.news.say("en") == "5 of 10. Cake is on us."
    assert offers(till.stamp(aino, 4)) == ["cake"]
    assert offers(till.stamp(aino, 1)) == ["cake", "lunch"]
    assert offers(till.stamp(aino, 5)) == ["cake", "cake", "lunch"]
    assert till.books(aino) == ()


def test_twenty_stamps_at_once_bring_what_two_cards_bring(
    till: Any, aino: Any, follow: Any
) -> None:
    follow(MILESTONES)
    assert offers(till.stamp(aino, 20)) == ["cake", "cake", "lunch", "lunch"]


def test_a_reward_on_the_way_that_was_undone_comes_again(till: Any, aino: Any, follow: Any) -> None:
    follow(MILESTONES)
    till.stamp(aino, 4)
    till.stamp(aino, 1, "fifth")
    assert offers(till.undo("fifth")) == []
    assert offers(till.stamp(aino, 1)) == ["cake"]
    assert offers(till.stamp(aino, 1)) == ["cake"]


def test_a_new_reward_on_the_way_is_not_owed_for_old_cards(
    till: Any, aino: Any, follow: Any
) -> None:
    till.stamp(aino, 20)
    follow(MILESTONES)
    assert offers(till.stamp(aino, 4)) == ["bouquet", "bouquet"]
    assert offers(till.stamp(aino, 1)) == ["bouquet", "bouquet", "cake"]


def test_where_stamps_do_not_roll_over_the_rest_is_dropped(
    till: Any, aino: Any, follow: Any
) -> None:
    follow(MILESTONES.replace("card = 10", "card = 10\nroll_over = false"))
    filled = till.stamp(aino, 13)
    assert offers(filled) == ["cake", "lunch"]
    assert filled.balances["stamps"].available == 0
    assert offers(till.stamp(aino, 4)) == ["cake", "lunch"]
    assert till.books(aino) == ()


BUYING = programme(
    POINT,
    reward("coffee", "points", 10, 'comes = "bought"\nworth = 300'),
    reward("euros", "points", 100, 'comes = "bought"\nany_amount = true\nworth = 100'),
    units='"points"',
).replace("[stamps]\ncard = 10\n", "")


def test_points_buy_a_reward_that_is_used_at_once(till: Any, aino: Any, follow: Any) -> None:
    follow(BUYING)
    till.sale(aino, 2000)
    sold = till.sale(aino, 500, "s", redeem=(Wanted(reward="coffee"),))
    [use] = sold.uses
    assert (use.offer, use.worth, use.unit, use.amount) == ("coffee", 300, "points", 10)
    assert sold.applied == (use.coupon,)
    assert sold.balances["points"].available == 20 + 5 - 10
    assert sold.coupons == ()
    assert till.undo("s").balances["points"].available == 20
    assert till.books(aino) == ()


def test_the_member_says_how_many_points_to_give(till: Any, aino: Any, follow: Any) -> None:
    follow(BUYING)
    till.sale(aino, 50_000)
    sold = till.sale(aino, 100, redeem=(Wanted(reward="euros", amount=300),))
    assert [use.worth for use in sold.uses] == [300]
    assert sold.balances["points"].available == 201


@pytest.mark.parametrize(
    ("wanted", "code", "said"),
    [
        (Wanted(reward="tea"), "unknown_reward", "There is no such reward to choose."),
        (Wanted(reward="coffee", amount=7), "bad_steps", "takes 10 points"),
        (Wanted(reward="euros", amount=150), "bad_steps", "steps of 100 points"),
        (Wanted(reward="euros"), "not_enough", "Euros takes 100 points; there are 5 points"),
        (Wanted(coupon="NOSUCHCODE"), "unknown_coupon", "We do not know this coupon"),
    ],
)
def test_a_reward_that_is_refused_never_refuses_the_sale(
    till: Any, aino: Any, follow: Any, wanted: Wanted, code: str, said: str
) -> None:
    follow(BUYING)
    sold = till.sale(aino, 500, redeem=(wanted,))
    [refused] = sold.refused
    assert (refused.what, refused.code) == (wanted.name, code)
    assert said in refused.say.say("en")
    assert sold.balances["points"].available == 5
    assert till.books(aino) == ()


def test_a_dry_run_says_what_the_sale_will_earn_and_keeps_nothing(
    till: Any, aino: Any, follow: Any, try_out: Any, database: Database
) -> None:
    follow(MILESTONES)
    till.stamp(aino, 9)
    with database.write() as connection:
        connection.execute(sa.delete(phones.outbox))
    tried = try_out(aino, 1250)
    assert offers(tried) == ["cake", "lunch"]
    with database.read() as connection:
        assert connection.execute(sa.select(phones.outbox)).first() is None
    assert till.scan(aino).balances["stamps"].available == 9
    sold = till.sale(aino, 1250, "s")
    assert not sold.repeated
    assert (sold.earned, sold.balances, sold.news) == (tried.earned, tried.balances, tried.news)
    assert try_out(aino, 1250).repeated


def test_only_the_goods_that_a_rule_names_count(
    till: Any, aino: Any, follow: Any, database: Database
) -> None:
    follow(programme(STAMP, POINT + 'categories = ["coffee"]\n', reward("lunch", "stamps", 10)))
    lines = (
        Goods(product="latte", category="coffee", quantity=2, price=450),
        Goods(product="book", category="books", quantity=1, price=2000),
    )
    sold = till.sale(aino, None, lines=lines)
    assert {each.unit: each.amount for each in sold.earned} == {"stamps": 1, "points": 9}
    with database.read() as connection:
        kept = connection.execute(
            sa.select(tables.sale_line).order_by(tables.sale_line.c.line)
        ).all()
        [amount] = connection.execute(sa.select(tables.sale.c.amount)).scalars()
    assert [(row.product, row.quantity, row.price) for row in kept] == [
        ("latte", 2, 450),
        ("book", 1, 2000),
    ]
    assert amount == 2900


def test_every_third_visit_is_rewarded_whatever_was_bought_then(
    driven_clock: Any, till: Any, aino: Any, follow: Any
) -> None:
    visit = '[[earn]]\nunit = "{unit}"\namount = 1\ncap_day = 1\n'
    follow(
        programme(
            visit.format(unit="stamps"),
            visit.format(unit="visits"),
            reward("cake", "stamps", 3),
            card=3,
            units='"stamps", "visits"',
        )
    )
    for _ in range(2):
        till.sale(aino, 90)
        assert till.sale(aino, 9000).earned == ()  # a second purchase is the same visit
        driven_clock.advance(timedelta(days=1))
    third = till.sale(aino, 250)
    assert offers(third) == ["cake"]
    assert third.balances["visits"].lifetime == 3


def test_what_did_not_reach_the_next_point_counts_the_next_time(
    till: Any, aino: Any, follow: Any
) -> None:
    follow(programme(STAMP, '[[earn]]\nunit = "points"\nper = 5000\nleftovers_carry = true\n'))
    assert till.sale(aino, 3000).balances["points"].available == 0
    assert till.sale(aino, 2000, "s").balances["points"].available == 1
    assert till.undo("s").balances["points"].available == 0
    assert till.sale(aino, 2000).balances["points"].available == 1


TIERS = """
[tiers]
counts = "points"
[[tiers.tier]]
key = "silver"
from_total = 50
name = {en = "Silver"}
[[tiers.tier]]
key = "gold"
from_total = 100
name = {en = "Gold"}
"""


def test_a_tier_is_reached_told_of_and_held(
    driven_clock: Any, till: Any, aino: Any, follow: Any, database: Database
) -> None:
    follow(programme(POINT, TIERS, units='"points"').replace("[stamps]\ncard = 10\n", ""))
    assert till.sale(aino, 4900).tier is None
    reached = till.sale(aino, 100)
    assert reached.tier == "silver"
    assert reached.news.say("en") == "You are Silver now. 50 points."
    assert till.sale(aino, 100).news.say("en") == "1 point more, 51 in all."
    assert till.sale(aino, 5000).tier == "gold"
    driven_clock.advance(timedelta(days=400))
    assert till.sale(aino, 100).tier is None
    with database.read() as connection:
        changes = connection.execute(
            sa.select(tier_change.c.tier).order_by(tier_change.c.number)
        ).scalars()
        assert list(changes) == ["silver", "gold", None]


def test_a_running_card_keeps_its_size_and_the_next_one_is_the_new(
    till: Any, aino: Any, enrol: Any, follow: Any
) -> None:
    till.stamp(aino, 9)
    follow(programme(STAMP, reward("lunch", "stamps", 12), card=12))
    assert till.scan(aino).stamps.of == 10
    assert offers(till.stamp(aino, 1)) == ["bouquet"]
    assert till.stamp(aino, 11).stamps.of == 12
    assert offers(till.stamp(aino, 1)) == ["bouquet", "lunch"]
    assert till.stamp(enrol("Veikko"), 11).brought == ()


def test_running_cards_follow_where_the_owner_said_so(till: Any, aino: Any, follow: Any) -> None:
    till.stamp(aino, 9)
    follow(programme(STAMP, reward("lunch", "stamps", 12), card=12), also_running=True)
    assert till.stamp(aino, 1).stamps.of == 12


def test_points_wait_until_the_time_for_returns_is_over_and_end_when_they_end(
    driven_clock: Any, till: Any, aino: Any, follow: Any
) -> None:
    follow(programme(STAMP, POINT, "[pending.points]\ndays = 14", "[expiry.points]\nmonths = 3"))
    sold = till.sale(aino, 1000)
    assert (sold.balances["points"].available, sold.balances["points"].pending) == (0, 10)
    driven_clock.advance(timedelta(days=15))
    sold = till.sale(aino, 500)
    assert (sold.balances["points"].available, sold.balances["points"].pending) == (10, 5)
    clock.set_to(datetime(2027, 3, 1, 12, tzinfo=UTC))
    sold = till.sale(aino, 500)
    assert sold.balances["points"].available == 5  # the ten of November ended with February
    assert till.books(aino) == ()


def test_bonus_is_said_as_money(till: Any, aino: Any, follow: Any) -> None:
    follow(
        programme('[[earn]]\nunit = "bonus"\nshare = 500\n', units='"bonus"').replace(
            "[stamps]\ncard = 10\n", ""
        )
    )
    assert till.sale(aino, 1000).news.say("en") == "0.50 € bonus more, 0.50 € in all."
    assert till.sale(aino, 1000).balances["bonus"] == ledger.Balance(available=100, lifetime=100)
