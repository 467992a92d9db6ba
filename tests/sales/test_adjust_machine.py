"""By hand and at the till at random: whatever is done to a card, its books stay whole."""

from collections.abc import Callable
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

from wallet_service.audit import Actor
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.ledger import NotEnough
from wallet_service.sales import Answer, by_hand
from wallet_service.sales.by_hand import SOURCE, Correct, GiveStamps, TakeBack
from wallet_service.sales.errors import CouponUsed

CARD = 10
MATTI = Actor(kind="staff", name="Matti", id="matti")


class Desk(RuleBasedStateMachine):
    """One member, a till, and Matti in the office; a model counts what should be."""

    till: Any
    enrol: Callable[..., Enrolled]
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.who = self.enrol()
        self.events = 0
        self.stamps = 0  # gained, less what was taken off
        self.points = 0
        self.gave: dict[tuple[str, str], tuple[int, int]] = {}
        self.wishes: list[tuple[by_hand.Wish, Answer]] = []

    def name(self) -> str:
        self.events += 1
        return f"{self.who.member_id} {self.events}"

    def act(self, wish: by_hand.Wish) -> Answer:
        answer = self.database.run(by_hand.act, self.till.counter.brand_id, wish, actor=MATTI)
        self.wishes.append((wish, answer))
        return answer

    def facts(self) -> dict[str, str]:
        return {"event_id": self.name(), "member_id": self.who.member_id, "reason": "a story"}

    @rule(cents=st.integers(1, 2500))
    def something_is_sold(self, cents: int) -> None:
        sale_id = self.name()
        self.till.sale(self.who, cents, sale_id)
        gave = (int(cents >= 500), cents // 100)
        self.stamps, self.points = self.stamps + gave[0], self.points + gave[1]
        self.gave[self.till.counter.source, sale_id] = gave

    @rule(count=st.integers(1, 12))
    def stamps_are_given_by_hand(self, count: int) -> None:
        wish = GiveStamps(count=count, **self.facts())
        self.act(wish)
        self.stamps += count
        self.gave[SOURCE, wish.event_id] = (count, 0)

    @rule(amount=st.integers(-12, 12).filter(bool), unit=st.sampled_from(["stamps", "points"]))
    def a_balance_is_corrected(self, amount: int, unit: str) -> None:
        before = self.till.scan(self.who).balances[unit].available
        try:
            self.act(Correct(amount=amount, unit=unit, **self.facts()))
        except NotEnough:
            assert before + amount < 0
            return
        assert before + amount >= 0
        if unit == "stamps":
            self.stamps += amount
        else:
            self.points += amount

    @precondition(lambda self: self.gave)
    @rule(place=st.integers(0, 99))
    def a_visit_is_taken_back(self, place: int) -> None:
        source, sale_id = list(self.gave)[place % len(self.gave)]
        try:
            self.act(TakeBack(source=source, sale_id=sale_id, **self.facts()))
        except (NotEnough, CouponUsed):
            return  # a correction has taken off meanwhile what it gave
        stamps, points = self.gave.pop((source, sale_id))
        self.stamps, self.points = self.stamps - stamps, self.points - points

    @precondition(lambda self: self.wishes)
    @rule(place=st.integers(0, 99))
    def a_button_is_pressed_twice(self, place: int) -> None:
        wish, answer = self.wishes[place % len(self.wishes)]
        again = self.database.run(by_hand.act, self.till.counter.brand_id, wish, actor=MATTI)
        assert again.repeated
        assert (again.balances, again.news) == (answer.balances, answer.news)

    @invariant()
    def the_books_are_whole(self) -> None:
        seen = self.till.scan(self.who)
        stamps, points = seen.balances["stamps"], seen.balances["points"]
        assert 0 <= stamps.available < CARD
        assert (stamps.lifetime, points.lifetime) == (self.stamps, self.points)
        assert points.available == self.points >= 0
        assert self.stamps == stamps.available + CARD * len(seen.coupons)
        assert self.till.books(self.who) == ()


@pytest.mark.parametrize("examples", [10])
def test_whatever_is_done_by_hand_the_books_stay_whole(
    examples: int, till: Any, enrol: Callable[..., Enrolled], database: Database
) -> None:
    facts = {"till": till, "enrol": staticmethod(enrol), "database": database}
    run_state_machine_as_test(
        type("DeskHere", (Desk,), facts),
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
