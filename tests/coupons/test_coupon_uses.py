"""Reserve, use and roll back; coupons beside each other, and one that unlocks the next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from promised import a_coupon, an_offer, now, offering, use, with_coupon

from wallet_service import clock, coupons
from wallet_service.brands import Brand
from wallet_service.coupons import Coupon
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal

MINUTES = timedelta(minutes=5)


@pytest.fixture
def coupon(database: Database, brand: Brand, aino: Enrolled, driven_clock: Any) -> Coupon:
    an_offer(database, brand)
    return a_coupon(database, brand, aino.member_id)


def refused(database: Database, brand: Brand, coupon: Coupon, act: Any, *rest: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        with_coupon(database, brand, coupon.code, act, *rest)
    return refusal.value


def test_a_reserved_coupon_is_for_the_sale_that_holds_it(
    database: Database, brand: Brand, coupon: Coupon
) -> None:
    held = with_coupon(database, brand, coupon.code, coupons.reserve, use("sale-1"), MINUTES)
    assert (held.state, held.is_open) == ("reserved", True)
    for act, rest in ((coupons.redeem, ()), (coupons.reserve, (MINUTES,))):
        refusal = refused(database, brand, coupon, act, use("sale-2"), *rest)
        assert refusal.code == "reserved"
        assert refusal.say.say("en") == "Another sale holds this coupon until 11:05."
    with_coupon(database, brand, coupon.code, coupons.redeem, use("sale-1"))
    assert now(database, brand, coupon.code).state == "redeemed"


@pytest.mark.parametrize("how", [{"sale_id": "hold"}, {"reservation": "hold"}])
def test_whoever_names_the_reservation_may_use_it_under_another_name(
    database: Database, brand: Brand, coupon: Coupon, how: dict[str, str]
) -> None:
    with_coupon(database, brand, coupon.code, coupons.reserve, use("hold"), MINUTES)
    with_coupon(database, brand, coupon.code, coupons.redeem, use("u1", **how))


def test_a_reservation_that_ran_out_is_issued_again(
    database: Database, brand: Brand, coupon: Coupon, driven_clock: Any
) -> None:
    with_coupon(database, brand, coupon.code, coupons.reserve, use("sale-1"), MINUTES)
    driven_clock.advance(MINUTES)
    assert now(database, brand, coupon.code).state == "issued"
    with_coupon(database, brand, coupon.code, coupons.reserve, use("sale-2"), MINUTES)
    assert refused(database, brand, coupon, coupons.redeem, use("sale-1")).code == "reserved"


def test_a_reservation_asked_for_again_lasts_anew(
    database: Database, brand: Brand, coupon: Coupon, driven_clock: Any
) -> None:
    with_coupon(database, brand, coupon.code, coupons.reserve, use("sale-1"), MINUTES)
    driven_clock.advance(MINUTES - timedelta(seconds=1))
    with_coupon(database, brand, coupon.code, coupons.reserve, use("sale-1"), MINUTES)
    driven_clock.advance(MINUTES - timedelta(seconds=1))
    assert now(database, brand, coupon.code).state == "reserved"


def test_a_coupon_held_over_midnight_can_be_used_by_its_holder(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    an_offer(database, brand, "today", validity={"days": 0})
    coupon = a_coupon(database, brand, aino.member_id, "today")
    driven_clock.set_to(datetime(2026, 11, 25, 21, 59, tzinfo=UTC))
    with_coupon(database, brand, coupon.code, coupons.reserve, use("sale-1"), MINUTES)
    driven_clock.advance(timedelta(minutes=3))
    with_coupon(database, brand, coupon.code, coupons.redeem, use("sale-1"))


def test_an_event_rolls_back_what_it_did_and_nothing_else(
    database: Database, brand: Brand, coupon: Coupon
) -> None:
    with_coupon(database, brand, coupon.code, coupons.reserve, use("hold"), MINUTES)
    assert refused(database, brand, coupon, coupons.rollback, "till", "other").code == (
        "nothing_to_roll_back"
    )
    back = with_coupon(database, brand, coupon.code, coupons.rollback, "till", "hold")
    assert back.state == "issued"

    with_coupon(database, brand, coupon.code, coupons.redeem, use("u1"))
    assert offering(database, brand).redeemed == 1
    assert refused(database, brand, coupon, coupons.rollback, "api", "u1").code == (
        "nothing_to_roll_back"
    )
    back = with_coupon(database, brand, coupon.code, coupons.rollback, "till", "u1")
    assert (back.state, offering(database, brand).redeemed) == ("issued", 0)
    assert refused(database, brand, coupon, coupons.rollback, "till", "u1").code == (
        "nothing_to_roll_back"
    )
    with_coupon(database, brand, coupon.code, coupons.redeem, use("u2"))


def test_a_coupon_that_is_used_or_taken_back_cannot_be_reserved(
    database: Database, brand: Brand, aino: Enrolled, coupon: Coupon
) -> None:
    with_coupon(database, brand, coupon.code, coupons.redeem, use("u1"))
    again = refused(database, brand, coupon, coupons.reserve, use("u2"), MINUTES)
    assert again.code == "already_redeemed"
    other = a_coupon(database, brand, aino.member_id)
    database.run(coupons.reverse, other)
    assert refused(database, brand, other, coupons.redeem, use("u3")).code == "coupon_void"


def test_conditions_hold_at_the_counter(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    an_offer(
        database, brand, "lunch", conditions={"weekdays": ["wed"], "purchase_min": 1000}
    )  # the clock stands on a Wednesday
    coupon = a_coupon(database, brand, aino.member_id, "lunch")
    refusal = refused(database, brand, coupon, coupons.redeem, use("u1", amount=999))
    assert (refusal.code, refusal.facts) == ("purchase_too_small", {"purchase_min": 1000})
    # By the moment at the counter, not by the one at which it was told.
    yesterday = clock.now() - timedelta(days=1)
    late = refused(database, brand, coupon, coupons.redeem, use("u1", yesterday, amount=1000))
    assert late.code == "wrong_day"
    with_coupon(database, brand, coupon.code, coupons.redeem, use("u1", amount=1000))


@pytest.mark.parametrize("first", ["plain", "lonely"])
def test_a_coupon_that_must_be_alone_is_refused_beside_another(
    database: Database, brand: Brand, aino: Enrolled, first: str
) -> None:
    an_offer(database, brand, "plain")
    an_offer(database, brand, "lonely", alone=True)
    one = a_coupon(database, brand, aino.member_id, first)
    other = a_coupon(database, brand, aino.member_id, {"plain": "lonely"}.get(first, "plain"))
    with_coupon(database, brand, one.code, coupons.redeem, use("sale-1"))
    refusal = refused(database, brand, other, coupons.redeem, use("sale-1"))
    assert refusal.code == "does_not_stack"
    assert refusal.say.say("en") == (
        f"This coupon cannot be used together with “{first.capitalize()}”."
    )
    with_coupon(database, brand, other.code, coupons.redeem, use("sale-2"))


def test_a_path_of_offers_is_walked_step_by_step(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    an_offer(database, brand, "third")
    an_offer(database, brand, "second", then="third")
    an_offer(database, brand, "first", then="second")
    coupon: Coupon | None = a_coupon(database, brand, aino.member_id, "first")
    walked = []
    while coupon is not None:
        walked.append(coupon.offer)
        used = with_coupon(database, brand, coupon.code, coupons.redeem, use(f"to-{coupon.offer}"))
        coupon = used.unlocked
    assert walked == ["first", "second", "third"]


def test_a_step_undone_takes_back_what_it_unlocked(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    an_offer(database, brand, "second", quota=1)
    an_offer(database, brand, "first", then="second")
    one, other = (a_coupon(database, brand, aino.member_id, "first") for _ in range(2))
    used = with_coupon(database, brand, one.code, coupons.redeem, use("u1"))
    # Nothing is left to unlock: the use stands all the same.
    assert with_coupon(database, brand, other.code, coupons.redeem, use("u2")).unlocked is None
    with_coupon(database, brand, one.code, coupons.rollback, "till", "u1")
    assert now(database, brand, used.unlocked.code).state == "reversed"
    assert offering(database, brand, "second").issued == 0
    assert with_coupon(database, brand, one.code, coupons.redeem, use("u3")).unlocked is not None
