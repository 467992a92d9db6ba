"""Goods that come back: what they gave goes off the card, exactly, as far as the policy goes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from wallet_service.coupons import CouponState
from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal
from wallet_service.idempotency import IdempotencyConflict
from wallet_service.programme import versions
from wallet_service.programme.earn import Goods
from wallet_service.sales import Answer, tables
from wallet_service.sales.errors import BadReturn, ReturnTooMuch, UnknownSale
from wallet_service.sales.returns import GoodsBack, Return, take_back
from wallet_service.sales.told import Wanted
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()
BY_THE_TENNER = FLORIST.replace("amount = 1\npurchase_min = 500", "amount = 1\nper = 1000")
# Ten points become three euros off, whenever the member likes.
EUROS_OFF = """
[[reward]]
key = "euros"
unit = "points"
cost = 10
comes = "bought"
any_amount = true
worth = 300
name = {en = "Money off", fi = "Alennus", sv = "Rabatt"}
coming = {en = "x", fi = "x", sv = "x"}
earned = {en = "x", fi = "x", sv = "x"}
terms = {en = "x", fi = "x", sv = "x"}
"""
# A single rose at five stamps, on the way to the bouquet.
ROSE_ON_THE_WAY = """
[[reward]]
key = "rose"
unit = "stamps"
cost = 5
name = {en = "A rose", fi = "Ruusu", sv = "En ros"}
coming = {en = "x", fi = "x", sv = "x"}
earned = {en = "x", fi = "x", sv = "x"}
terms = {en = "x", fi = "x", sv = "x"}
"""


def policy(name: str) -> str:
    return f'\n[returns]\npolicy = "{name}"\n'


@pytest.fixture
def rules(till: Any) -> Callable[[str], None]:
    def change(toml: str) -> None:
        till.database.run(versions.apply, till.counter.brand_id, toml)

    return change


@pytest.fixture
def back(till: Any) -> Callable[..., Answer]:
    def returned(sale_id: str, amount: int | None = None, event: str = "", **told: Any) -> Answer:
        what = Return(return_id=event or next(till.names), sale_id=sale_id, amount=amount, **told)
        return till.database.run(take_back, till.counter, what)

    return returned


def has(till: Any, who: Enrolled) -> tuple[int, int]:
    """Stamps and points that can be used."""
    balances = till.scan(who).balances
    assert till.books(who) == ()
    return balances["stamps"].available, balances["points"].available


def refused(kind: type[Refusal], back: Callable[..., Answer], *args: Any, **told: Any) -> str:
    with pytest.raises(kind) as refusal:
        back(*args, **told)
    return refusal.value.say.say("en")


def test_a_part_that_comes_back_takes_what_the_rest_would_not_have_given(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    till.sale(aino, 5050, "s")
    answer = back("s", 2000)
    assert [(each.unit, each.amount) for each in answer.earned] == [("points", -20)]
    assert answer.earned[0].why.say("en") == "20 points taken back"
    assert has(till, aino) == (1, 30)

    back("s", 2600)  # 4.50 € are left, which is no bouquet
    assert has(till, aino) == (0, 4)
    back("s")
    assert has(till, aino) == (0, 0)
    assert till.scan(aino).balances["points"].lifetime == 0


def test_several_returns_never_exceed_the_sale(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    till.sale(aino, 3000, "s")
    back("s", 2000)
    assert refused(ReturnTooMuch, back, "s", 1001) == (
        "Only 10 € of this sale can still come back."
    )
    back("s", 1000)
    assert refused(ReturnTooMuch, back, "s", 1) == "Nothing is left of this sale to take back."
    assert refused(ReturnTooMuch, back, "s") == "Nothing is left of this sale to take back."
    assert has(till, aino) == (0, 0)


def test_a_return_told_twice_takes_once(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    till.sale(aino, 3000, "s")
    first = back("s", 1000, "r")
    again = back("s", 1000, "r")
    assert again.repeated
    assert (again.earned, again.entry, again.balances) == (
        first.earned, first.entry, first.balances
    )  # fmt: skip
    refused(IdempotencyConflict, back, "s", 1500, "r")
    assert has(till, aino) == (1, 20)


def test_what_is_no_sale_cannot_come_back(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    refused(UnknownSale, back, "never")
    till.stamp(aino, 2, "stamped")
    refused(BadReturn, back, "stamped")
    till.sale(aino, 3000, "s")
    till.undo("s")
    refused(ReturnTooMuch, back, "s")
    assert has(till, aino) == (2, 0)


def test_lines_come_back_at_what_was_paid_for_them(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    lines = (Goods(product="rose", quantity=3, price=1000), Goods(product="vase", price=3000))
    till.sale(aino, 4500, "s", lines=lines)  # 60 € of goods for 45 €
    back("s", lines=(GoodsBack(product="rose", quantity=2),))
    assert has(till, aino) == (1, 30)
    refused(ReturnTooMuch, back, "s", lines=(GoodsBack(line=1, quantity=2),))
    refused(BadReturn, back, "s", lines=(GoodsBack(line=3),))
    refused(BadReturn, back, "s", lines=(GoodsBack(product="tulip"),))
    refused(BadReturn, back, "s", lines=(GoodsBack(),))
    back("s", lines=(GoodsBack(line=2), GoodsBack(line=1)))
    assert has(till, aino) == (0, 0)
    with till.database.read() as connection:
        sale = connection.execute(sa.select(tables.sale)).one()
        told = connection.execute(sa.select(tables.sale_line)).all()
        returns = connection.execute(sa.select(tables.sale_return)).all()
    assert sale.returned == sale.amount == 4500
    assert [line.returned for line in told] == [3, 1]
    assert sorted(each.is_whole for each in returns) == [False, True]


def test_a_rule_for_some_goods_looks_at_the_lines_that_stay(
    till: Any, aino: Enrolled, back: Callable[..., Answer], rules: Callable[[str], None]
) -> None:
    rules(FLORIST.replace("per = 100\n", 'per = 100\nproducts = ["rose"]\n'))
    lines = (Goods(product="rose", quantity=2, price=1000), Goods(product="vase", price=3000))
    till.sale(aino, 5000, "s", lines=lines)
    assert has(till, aino) == (1, 20)
    back("s", lines=(GoodsBack(product="vase"),))
    assert has(till, aino) == (1, 20)
    back("s", lines=(GoodsBack(product="rose"),))
    assert has(till, aino) == (1, 10)
    back("s", 500)  # half of what is left, whatever it was
    assert has(till, aino) == (1, 5)


def test_a_coupon_that_was_used_with_the_whole_sale_can_be_used_again(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    [code] = till.stamp(aino, 10).brought
    till.sale(aino, 200, "s", redeem=(code,))
    answer = back("s")
    assert [(each.code, each.state) for each in answer.coupons] == [(code, CouponState.ISSUED)]
    assert has(till, aino) == (0, 0)
    assert till.use(code).coupon.state is CouponState.REDEEMED


def test_a_coupon_comes_back_with_a_part_only_when_it_is_named(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    [code] = till.stamp(aino, 10).brought
    till.sale(aino, 2000, "s", redeem=(code,))
    assert back("s", 500).coupons == ()
    refused(BadReturn, back, "s", 500, coupons=("CP0000000000",))
    assert [each.code for each in back("s", 500, coupons=(code,)).coupons] == [code]
    assert has(till, aino) == (1, 10)


def test_points_that_bought_money_off_are_on_the_card_again(
    till: Any, aino: Enrolled, back: Callable[..., Answer], rules: Callable[[str], None]
) -> None:
    rules(FLORIST + EUROS_OFF)
    till.sale(aino, 5000)
    till.sale(aino, 1000, "s", redeem=(Wanted(reward="euros", amount=30),))
    assert has(till, aino) == (2, 30)
    answer = back("s")
    assert has(till, aino) == (1, 50)
    assert answer.coupons == ()


def test_a_card_that_is_full_no_more_loses_its_unused_reward(
    till: Any, aino: Enrolled, back: Callable[..., Answer], rules: Callable[[str], None]
) -> None:
    rules(BY_THE_TENNER)
    [code] = till.sale(aino, 10_000, "s").brought
    back("s", 500)
    assert has(till, aino) == (9, 95)
    assert till.scan(aino).coupons == ()
    [again] = till.sale(aino, 1000).brought
    assert again != code
    assert has(till, aino) == (0, 105)
    back("s", 9500)
    assert has(till, aino) == (1, 10)


@pytest.mark.parametrize(
    ("name", "stamps", "after_next"),
    [("within_balance", 0, 1), ("unlimited", -5, -4), ("only_pending", 0, 1)],
)
def test_buy_redeem_return(
    name: str,
    stamps: int,
    after_next: int,
    till: Any,
    aino: Enrolled,
    back: Callable[..., Answer],
    rules: Callable[[str], None],
) -> None:
    rules(BY_THE_TENNER + policy(name))
    [code] = till.sale(aino, 10_000, "s").brought
    till.use(code)
    back("s", 5000)
    points = 100 if name == "only_pending" else 50
    assert has(till, aino) == (stamps, points)
    till.sale(aino, 1000)
    assert has(till, aino) == (after_next, points + 10)


def test_what_was_forgiven_once_is_not_asked_again(
    till: Any, aino: Enrolled, back: Callable[..., Answer], rules: Callable[[str], None]
) -> None:
    rules(BY_THE_TENNER)
    [code] = till.sale(aino, 10_000, "s").brought
    till.use(code)
    back("s", 8000)
    till.sale(aino, 9000)
    assert has(till, aino) == (9, 110)
    back("s", 2000)  # the two stamps that the rest gave
    assert has(till, aino) == (7, 90)


def test_pending_points_go_before_those_that_count(
    till: Any, aino: Enrolled, back: Callable[..., Answer], rules: Callable[[str], None]
) -> None:
    till.sale(aino, 1000)
    rules(FLORIST + "\n[pending.points]\ndays = 14\n" + policy("only_pending"))
    till.sale(aino, 3000, "s")
    balance = till.scan(aino).balances["points"]
    assert (balance.available, balance.pending) == (10, 30)
    back("s", 1000)
    balance = till.scan(aino).balances["points"]
    assert (balance.available, balance.pending, balance.lifetime) == (10, 20, 30)
    assert has(till, aino) == (2, 10)


def test_money_that_came_back_counts_no_further_for_the_next_stamp(
    till: Any, aino: Enrolled, back: Callable[..., Answer], rules: Callable[[str], None]
) -> None:
    carried = FLORIST.replace("amount = 1\npurchase_min = 500", "amount = 1\nper = 5000")
    rules(carried.replace("leftovers_carry = false", "leftovers_carry = true"))
    till.sale(aino, 3000, "s")
    till.sale(aino, 1000)
    back("s", 2000)
    till.sale(aino, 2500)  # 10 + 10 + 25 € stand
    assert has(till, aino) == (0, 45)
    till.sale(aino, 500)
    assert has(till, aino) == (1, 50)
    back("s")  # 40 € stand, and a stamp that another purchase filled
    till.sale(aino, 5900)
    assert has(till, aino) == (1, 99)
    till.sale(aino, 100)
    assert has(till, aino) == (2, 100)


def test_a_sale_of_which_a_part_is_back_is_undone_for_the_rest(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    till.sale(aino, 3000, "s")
    till.sale(aino, 1000)
    back("s", 1200)
    till.undo("s")
    assert has(till, aino) == (1, 10)
    refused(ReturnTooMuch, back, "s")
    till.sale(aino, 3000, "t")
    back("t")
    till.undo("t")
    assert has(till, aino) == (1, 10)


def test_eight_returns_of_one_sale_at_once_take_no_more_than_it_gave(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    till.sale(aino, 1000, "s")
    together = Barrier(9)

    def one(number: int) -> str:
        together.wait(timeout=30)
        try:
            back("s", 400, f"r-{number}") if number else till.undo("s")
        except ReturnTooMuch:
            return "too much"
        return "undone" if number == 0 else "back"

    with ThreadPoolExecutor(9) as threads:
        became = list(threads.map(one, range(9)))
    assert became[0] == "undone"
    assert became.count("back") <= 2
    assert has(till, aino) == (0, 0)
    assert till.scan(aino).balances["points"].lifetime == 0


def test_a_return_is_no_visit_to_be_undone(
    till: Any, aino: Enrolled, back: Callable[..., Answer]
) -> None:
    till.sale(aino, 1000, "s")
    back("s", 400, "r")
    with pytest.raises(UnknownSale):
        till.undo("r")
    assert has(till, aino) == (1, 6)


def test_the_way_to_a_full_card_is_walked_again_after_a_return(
    till: Any, aino: Enrolled, back: Callable[..., Answer], rules: Callable[[str], None]
) -> None:
    rules(BY_THE_TENNER + ROSE_ON_THE_WAY)
    [rose] = till.sale(aino, 6000, "s").brought
    answer = back("s", 2000)
    assert (has(till, aino), answer.coupons) == ((4, 40), ())
    [again] = till.sale(aino, 1000).brought
    assert again != rose
    assert has(till, aino) == (5, 50)


def test_a_reward_that_came_again_with_a_part_goes_with_the_rest(
    till: Any, aino: Enrolled, back: Callable[..., Answer], rules: Callable[[str], None]
) -> None:
    rules(BY_THE_TENNER + ROSE_ON_THE_WAY)
    till.sale(aino, 6000, "s")
    answer = back("s", 500)
    assert [each.offer for each in answer.coupons] == ["rose"]  # five stamps still reach it
    answer = back("s")
    assert (has(till, aino), answer.coupons) == ((0, 0), ())
    till.sale(aino, 5000)
    assert [each.offer for each in till.scan(aino).coupons] == ["rose"]


def test_a_reward_that_came_again_stays_where_its_card_was_filled(
    till: Any, aino: Enrolled, back: Callable[..., Answer], rules: Callable[[str], None]
) -> None:
    rules(BY_THE_TENNER + ROSE_ON_THE_WAY)
    till.sale(aino, 6000, "s")
    back("s", 500)
    till.sale(aino, 5000)
    till.sale(aino, 1000, "next")
    answer = till.undo("next")
    assert sorted(each.offer for each in answer.coupons) == ["bouquet", "rose"]
    assert has(till, aino)[0] == 0
