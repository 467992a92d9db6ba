"""Offers: made, changed and ended by the shop; copies keep the terms they were given with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from factories import a_brand, a_member
from promised import a_coupon, a_promise, an_offer, given, now, offering, use, with_coupon

from wallet_service import audit, coupons
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand
from wallet_service.coupons import BadOffer, MemberLimit, OfferEnded, QuotaUsed, offers
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal


def log(database: Database, brand: Brand) -> list[tuple[str, str]]:
    with database.read() as connection:
        lines = audit.read(connection, brand.brand_id, limit=3)
        return [(each.what, each.say.say("en")) for each in lines]


def test_an_offer_is_made_changed_ended_and_opened_again_and_the_log_says_so(
    database: Database, brand: Brand
) -> None:
    made = an_offer(database, brand, quota=5)
    assert log(database, brand)[0] == ("offer.made", "The command line made the offer Spring")
    assert an_offer(database, brand, quota=5) == made
    assert log(database, brand)[0][0] == "offer.made"

    changed = an_offer(database, brand, quota=6)
    assert (changed.promise.quota, changed.offer_id != made.offer_id) == (6, True)
    assert log(database, brand)[0][1] == "The command line changed the offer Spring"

    ended = database.run(offers.end, brand.brand_id, "spring", actor=COMMAND)
    assert ended.ended_at is not None
    assert database.run(offers.end, brand.brand_id, "spring", actor=COMMAND) == ended
    assert log(database, brand)[0][1] == "The command line ended the offer Spring"

    again = an_offer(database, brand, quota=5)
    assert (again.offer_id, again.ended_at) == (made.offer_id, None)
    assert log(database, brand)[0][1] == "The command line opened the offer Spring again"


def test_a_copy_keeps_the_terms_it_was_given_with(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    an_offer(database, brand, "spring", "discount", worth={"percent": 10})
    old = a_coupon(database, brand, aino.member_id)
    an_offer(database, brand, "spring", "discount", worth={"percent": 20})
    new = a_coupon(database, brand, aino.member_id)
    for coupon, worth in ((old, 100), (new, 200)):
        used = with_coupon(
            database, brand, coupon.code, coupons.redeem, use(coupon.code, amount=1000)
        )
        assert used.worth == worth
    assert (offering(database, brand).issued, offering(database, brand).redeemed) == (2, 2)


def test_every_fault_of_an_offer_is_told_with_its_place(database: Database, brand: Brand) -> None:
    an_offer(database, brand, "taken", shared_code="KEVAT20")
    promise = a_promise(
        conditions={"locations": ["moon"]}, then="nothing", shared_code="KEVAT20", quota=1
    )
    with pytest.raises(BadOffer) as refused:
        database.run(
            offers.put, brand.brand_id, "Bad key", {"de": "Kauf"}, {}, promise, actor=COMMAND
        )
    assert [each["at"] for each in refused.value.facts["faults"]] == [
        "key",
        "name.de",
        "name.en",
        "conditions.locations.0",
        "then",
        "shared_code",
    ]
    with database.read() as connection:
        assert [each.key for each in offers.list_(connection, brand.brand_id)] == ["taken"]


def test_a_reward_of_the_programme_keeps_its_key(database: Database, brand: Brand) -> None:
    with pytest.raises(BadOffer, match="key: is that of a reward of the programme"):
        an_offer(database, brand, "bouquet")


def test_a_shared_code_is_free_again_when_its_offer_has_ended(
    database: Database, brand: Brand
) -> None:
    an_offer(database, brand, "old", shared_code="KEVAT20")
    with pytest.raises(BadOffer, match="is that of the offer old"):
        an_offer(database, brand, "new", shared_code="KEVAT20")
    database.run(offers.end, brand.brand_id, "old", actor=COMMAND)
    assert an_offer(database, brand, "new", shared_code="KEVAT20").shared_code == "KEVAT20"
    assert offering(database, brand, "old").shared_code is None


def test_whoever_says_a_shared_code_gets_one_copy(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    an_offer(database, brand, shared_code="KEVAT20")
    asked = given(brand, aino.member_id)
    first = database.run(coupons.issue_shared, " kevat 20", asked)
    assert database.run(coupons.issue_shared, "KEVAT20", asked) == first
    with_coupon(database, brand, first.code, coupons.redeem, use("u1"))
    with pytest.raises(MemberLimit, match="Each customer gets this offer once"):
        database.run(coupons.issue_shared, "KEVAT20", asked)
    with pytest.raises(Refusal, match="We do not know this code"):
        database.run(coupons.issue_shared, "SYKSY", asked)


def test_a_quota_counts_the_copies_that_are_out(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    an_offer(database, brand, quota=2)
    first = a_coupon(database, brand, aino.member_id)
    a_coupon(database, brand, aino.member_id)
    with pytest.raises(QuotaUsed, match="All coupons of this offer have been given out"):
        a_coupon(database, brand, aino.member_id)
    for _ in range(2):  # taken back twice, it comes back once
        database.run(coupons.withdraw, first)
    assert now(database, brand, first.code).state == "void"
    a_coupon(database, brand, aino.member_id)
    with pytest.raises(QuotaUsed):
        a_coupon(database, brand, aino.member_id)
    an_offer(database, brand, quota=3)
    a_coupon(database, brand, aino.member_id)
    assert offering(database, brand).issued == 3


def test_a_member_gets_as_many_as_one_may_have(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    an_offer(database, brand, per_member=2)
    given_back = a_coupon(database, brand, aino.member_id)
    a_coupon(database, brand, aino.member_id)
    with pytest.raises(MemberLimit, match="gets this offer 2 times"):
        a_coupon(database, brand, aino.member_id)
    database.run(coupons.reverse, given_back)
    assert now(database, brand, given_back.code).state == "reversed"
    a_coupon(database, brand, aino.member_id)
    with database.write() as connection:
        mikko = a_member(connection, brand, "Mikko")
    a_coupon(database, brand, mikko.member_id)


def test_an_offer_that_has_ended_gives_no_copies_but_those_that_are_out_can_be_used(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    an_offer(database, brand)
    coupon = a_coupon(database, brand, aino.member_id)
    database.run(offers.end, brand.brand_id, "spring", actor=COMMAND)
    with pytest.raises(OfferEnded, match="This offer has ended"):
        a_coupon(database, brand, aino.member_id)
    with_coupon(database, brand, coupon.code, coupons.redeem, use("u1"))


def test_an_offer_gives_no_copies_after_its_last_day(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    an_offer(database, brand, validity={"last_day": "2026-11-26"})
    driven_clock.set_to(datetime(2026, 11, 26, 21, 59, tzinfo=UTC))
    coupon = a_coupon(database, brand, aino.member_id)
    driven_clock.advance(timedelta(minutes=2))
    with pytest.raises(OfferEnded):
        a_coupon(database, brand, aino.member_id)
    assert now(database, brand, coupon.code).state == "expired"
    with pytest.raises(Refusal) as refused:
        with_coupon(database, brand, coupon.code, coupons.redeem, use("u1"))
    assert refused.value.code == "coupon_expired"  # the grace week is for rewards


def test_a_coupon_given_early_opens_on_its_first_day(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    an_offer(database, brand, validity={"first_day": "2026-12-01", "days": 0})
    coupon = a_coupon(database, brand, aino.member_id)
    with pytest.raises(Refusal) as refused:
        with_coupon(database, brand, coupon.code, coupons.redeem, use("u1"))
    assert refused.value.code == "not_yet_valid"
    assert refused.value.say.say("en") == "This coupon is good from 1 December 2026 on."
    driven_clock.set_to(datetime(2026, 11, 30, 22, 0, tzinfo=UTC))
    with_coupon(database, brand, coupon.code, coupons.redeem, use("u1"))


def test_another_brands_offers_are_not_seen(database: Database, brand: Brand) -> None:
    an_offer(database, brand)
    with database.write() as connection:
        other = a_brand(connection, "Rove")
    with database.read() as connection:
        assert offers.list_(connection, other.brand_id) == ()
        with pytest.raises(Refusal) as refused:
            offers.get(connection, other.brand_id, "spring")
    assert refused.value.code == "unknown_offer"
