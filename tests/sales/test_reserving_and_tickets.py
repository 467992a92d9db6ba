"""A coupon held for one sale, uses that are rolled back, and people at a door with a ticket."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wallet_service import clock
from wallet_service.audit import COMMAND
from wallet_service.coupons import (
    AlreadyIn,
    CouponReserved,
    CouponState,
    Given,
    NothingToRollBack,
    Promise,
    issue_offer,
    offers,
)
from wallet_service.coupons.promise import Ticket
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.sales.offline import Happened, LetIn, replay
from wallet_service.sales.reserve import BadTime, reserve, rollback
from wallet_service.sales.tickets import BadPeople, admit

NOON = datetime(2026, 5, 6, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    clock.set_to(NOON)
    yield
    clock.release()


def a_ticket(database: Database, till: Any, who: Enrolled, **facts: Any) -> str:
    """A ticket to tonight's concert; the code on it."""
    ticket = Ticket(
        event="Night of roses",
        starts_at=NOON + timedelta(minutes=30),
        ends_at=NOON + timedelta(hours=3),
        **facts,
    )
    words = {"en": "Night of roses", "fi": "Ruusujen yö", "sv": "Rosornas natt"}
    given = Given(
        brand_id=till.counter.brand_id,
        member_id=who.member_id,
        source="tests",
        key="ticket",
        issued_at=NOON,
        funder="brand",
    )
    with database.write() as connection:
        offers.put(
            connection,
            till.counter.brand_id,
            "roses",
            words,
            words,
            Promise(kind="ticket", ticket=ticket),
            actor=COMMAND,
        )
        return issue_offer(connection, "roses", given).code


def test_a_coupon_that_one_sale_holds_is_nobody_elses(
    database: Database, till: Any, aino: Enrolled
) -> None:
    [code] = till.stamp(aino, 10).brought
    other = replace(till.counter, source="till:2")
    held = database.run(reserve, till.counter, "sale-1", code, ttl_seconds=60)
    assert held.coupon.state is CouponState.RESERVED
    assert held.until == NOON + timedelta(seconds=60)
    assert database.run(reserve, till.counter, "sale-1", code, ttl_seconds=60).repeated
    with pytest.raises(CouponReserved):
        database.run(reserve, other, "sale-2", code)
    assert till.sale(aino, 1000, "sale-1", redeem=(code,)).applied == (code,)


def test_what_was_held_too_long_is_free_again(
    database: Database, till: Any, aino: Enrolled
) -> None:
    [code] = till.stamp(aino, 10).brought
    other = replace(till.counter, source="till:2")
    database.run(reserve, till.counter, "sale-1", code, ttl_seconds=60)
    clock.set_to(NOON + timedelta(seconds=61))
    assert not database.run(reserve, other, "sale-2", code).repeated
    with pytest.raises(BadTime):
        database.run(reserve, other, "sale-3", code, ttl_seconds=0)


def test_a_use_and_a_reservation_are_rolled_back_by_whoever_told_them(
    database: Database, till: Any, aino: Enrolled
) -> None:
    [code] = till.stamp(aino, 10).brought
    database.run(reserve, till.counter, "e-1", code)
    assert database.run(rollback, till.counter, "e-1", code).coupon.state is CouponState.ISSUED
    till.use(code, "e-2")
    with pytest.raises(NothingToRollBack):
        database.run(rollback, replace(till.counter, source="till:2"), "e-2", code)
    back = database.run(rollback, till.counter, "e-2", code)
    assert back.coupon.state is CouponState.ISSUED
    assert back.news.say("en").startswith("Corrected: ")
    assert database.run(rollback, till.counter, "e-2", code).repeated
    assert till.use(code).coupon.state is CouponState.REDEEMED


def test_each_of_two_coupons_that_one_sale_used_is_rolled_back(
    database: Database, till: Any, aino: Enrolled
) -> None:
    first, second = till.stamp(aino, 20).brought
    till.sale(aino, 1000, "sale-1", redeem=(first, second))
    for code in (first, second):
        back = database.run(rollback, till.counter, "sale-1", code)
        assert (back.repeated, back.coupon.state) == (False, CouponState.ISSUED)
        assert database.run(rollback, till.counter, "sale-1", code).repeated


def test_a_family_comes_in_and_comes_in_again(
    database: Database, till: Any, aino: Enrolled
) -> None:
    code = a_ticket(database, till, aino, admissions=3, re_entry=True)
    first = database.run(admit, till.counter, "door-1", code, count=2)
    assert (first.admitted, first.left, first.is_return) == (2, 1, False)
    assert first.news.say("en") == "Welcome. 1 more may come."
    again = database.run(admit, till.counter, "door-1", code, count=2)
    assert again.repeated
    assert (again.admitted, again.left, again.news) == (2, 1, first.news)
    last = database.run(admit, till.counter, "door-2", code)
    assert (last.left, last.news.say("en")) == (0, "Welcome.")
    back = database.run(admit, till.counter, "door-3", code, count=3)
    assert (back.is_return, back.news.say("en")) == (True, "Welcome back, all 3 of you.")
    with pytest.raises(BadPeople):
        database.run(admit, till.counter, "door-4", code, count=0)


def test_two_doors_offline_with_one_ticket_let_in_once_and_say_who_was_late(
    database: Database, till: Any, aino: Enrolled
) -> None:
    code = a_ticket(database, till, aino)
    doors = [
        Happened(
            what=LetIn(event_id="in", ticket=code, occurred_at=NOON + timedelta(minutes=late)),
            counter_of=lambda _, name=name: replace(till.counter, source=name),
        )
        for name, late in (("north", 20), ("south", 10))
    ]
    clock.set_to(NOON + timedelta(hours=5))  # told when the concert is over
    items = replay(database, doors)
    assert [(item.status, item.code) for item in items] == [
        ("conflict", AlreadyIn.code),
        ("accepted", None),
    ]
