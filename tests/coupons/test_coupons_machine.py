"""Coupons under everything that can happen to them: the counters always equal the coupons."""

import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from factories import a_brand, a_member
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from promised import a_coupon, an_offer, now, offering, use, with_coupon

from wallet_service import clock, coupons
from wallet_service.coupons import OfferEnded, QuotaUsed, tables
from wallet_service.db import Database
from wallet_service.errors import Refusal

QUOTAS = {"first": 6, "second": 3, "evening": 2}
which = st.integers(0, 30)


class Coupons(RuleBasedStateMachine):
    """Two members, a path of two offers and a ticket; whatever is refused changes nothing."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "wallet.db"
        shutil.copy(self.template, file)
        self.database = Database(f"sqlite:///{file}")
        clock.set_to(clock.now())
        with self.database.write() as connection:
            self.brand = a_brand(connection)
            self.people = [a_member(connection, self.brand, n).member_id for n in ("Aino", "Mikko")]
        event = {
            "event": "Wreath evening",
            "starts_at": clock.now().isoformat(),
            "ends_at": (clock.now() + timedelta(days=3)).isoformat(),
            "admissions": 2,
        }
        an_offer(self.database, self.brand, "second", quota=3, validity={"days": 1})
        an_offer(self.database, self.brand, "first", quota=6, then="second")
        an_offer(self.database, self.brand, "evening", "ticket", quota=2, ticket=event)
        self.codes: list[str] = []
        self.events: list[tuple[str, str]] = []  # the coupon, and what was done with it
        self.asked = 0

    def teardown(self) -> None:
        self.database.close()
        clock.release()
        self.folder.cleanup()

    @rule(key=st.sampled_from(sorted(QUOTAS)), who=st.integers(0, 1))
    def give(self, key: str, who: int) -> None:
        with suppress(QuotaUsed, OfferEnded):
            self.codes.append(a_coupon(self.database, self.brand, self.people[who], key).code)

    @rule(n=which)
    def redeem(self, n: int) -> None:
        used = self.act(n, coupons.redeem, self.use())
        if used is not None and used.unlocked is not None:
            self.codes.append(used.unlocked.code)

    @rule(n=which, minutes=st.integers(1, 60))
    def reserve(self, n: int, minutes: int) -> None:
        self.act(n, coupons.reserve, self.use(), timedelta(minutes=minutes))

    @rule(n=which, count=st.integers(1, 3))
    def admit(self, n: int, count: int) -> None:
        self.act(n, coupons.admit, self.use(), count)

    @rule(n=which)
    def roll_back(self, n: int) -> None:
        if self.events:
            code, key = self.events[n % len(self.events)]
            self.attempt(code, coupons.rollback, "till", key)

    @rule(n=which, act=st.sampled_from([coupons.withdraw, coupons.reverse]))
    def take_back(self, n: int, act: Any) -> None:
        if self.codes:
            code = self.codes[n % len(self.codes)]
            with_coupon(self.database, self.brand, code, lambda db, _, coupon: act(db, coupon))

    @rule(hours=st.integers(0, 30))
    def wait(self, hours: int) -> None:
        clock.advance(timedelta(hours=hours, minutes=1))

    def use(self) -> Any:
        self.asked += 1
        return use(f"e{self.asked}")

    def act(self, n: int, act: Any, *rest: Any) -> Any:
        if not self.codes:
            return None
        code = self.codes[n % len(self.codes)]
        self.events.append((code, f"e{self.asked}"))
        return self.attempt(code, act, *rest)

    def attempt(self, code: str, act: Any, *rest: Any) -> Any:
        try:
            return with_coupon(self.database, self.brand, code, act, *rest)
        except Refusal:
            return None

    @invariant()
    def the_counters_equal_the_coupons(self) -> None:
        there = [now(self.database, self.brand, code) for code in self.codes]
        uses = self.uses()
        for key, quota in QUOTAS.items():
            copies = [each for each in there if each.offer == key]
            out = [each for each in copies if each.state not in {"void", "reversed"}]
            used = [
                each
                for each in copies
                if each.code in uses or (each.admissions and each.admitted == each.admissions)
            ]
            counted = offering(self.database, self.brand, key)
            assert (counted.issued, counted.redeemed) == (len(out), len(used))
            assert counted.issued <= quota
        for each in there:
            assert each.admitted <= (each.admissions or 0)
            if each.admissions is None:
                assert (each.state == "redeemed") == (each.code in uses)

    def uses(self) -> set[str]:
        redemption = tables.redemption
        standing = sa.select(redemption.c.code).where(redemption.c.reversed_at.is_(None))
        with self.database.read() as connection:
            codes = list(connection.execute(standing).scalars())
        assert len(codes) == len(set(codes))
        return set(codes)


@pytest.mark.timeout(110)
def test_the_counters_hold_whatever_happens_to_coupons(sqlite_template: Path) -> None:
    Coupons.template = sqlite_template
    run_state_machine_as_test(
        Coupons, settings=settings(max_examples=8, stateful_step_count=20, deadline=None)
    )
