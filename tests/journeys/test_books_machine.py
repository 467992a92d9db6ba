"""A shop's days at random: whatever happens, in whatever order, the books are whole.

A model made of coins (`should_be`) says what the member should have. Its figures are held against
the service's after every step, and the ledger is replayed from its first entry. `make machine`
runs it long; WALLET_MACHINE_EXAMPLES says how long.
"""

import os
from datetime import timedelta
from typing import Any

import pytest
from coins import TooFew
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
    run_state_machine_as_test,
)
from random_shop import Done, RandomShop, a_quick_database, paper
from should_be import CARD_COSTS, QUOTAS, Refused, Rules, midnight_after
from sqlalchemy import Connection

from wallet_service import clock, ledger, members, sales
from wallet_service.audit import COMMAND
from wallet_service.coupons import withdraw
from wallet_service.coupons.coupon import find
from wallet_service.ledger import NotEnough, warn
from wallet_service.programme import versions
from wallet_service.sales import Sale, StampsTold, Wanted, by_clock, by_hand, offline
from wallet_service.sales.errors import CouponUsed
from wallet_service.sales.give import give
from wallet_service.sales.reserve import reserve, rollback
from wallet_service.sales.returns import Return, take_back
from wallet_service.sales.tickets import admit

EXAMPLES = int(os.environ.get("WALLET_MACHINE_EXAMPLES", "200"))
WAITS = [
    timedelta(minutes=1),
    timedelta(minutes=20),
    timedelta(hours=5),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=31),
    timedelta(days=100),
    timedelta(days=190),
]
OTHERS = [(10, 1), (12, 1), (8, 2), (10, 3), (15, 1)]  # cards and points a euro that rules may have
which = st.integers(0, 99)
CENTS = st.integers(1, 900) | st.integers(1, 6000)  # many small ones: several lots in one use


class Shop(RandomShop):
    """One member, a till, an office, a door and a clock."""

    @rule(cents=CENTS, n=which, with_coupon=st.booleans(), with_card=st.booleans())
    def something_is_sold(self, cents: int, n: int, with_coupon: bool, with_card: bool) -> None:
        name, copy = self.name(), self.copy(n, "open" if n % 2 else "") if with_coupon else None
        redeem: list[str | Wanted] = [copy.code] if copy else []
        redeem += [Wanted(reward="card")] if with_card else []
        sale = Sale(
            sale_id=name, amount=cents, currency="EUR", code=self.who.code, redeem=tuple(redeem)
        )
        answer = self.tell(name, sales.record, sale, undoable=True)
        self.should.sale(name, cents, self.now, self.now)
        refused = {each.what: each.code for each in answer.refused}
        if copy:
            why = self.should.why_not(copy, name, self.now)
            assert refused.get(copy.code) == why
            if why is None:
                self.should.use(copy.code, name)
        if with_card:
            is_enough = self.should.points.on_card >= CARD_COSTS
            assert ("card" not in refused) == is_enough, refused
            if is_enough:
                self.should.points.spend(CARD_COSTS, answer.applied[-1])
                bought = self.should.come(answer.applied[-1], "card", name)
                self.should.use(bought.code, name)
        self.should.settle(self.should.card_size, name, self.now)

    @rule(n=st.integers(1, 20))
    def stamps_are_given(self, n: int) -> None:
        name = self.name()
        told = StampsTold(event_id=name, count=n, code=self.who.code)
        self.tell(name, sales.stamp, told, undoable=True)
        self.should.stamp(name, n, self.now, self.now)
        self.should.settle(self.should.card_size, name, self.now)

    @rule(
        happened=st.lists(
            st.tuples(st.integers(1, 600), st.booleans(), st.integers(1, 3000)),
            min_size=1,
            max_size=3,
            unique_by=lambda each: each[0],
        ),
        twice=st.booleans(),
    )
    def a_till_that_was_offline_tells(
        self, happened: list[tuple[int, bool, int]], twice: bool
    ) -> None:
        events, code = [], self.who.code
        for minutes, is_sale, cents in happened:
            name, at = self.name(), self.now - timedelta(minutes=minutes)
            what: Any = StampsTold(event_id=name, count=1 + cents % 5, code=code, occurred_at=at)
            if is_sale:
                what = Sale(sale_id=name, amount=cents, currency="EUR", code=code, occurred_at=at)
            events.append(offline.Happened(what=what, counter_of=lambda _: self.counter))
        items = offline.replay(self.database, events + events[:1] * twice)
        assert (
            sorted(each.status for each in items)
            == ["accepted"] * len(events) + ["duplicate"] * twice
        )
        for each in sorted(events, key=lambda each: each.what.occurred_at):
            what, at = each.what, each.what.occurred_at
            if isinstance(what, Sale):
                self.should.sale(what.sale_id, what.amount, at, self.now)
            else:
                self.should.stamp(what.event_id, what.count, at, self.now)
            name = offline.name_of(what)
            self.should.settle(self.should.card_size, name, at)
            one = [each]
            self.told[name] = Done(
                lambda one=one: offline.replay(self.database, one)[0].answer, None, True
            )

    @precondition(lambda self: self.should.bills)
    @rule(n=which, part=st.integers(1, 3000), whole=st.booleans())
    def goods_come_back(self, n: int, part: int, whole: bool) -> None:
        sales_made = [name for name, bill in self.should.bills.items() if bill.left > 0]
        if not sales_made:
            return
        sale, name = sales_made[n % len(sales_made)], self.name()
        left = self.should.bills[sale].left
        amount = left if whole else min(part, left)
        self.tell(name, take_back, Return(return_id=name, sale_id=sale, amount=amount))
        self.should.comes_back(sale, amount, self.now)

    @precondition(lambda self: any(each.is_undoable for each in self.told.values()))
    @rule(n=which)
    def something_is_undone(self, n: int) -> None:
        undoable = [name for name, each in self.told.items() if each.is_undoable]
        name = undoable[n % len(undoable)]
        after = self.should.trial()
        try:
            after.void(name, self.now)
        except Refused:
            with pytest.raises(CouponUsed):
                self.run(sales.void, self.counter, name)
            return
        self.tell(f"void {name}", sales.void, name)
        self.told[name].is_undoable = False
        self.should = after

    @precondition(lambda self: self.told)
    @rule(n=which)
    def something_is_told_again(self, n: int) -> None:
        done = list(self.told.values())[n % len(self.told)]
        again = done.again()
        assert again.repeated
        if hasattr(done.answer, "balances"):
            assert again.balances == done.answer.balances

    @rule(amount=st.integers(-40, 40).filter(bool), unit=st.sampled_from(["stamps", "points"]))
    def a_balance_is_corrected(self, amount: int, unit: str) -> None:
        name, after = self.name(), self.should.trial()
        wish = by_hand.Correct(
            event_id=name,
            member_id=self.who.member_id,
            reason="a story",
            unit=unit,  # type: ignore[arg-type]
            amount=amount,
        )
        try:
            after.corrected(name, unit, amount, self.now)
        except TooFew:
            with pytest.raises(NotEnough):
                self.run(by_hand.act, self.brand.brand_id, wish, actor=COMMAND)
            return
        self.run(by_hand.act, self.brand.brand_id, wish, actor=COMMAND)
        self.should = after

    # The second comes with the use of the first, by itself.
    @rule(offer=st.sampled_from(["first", "tulip", "evening"]))
    def a_coupon_is_given(self, offer: str) -> None:
        name = self.name()
        out = self.out(offer)
        given, code = self.tried(name, give, name, offer, code=self.who.code)
        is_over = offer == "evening" and self.now >= self.opened_at + timedelta(days=2)
        if is_over or out == QUOTAS[offer]:
            assert code == ("offer_ended" if is_over else "quota_used")
            return
        assert code is None
        ends = midnight_after(self.now, 30) if offer == "tulip" else None
        self.came(given.coupon.code, offer, name, ends)

    @precondition(lambda self: self.should.copies)
    @rule(n=which)
    def a_coupon_is_used(self, n: int) -> None:
        copy, name = self.copy(n, "open" if n % 3 else ""), self.name()
        if copy is None:
            return
        # Whoever holds it uses it under that name.
        name = copy.held_by if copy.held_by and n % 2 and copy.held_by not in self.told else name
        why = self.should.why_not(copy, name, self.now)
        _, code = self.tried(name, sales.redeem, name, copy.code)
        assert code == why
        if code is None:
            self.told[name].is_undoable = True
            self.should.use(copy.code, name)

    @precondition(lambda self: self.should.copies)
    @rule(n=which, seconds=st.integers(1, 7200))
    def a_coupon_is_held(self, n: int, seconds: int) -> None:
        copy, name = self.copy(n), self.name()
        assert copy is not None
        why = self.should.why_not(copy, name, self.now)
        _, code = self.tried(f"hold for {name}", reserve, name, copy.code, ttl_seconds=seconds)
        assert code == why
        if code is None:
            copy.held_by, copy.held_until = name, self.now + timedelta(seconds=seconds)

    @precondition(lambda self: self.should.copies)
    @rule(n=which)
    def a_use_is_rolled_back(self, n: int) -> None:
        copy = self.copy(n, "used" if n % 3 else "")
        if copy is None:
            return
        is_held = copy.held_until is not None and copy.held_until > self.now
        if copy.state == "used":
            self.run(rollback, self.counter, copy.used_by, copy.code)
            self.should.unuse(copy.used_by, copy.code)
        elif copy.state == "open" and is_held:
            self.run(rollback, self.counter, copy.held_by, copy.code)
            copy.held_by, copy.held_until = "", None

    @precondition(lambda self: self.should.copies)
    @rule(n=which)
    def staff_take_a_coupon_back(self, n: int) -> None:
        copy = self.copy(n)
        assert copy is not None
        if copy.state == "open" and copy.offer in QUOTAS:
            self.run(self._withdrawn, copy.code)
            copy.state = "back"

    def _withdrawn(self, connection: Connection, code: str) -> None:
        members.lock(connection, self.who.member_id)
        withdraw(connection, find(connection, self.brand.brand_id, code))

    @precondition(lambda self: self.tickets)
    @rule(n=which, people=st.integers(1, 2), are_taken_out=st.booleans())
    def people_come_to_the_door(self, n: int, people: int, are_taken_out: bool) -> None:
        code, name = list(self.tickets)[n % len(self.tickets)], self.name()
        is_open = self.now < self.opened_at + timedelta(days=2)
        _, why = self.tried(name, admit, name, code, count=people)
        if not is_open or self.tickets[code] + people > 2:
            assert why in {"event_over", "already_in", "no_admission_left"}
            return
        assert why is None
        self.tickets[code] += people
        if are_taken_out:
            self.run(rollback, self.counter, name, code)
            self.tickets[code] -= people

    @rule(wait=st.sampled_from(WAITS), has_worker=st.booleans())
    def time_goes_by(self, wait: timedelta, has_worker: bool) -> None:
        clock.set_to(self.now + wait)
        if not has_worker:
            return  # whatever comes next finds it undone
        who, now = self.who.member_id, self.now
        self.run(by_clock.confirm_due, who, now)
        self.run(ledger.expire_due, who, now)
        self.run(warn.warn_due, who, now)
        should = self.should
        if should.points.let_in(now):
            should.settle(should.size(should.version_at(now)), "the clock", now)
        should.points.end(now)

    @rule(n=which, also_running=st.booleans())
    def the_rules_change(self, n: int, also_running: bool) -> None:
        card, rate = OTHERS[n % len(OTHERS)]
        last = self.should.rules[-1]
        if (card, rate) == (last.card, last.rate):
            return
        clock.set_to(self.now + timedelta(seconds=1))
        self.run(versions.apply, self.brand.brand_id, paper(card, rate), also_running=also_running)
        self.should.rules.append(
            Rules(since=self.now, card=card, rate=rate, also_running=also_running)
        )

    @rule()
    def the_next_one_dies_before_its_commit(self) -> None:
        self.dies = True


def run(url: str, examples: int, steps: int) -> None:
    with a_quick_database(url) as database:
        shop = type("ShopHere", (Shop,), {"database": database})
        run_state_machine_as_test(
            shop,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.timeout(14_400)
def test_whatever_happens_in_a_shop_everybody_has_what_they_should(database_url: str) -> None:
    # The same rules on both engines; what differs between them is in the statements.
    examples = EXAMPLES if database_url.startswith("sqlite") else max(1, EXAMPLES // 20)
    run(database_url, examples, 50)
