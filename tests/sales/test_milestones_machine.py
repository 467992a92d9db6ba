"""A café's days at random: cards with two rewards, goods that count, sales that are tried out.

What a member should have is a few lines of arithmetic; the real books are held against it after
every step, and against a full replay of themselves.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from wallet_service import sales
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.programme import versions
from wallet_service.sales import Goods, Sale

CARD, CAKE = 10, 5
FLORIST = Path(__file__).parents[2] / "templates/programmes/florist.toml"


def rules() -> str:
    """The florist's rules with a cake on the way, and points for coffee alone."""
    text = FLORIST.read_text(encoding="utf-8")
    words = text[text.index("[reward.name]") : text.index("# What a member says yes to")]
    cake = f'[[reward]]\nkey = "cake"\nunit = "stamps"\ncost = {CAKE}\n\n{words}'
    text = text.replace("per = 100\n", 'per = 100\ncategories = ["coffee"]\n')
    return text.replace("[[reward]]", cake + "[[reward]]", 1)


def cakes_of(stamps: int) -> int:
    return stamps // CARD + (stamps % CARD >= CAKE)


class Cafe(RuleBasedStateMachine):
    """One member at one till."""

    till: Any
    enrol: Callable[..., Enrolled]

    def __init__(self) -> None:
        super().__init__()
        self.who = self.enrol()
        self.events = 0
        self.stamps = self.peak = self.points = 0
        self.gave: dict[str, tuple[int, int]] = {}

    def took(self, event: str, stamps: int, points: int) -> None:
        self.gave[event] = (stamps, points)
        self.stamps += stamps
        self.points += points
        self.peak = max(self.peak, self.stamps)

    def name(self) -> str:
        self.events += 1
        return f"{self.who.member_id} {self.events}"

    @rule(count=st.integers(1, 20))
    def stamps_are_given(self, count: int) -> None:
        event = self.name()
        self.till.stamp(self.who, count, event)
        self.took(event, count, 0)

    @rule(
        goods=st.lists(
            st.tuples(st.sampled_from(["coffee", "books"]), st.integers(1, 3), st.integers(1, 900)),
            min_size=1,
            max_size=3,
        )
    )
    def goods_are_tried_out_and_sold(self, goods: list[tuple[str, int, int]]) -> None:
        event = self.name()
        lines = tuple(Goods(category=of, quantity=n, price=price) for of, n, price in goods)
        told = Sale(sale_id=event, currency="EUR", code=self.who.code, lines=lines)
        before = self.till.scan(self.who)
        tried = self.till.database.run(sales.dry, self.till.counter, told)
        assert self.till.scan(self.who) == before
        sold = self.till.database.run(sales.record, self.till.counter, told)
        assert not sold.repeated
        assert (sold.earned, sold.balances) == (tried.earned, tried.balances)
        assert len(sold.brought) == len(tried.brought)
        coffee = sum(n * price for of, n, price in goods if of == "coffee")
        paid = sum(n * price for _, n, price in goods)
        self.took(event, int(paid >= 500), coffee // 100)

    @precondition(lambda self: self.gave)
    @rule(place=st.integers(0, 99))
    def something_is_undone(self, place: int) -> None:
        event = list(self.gave)[place % len(self.gave)]
        self.till.undo(event)
        stamps, points = self.gave.pop(event)
        self.stamps -= stamps
        self.points -= points

    @invariant()
    def the_books_are_whole(self) -> None:
        seen = self.till.scan(self.who)
        assert seen.balances["stamps"].available == self.stamps % CARD
        assert seen.balances["points"].available == self.points
        offers = [each.offer for each in seen.coupons]
        assert offers.count("bouquet") == self.stamps // CARD
        # One a card; what stands from before an undo stays, and does not come twice.
        assert cakes_of(self.stamps) <= offers.count("cake") <= cakes_of(self.peak)
        assert self.till.books(self.who) == ()


# On SQLite alone: it asks the rules, which both engines share, some thousand statements a second.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("examples", [5])
def test_whatever_a_card_with_two_rewards_goes_through_each_comes_once_a_card(
    examples: int, till: Any, enrol: Callable[..., Enrolled], database: Database
) -> None:
    with database.write() as connection:
        versions.apply(connection, till.counter.brand_id, rules())
    cafe = type("CafeHere", (Cafe,), {"till": till, "enrol": staticmethod(enrol)})
    run_state_machine_as_test(
        cafe,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
