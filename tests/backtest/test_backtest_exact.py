"""Today's rules, replayed, are what the books say: the replay asks the rules as a counter does."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from backtest_rules import PLAIN, WHOLE
from tried_shop import NOW, Shop

from wallet_service.backtest import Report
from wallet_service.coupons import tables as coupons
from wallet_service.ledger import tables as books
from wallet_service.programme import Goods
from wallet_service.programme.tables import tier_change


def left(shop: Shop) -> dict[str, int]:
    """What all members have, by the books."""
    balance = books.balance.c
    with shop.database.read() as connection:
        rows = connection.execute(
            sa.select(balance.unit, sa.func.sum(balance.available + balance.pending)).group_by(
                balance.unit
            )
        )
        return {unit: int(amount) for unit, amount in rows if amount}


def is_exact(shop: Shop, report: Report) -> None:
    """The replay of today's rules gave what was given, and left what is left."""
    assert {**report.before.given} == {k: n for k, n in report.really_given.items() if n}
    assert report.before.came + report.before.chosen == report.really_rewards
    assert {unit: n for unit, n in report.before.left.items() if n} == left(shop)


def test_a_plain_card_is_replayed_to_the_last_stamp(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(PLAIN)
    shop.on(100)
    aino, mikko = shop.enrol("Aino"), shop.enrol("Mikko")
    for day in range(99, 60, -3):
        shop.on(day)
        shop.buy(aino, 1250)
    shop.stamp(mikko, 4)
    report = shop.backtest(PLAIN)
    assert (report.purchases, report.only_stamped, report.members) == (14, 1, 2)
    assert report.before.given == {"stamps": 17, "points": 13 * 12 + 6}  # 50 cents carry over
    assert report.before.came == {"lunch": 1}
    is_exact(shop, report)


def test_what_came_back_was_undone_or_given_by_hand_is_told_apart(
    kahvila: Callable[[str], Shop],
) -> None:
    shop = kahvila(PLAIN)
    shop.on(50)
    aino = shop.enrol()
    shop.buy(aino, 5000, sale_id="kept")
    shop.buy(aino, 3000, sale_id="half")
    shop.give_back("half", 1500)
    shop.buy(aino, 2000, sale_id="back")
    shop.give_back("back")
    shop.buy(aino, 9900, sale_id="mistake")
    shop.undo("mistake")
    shop.correct(aino, "points", 40)
    shop.choose(aino, 600, "euros", 100)
    report = shop.backtest(PLAIN)
    assert report.purchases == 3
    assert report.before.given == {"stamps": 3, "points": 50 + 15 + 6}
    assert report.by_hand == {"points": 40}
    assert report.before.chosen == {"euros": 1}
    is_exact(shop, report)


# A tier that was reached is held, even where the sale that reached it was undone since; a replay
# does not see such a sale. So undoing is tried where no rule looks at tiers.
UNTIERED = WHOLE.replace('tiers = ["gold"]', 'first_day = "2099-01-01"')


@pytest.mark.parametrize(("toml", "kinds", "seed"), [(WHOLE, 7, 1), (UNTIERED, 8, 2)])
def test_every_part_of_a_programme_is_replayed_as_it_was(
    kahvila: Callable[[str], Shop], toml: str, kinds: int, seed: int
) -> None:
    shop = kahvila(toml)
    chance = Random(seed)
    shop.on(190)
    people = [shop.enrol(name) for name in ("Aino", "Mikko", "Linnea")]
    for step in range(40):
        shop.on(189 - step * 4.5 + chance.random())
        who = people[0] if step % 2 else chance.choice(people[: 2 if step > 16 else 3])
        something(shop, chance, who, kinds)
    shop.on(0)
    report = shop.backtest(toml)
    assert report.before.ended["points"]
    assert report.before.came["cake"]
    is_exact(shop, report)
    if toml is WHOLE:
        assert report.before.tiers == standing_in_tiers(shop)


def standing_in_tiers(shop: Shop) -> Counter[str]:
    """How many stand in each tier, by what was written down of it."""
    change = tier_change.c
    with shop.database.read() as connection:
        rows = connection.execute(sa.select(tier_change).order_by(change.number)).all()
    last = {row.member_id: row for row in rows}
    return Counter(row.tier for row in last.values() if row.tier and row.until > NOW)


def something(shop: Shop, chance: Random, who: Any, kinds: int) -> None:
    """What happens at a counter; what it refuses is refused."""
    cents = chance.randrange(200, 6000)
    match chance.randrange(kinds):
        case 0 | 1 | 2:
            shop.buy(who, cents)
        case 3:
            goods = (
                Goods(category="coffee", price=cents // 3, quantity=2),
                Goods(product="mug", price=900),
            )
            shop.buy(who, 2 * (cents // 3) + 900, lines=goods)
        case 4:
            shop.stamp(who, chance.randrange(1, 4))
        case 5:
            shop.choose(who, cents, "money", 100 * chance.randrange(1, 3))
        case 6:
            shop.choose(who, cents, "euros")
        case 7:
            shop.buy(who, cents, sale_id=(mistake := next(shop.names)))
            shop.undo(mistake)


def test_no_coupon_of_a_reward_is_lost_from_sight(kahvila: Callable[[str], Shop]) -> None:
    shop = kahvila(WHOLE)
    shop.on(20)
    aino = shop.enrol()
    shop.stamp(aino, 20)
    report = shop.backtest(WHOLE)
    with shop.database.read() as connection:
        there = connection.execute(sa.select(sa.func.count()).select_from(coupons.coupon)).scalar()
    assert report.before.came.total() == there == 4
