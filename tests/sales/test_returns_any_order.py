"""Sales, returns and undos in any order: the card has what the standing sales gave."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wallet_service.enrolment import Enrolled
from wallet_service.programme import versions
from wallet_service.programme.earn import Goods
from wallet_service.sales import tables
from wallet_service.sales.errors import BadReturn, CouponUsed, ReturnTooMuch
from wallet_service.sales.returns import GoodsBack, Return, take_back
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()
EACH_TENNER = FLORIST.replace("amount = 1\npurchase_min = 500", "amount = 1\nper = 1000")
TENNERS = EACH_TENNER.replace("leftovers_carry = false", "leftovers_carry = true")
UNLIMITED = '\n[returns]\npolicy = "unlimited"\n'

cents = st.integers(1, 12_000)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("sale"), cents),
        st.tuples(st.just("goods"), st.integers(1, 5), st.integers(1, 3_000)),
        st.tuples(st.just("return"), st.integers(0, 9), st.integers(1, 12_000)),
        st.tuples(st.just("goods back"), st.integers(0, 9), st.integers(1, 5)),
        st.tuples(st.just("whole return"), st.integers(0, 9)),
        st.tuples(st.just("void"), st.integers(0, 9)),
        st.tuples(st.just("use a coupon")),
    ),
    min_size=4,
    max_size=14,
)
few = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass
class Shop:
    """What a member did, and how much of each sale stands."""

    till: Any
    who: Enrolled
    names: Any
    left: dict[str, int]

    def deed(self, what: str, *numbers: int) -> None:
        name = f"{self.who.member_id} {next(self.names)}"
        match what:
            case "sale":
                self.till.sale(self.who, numbers[0], name)
                self.left[name] = numbers[0]
            case "goods":
                goods = (Goods(product="rose", quantity=numbers[0], price=numbers[1]),)
                self.till.sale(self.who, numbers[0] * numbers[1], name, lines=goods)
                self.left[name] = numbers[0] * numbers[1]
            case "use a coupon":
                for coupon in self.till.scan(self.who).coupons[:1]:
                    self.till.use(coupon.code, name)
            case _ if self.left:
                self._undo(name, what, [*self.left][numbers[0] % len(self.left)], *numbers[1:])

    def _undo(self, name: str, what: str, sale: str, amount: int = 0) -> None:
        try:
            match what:
                case "return":
                    self._back(name, sale, amount=amount)
                    self.left[sale] -= amount
                case "goods back":
                    goods = (GoodsBack(product="rose", quantity=amount),)
                    self._back(name, sale, lines=goods)
                    self.left[sale] = self._standing(sale)
                case "whole return":
                    self._back(name, sale)
                    self.left[sale] = 0
                case "void":
                    self.till.undo(sale)
                    self.left[sale] = 0
        except (ReturnTooMuch, BadReturn, CouponUsed):  # BadReturn: a sale without lines
            pass

    def _back(self, name: str, sale: str, **told: Any) -> Any:
        what = Return(return_id=name, sale_id=sale, **told)
        return self.till.database.run(take_back, self.till.counter, what)

    def _standing(self, sale: str) -> int:
        with self.till.database.read() as connection:
            left = sa.select(tables.sale.c.amount - tables.sale.c.returned)
            return connection.execute(left.where(tables.sale.c.sale_id == sale)).scalar_one()


@pytest.fixture
def shop(till: Any, enrol: Callable[..., Enrolled]) -> Callable[[str], Shop]:
    numbers = count()

    def opened(toml: str) -> Shop:
        till.database.run(versions.apply, till.counter.brand_id, toml)
        return Shop(till=till, who=enrol(), names=numbers, left={})

    return opened


def test_each_sale_gives_what_is_left_of_it(shop: Callable[[str], Shop]) -> None:
    @given(deeds=DEEDS)
    @few
    def whatever_happens(deeds: list[tuple[Any, ...]]) -> None:
        here = shop(EACH_TENNER + UNLIMITED)
        for deed in deeds:
            here.deed(*deed)
            balances = here.till.scan(here.who).balances
            assert balances["points"].lifetime == sum(left // 100 for left in here.left.values())
            assert balances["stamps"].lifetime == sum(left // 1000 for left in here.left.values())
            assert balances["points"].available == balances["points"].lifetime
        assert here.till.books(here.who) == ()

    whatever_happens()


def test_no_leftover_is_lost_or_counted_twice(shop: Callable[[str], Shop]) -> None:
    @given(deeds=DEEDS)
    @few
    def whatever_happens(deeds: list[tuple[Any, ...]]) -> None:
        here = shop(TENNERS + UNLIMITED)
        for deed in deeds:
            here.deed(*deed)
        here.deed("sale", 30_000)
        standing = sum(here.left.values())
        balances = here.till.scan(here.who).balances
        assert balances["points"].lifetime == standing // 100
        assert balances["stamps"].lifetime == standing // 1000
        assert here.till.books(here.who) == ()

    whatever_happens()


def test_a_cent_that_comes_back_is_made_up_by_the_cent_that_was_left(
    shop: Callable[[str], Shop],
) -> None:
    here = shop(TENNERS + UNLIMITED)
    here.deed("sale", 1500)  # fifteen points, and nothing left over
    here.deed("sale", 1)
    here.deed("return", 0, 1)
    here.deed("sale", 30_000)
    assert here.till.scan(here.who).balances["points"].lifetime == 315
