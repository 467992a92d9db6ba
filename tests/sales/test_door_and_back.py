"""At the door again, admissions undone, and goods that come back as a till tries them out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ticketed import a_ticket

from wallet_service import clock, coupons, sales
from wallet_service.brands.levels import LEVELS, LevelName
from wallet_service.brands.roles import Role
from wallet_service.coupons import AlreadyIn, CouponState, NoAdmissionLeft
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.programme import versions
from wallet_service.sales import Return, came_back, returnable
from wallet_service.sales.returnable import ReturnNotYours, ReturnTooLate
from wallet_service.sales.tickets import admit
from wallet_service.shipped import shipped

NOON = datetime(2026, 5, 6, 9, tzinfo=UTC)
SHOP, STRICT = LEVELS[LevelName.SHOP], LEVELS[LevelName.STRICT]
FLORIST = shipped("templates", "programmes", "florist.toml").read_text()


@pytest.fixture(autouse=True)
def _noon() -> Any:
    clock.set_to(NOON)
    yield
    clock.release()


def given(database: Database, till: Any, who: Enrolled, **facts: Any) -> str:
    with database.write() as connection:
        return a_ticket(connection, till.counter.brand_id, who.member_id, **facts)


def ticket(database: Database, till: Any, code: str) -> coupons.Coupon:
    with database.read() as connection:
        return coupons.find(connection, till.counter.brand_id, code)


def test_who_was_out_comes_in_again_and_leaves_the_others_their_places(
    database: Database, till: Any, aino: Enrolled
) -> None:
    code = given(database, till, aino, admissions=4, re_entry=True)
    database.run(admit, till.counter, "door-1", code, count=2)
    back = database.run(admit, till.counter, "door-2", code, are_back=True)
    assert (back.is_return, back.left, back.news.say("en")) == (True, 2, "Welcome back.")
    assert ticket(database, till, code).admitted == 2
    with pytest.raises(NoAdmissionLeft) as refusal:
        database.run(admit, till.counter, "door-3", code, count=3, are_back=True)
    assert refusal.value.say.say("en") == "Only 2 of this ticket have been in before."


def test_a_ticket_without_re_entry_lets_nobody_back(
    database: Database, till: Any, aino: Enrolled
) -> None:
    code = given(database, till, aino, admissions=2)
    database.run(admit, till.counter, "door-1", code)
    with pytest.raises(AlreadyIn):
        database.run(admit, till.counter, "door-2", code, are_back=True)


def test_an_admission_is_undone_as_if_nobody_had_come(
    database: Database, till: Any, aino: Enrolled
) -> None:
    code = given(database, till, aino, admissions=2)
    database.run(admit, till.counter, "door-1", code, count=2)
    assert ticket(database, till, code).state is CouponState.REDEEMED
    undone = till.undo("door-1")
    assert undone.news.say("en") == "Night of roses: 2 may come in."
    assert till.undo("door-1").repeated
    found = ticket(database, till, code)
    assert (found.state, found.admitted) == (CouponState.ISSUED, 0)
    assert database.run(admit, till.counter, "door-2", code, count=2).left == 0


def test_what_a_till_did_last_names_who_came_in_and_what_came_back(
    database: Database, till: Any, aino: Enrolled
) -> None:
    counter = replace(till.counter, till_id="1")
    code = given(database, till, aino, admissions=2)
    database.run(admit, counter, "e-1", code)
    till.sale(aino, 1250, "e-0")
    database.run(sales.take_back, counter, Return(return_id="e-2", sale_id="e-0", amount=500))
    with database.read() as connection:
        found = {each.event_id: each for each in sales.lately(connection, counter)}
    assert found["e-1"].admission is not None
    assert found["e-1"].admission.left == 1
    assert found["e-1"].can_be_undone
    assert found["e-2"].back is not None
    assert found["e-2"].back.amount == 500
    assert not found["e-2"].can_be_undone


def test_a_return_is_tried_out_and_nothing_is_kept(
    database: Database, till: Any, aino: Enrolled
) -> None:
    till.sale(aino, 1250, "sale")
    before = till.scan(aino).balances
    back = Return(return_id="back", sale_id="sale")
    tried = database.run(came_back.dry, till.counter, back)
    assert (tried.is_whole, tried.amount.amount) == (True, 1250)
    assert tried.taken == {"stamps": 1, "points": 12}
    assert till.scan(aino).balances == before
    database.run(sales.take_back, till.counter, back)
    with database.read() as connection:
        kept = came_back.find(connection, till.counter.brand_id, aino.member_id, "back")
    assert kept is not None
    assert kept.taken == tried.taken
    assert kept.answer.news == tried.answer.news
    assert till.books(aino) == ()


def test_a_return_tells_the_coupons_that_go_and_those_that_are_usable_again(
    database: Database, till: Any, aino: Enrolled
) -> None:
    [old] = till.stamp(aino, 10).brought
    till.stamp(aino, 9)
    sold = till.sale(aino, 2000, "sale", redeem=(old,))
    [new] = sold.brought
    tried = database.run(came_back.dry, till.counter, Return(return_id="back", sale_id="sale"))
    assert [each.code for each in tried.usable_again] == [old]
    assert [each.coupon.code for each in tried.withdrawn] == [new]
    assert not tried.withdrawn[0].was_used


def test_what_the_policy_lets_the_member_keep_is_told(
    database: Database, till: Any, aino: Enrolled
) -> None:
    database.run(
        versions.apply,
        till.counter.brand_id,
        FLORIST + '\n[returns]\npolicy = "only_pending"\n',
    )
    till.sale(aino, 1250, "sale")
    tried = database.run(came_back.dry, till.counter, Return(return_id="back", sale_id="sale"))
    assert (tried.taken, tried.kept) == ({}, {"stamps": 1, "points": 12})


def test_goods_come_back_to_the_shop_that_sold_them_and_not_for_ever(
    database: Database, till: Any, aino: Enrolled
) -> None:
    till.sale(aino, 1250, "here")
    till.stamp(aino)
    till.sale(aino, 900, "undone")
    till.undo("undone")
    elsewhere = replace(till.counter, location_id="another", source="till:2")
    with database.read() as connection:
        found = returnable.of_card(connection, till.counter, aino.member_id, SHOP)
        assert [each.sale_id for each in found] == ["here"]
        assert returnable.of_card(connection, elsewhere, aino.member_id, SHOP) == ()
    clock.set_to(NOON + timedelta(days=31))
    with database.read() as connection:
        asked = (connection, till.counter, aino.member_id, "till:1", "here")
        assert returnable.one(*asked, SHOP).left == 1250
        with pytest.raises(ReturnTooLate):
            returnable.one(*asked, STRICT)


def test_where_no_one_may_do_harm_alone_a_cashier_takes_nothing_back() -> None:
    returnable.require_may(SHOP, Role.CASHIER)
    returnable.require_may(STRICT, Role.MANAGER)
    with pytest.raises(ReturnNotYours):
        returnable.require_may(STRICT, Role.CASHIER)
