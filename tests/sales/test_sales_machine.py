"""A florist's days at random: whatever happens at the counter, the books stay whole.

A model that is a few lines of arithmetic says what a member should have; after every step the
real books are held against it, and against a full replay of themselves.
"""

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

from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal
from wallet_service.sales.errors import CouponUsed

CARD = 10


class Counter(RuleBasedStateMachine):
    """One member at one till."""

    till: Any
    enrol: Callable[..., Enrolled]

    def __init__(self) -> None:
        super().__init__()
        self.who = self.enrol()
        self.events = 0
        self.stamps = 0  # ever given and not taken back
        self.points = 0
        self.open: list[str] = []
        self.used: dict[str, str] = {}  # coupon code by the event that used it
        self.told: dict[str, tuple[Callable[[], Any], Any]] = {}
        self.gave: dict[str, tuple[int, int]] = {}  # stamps and points by event
        self.undone: set[str] = set()
        self.sentence = ""

    def name(self) -> str:
        self.events += 1
        return f"{self.who.member_id} {self.events}"

    def took(self, event: str, again: Callable[[], Any], answer: Any) -> None:
        self.told[event] = (again, answer)

    @rule(count=st.integers(1, 20))
    def stamps_are_given(self, count: int) -> None:
        event = self.name()
        answer = self.till.stamp(self.who, count, event)
        self.stamps += count
        self.gave[event] = (count, 0)
        self.open += answer.brought
        self.took(event, lambda: self.till.stamp(self.who, count, event), answer)

    @rule(cents=st.integers(1, 3000), with_coupon=st.booleans())
    def something_is_sold(self, cents: int, with_coupon: bool) -> None:
        event = self.name()
        code = (self.open[0],) if with_coupon and self.open else ()
        answer = self.till.sale(self.who, cents, event, redeem=code)
        gave = (int(cents >= 500), cents // 100)
        self.stamps += gave[0]
        self.points += gave[1]
        self.gave[event] = gave
        assert answer.applied == code
        for each in code:
            self.open.remove(each)
            self.used[event] = each
        self.open += answer.brought
        self.took(event, lambda: self.till.sale(self.who, cents, event, redeem=code), answer)

    @precondition(lambda self: self.open)
    @rule(place=st.integers(0, 99))
    def a_coupon_is_used(self, place: int) -> None:
        event, code = self.name(), self.open[place % len(self.open)]
        answer = self.till.use(code, event)
        self.open.remove(code)
        self.used[event] = code
        self.took(event, lambda: self.till.use(code, event), answer)

    @precondition(lambda self: self.used)
    @rule(place=st.integers(0, 99))
    def a_used_coupon_is_tried_again(self, place: int) -> None:
        codes = list(self.used.values())
        with pytest.raises(Refusal) as refused:
            self.till.use(codes[place % len(codes)], self.name())
        assert refused.value.code == "already_redeemed"

    @precondition(lambda self: self.told)
    @rule(place=st.integers(0, 99))
    def something_is_told_again(self, place: int) -> None:
        again, answer = list(self.told.values())[place % len(self.told)]
        repeat = again()
        assert repeat.repeated
        assert (repeat.balances, repeat.news) == (answer.balances, answer.news)

    @precondition(lambda self: set(self.told) - self.undone)
    @rule(place=st.integers(0, 99))
    def something_is_undone(self, place: int) -> None:
        standing = sorted(set(self.told) - self.undone)
        event = standing[place % len(standing)]
        used_elsewhere = CARD * len([1 for each in self.used if each != event])
        gave = self.gave.get(event, (0, 0))
        try:
            answer = self.till.undo(event)
        except CouponUsed:
            brought = set(getattr(self.told[event][1], "brought", ()))
            used = {code for other, code in self.used.items() if other != event}
            # Only where what it brought was used, or its stamps are in what was used.
            assert brought & used or self.stamps - gave[0] < used_elsewhere
            return
        self.undone.add(event)
        self.used.pop(event, None)
        self.stamps -= gave[0]
        self.points -= gave[1]
        self.open = [each.code for each in answer.coupons]

    @invariant()
    def the_books_are_whole(self) -> None:
        seen = self.till.scan(self.who)
        stamps, points = seen.balances["stamps"], seen.balances["points"]
        assert 0 <= stamps.available < CARD
        assert stamps.lifetime == self.stamps
        assert (points.available, points.lifetime) == (self.points, self.points)
        assert sorted(each.code for each in seen.coupons) == sorted(self.open)
        # Every ten stamps are one coupon, open or used; what is left is on the card.
        assert self.stamps == stamps.available + CARD * (len(self.open) + len(self.used))
        assert self.till.books(self.who) == ()


@pytest.mark.parametrize("examples", [12])
def test_whatever_happens_at_the_counter_the_books_stay_whole(
    examples: int, till: Any, enrol: Callable[..., Enrolled], database: Database
) -> None:
    counter = type("CounterHere", (Counter,), {"till": till, "enrol": staticmethod(enrol)})
    run_state_machine_as_test(
        counter,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
