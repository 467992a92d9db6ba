"""Many at once want one coupon, the last copies of an offer, or one ticket: exactly so many win."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from factories import a_member
from promised import a_coupon, an_offer, now, offering, use, with_coupon

from bench import races
from wallet_service import clock, coupons
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal

AT_ONCE = 8


def at_once(act: Callable[[int], Any]) -> Counter[str]:
    """Everybody at the same moment: how many were granted, and why the others were not."""
    start = Barrier(AT_ONCE)

    def one(n: int) -> str:
        start.wait(20)
        try:
            act(n)
        except Refusal as refusal:
            return refusal.code
        return "granted"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def test_one_coupon_is_used_once(database: Database, brand: Brand, aino: Enrolled) -> None:
    an_offer(database, brand)
    coupon = a_coupon(database, brand, aino.member_id)
    outcome = at_once(
        lambda n: with_coupon(database, brand, coupon.code, coupons.redeem, use(f"u{n}"))
    )
    assert outcome == {"granted": 1, "already_redeemed": AT_ONCE - 1}
    assert offering(database, brand).redeemed == 1


def test_one_coupon_is_held_by_one(database: Database, brand: Brand, aino: Enrolled) -> None:
    an_offer(database, brand)
    coupon = a_coupon(database, brand, aino.member_id)
    minute = timedelta(minutes=1)
    outcome = at_once(
        lambda n: with_coupon(database, brand, coupon.code, coupons.reserve, use(f"u{n}"), minute)
    )
    assert outcome == {"granted": 1, "reserved": AT_ONCE - 1}
    assert now(database, brand, coupon.code).state == "reserved"


def test_a_quota_is_never_exceeded_whoever_asks(database: Database, brand: Brand) -> None:
    with database.write() as connection:
        people = [a_member(connection, brand, f"Runner {n}").member_id for n in range(AT_ONCE)]
    an_offer(database, brand, quota=3)
    outcome = at_once(lambda n: a_coupon(database, brand, people[n]))
    assert outcome == {"granted": 3, "quota_used": AT_ONCE - 3}
    assert offering(database, brand).issued == 3


def test_one_member_gets_no_more_than_one_may_have(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    an_offer(database, brand, per_member=2)
    outcome = at_once(lambda n: a_coupon(database, brand, aino.member_id))
    assert outcome == {"granted": 2, "member_limit": AT_ONCE - 2}


def test_a_ticket_lets_in_as_many_as_it_says(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    event = {
        "event": "Wreath evening",
        "starts_at": clock.now().isoformat(),
        "ends_at": (clock.now() + timedelta(hours=2)).isoformat(),
        "admissions": 5,
    }
    an_offer(database, brand, kind="ticket", ticket=event)
    ticket = a_coupon(database, brand, aino.member_id)
    outcome = at_once(
        lambda n: with_coupon(database, brand, ticket.code, coupons.admit, use(f"e{n}"), 1)
    )
    assert outcome == {"granted": 5, "already_in": AT_ONCE - 5}
    assert now(database, brand, ticket.code).admitted == 5


def test_processes_that_race_are_granted_exactly_what_there_is(database_url: str) -> None:
    # The small one of `make races`, whose other two ways are run above by threads.
    assert races.race(database_url, "reserve, then redeem", processes=3, wanted=8).is_exact
