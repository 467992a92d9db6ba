"""What happens at the counter of a florist."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from wallet_service import clock, enrolment, idempotency, programme, sales
from wallet_service.audit import COMMAND
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal
from wallet_service.ledger import tables as ledger_tables
from wallet_service.phones import issued, news
from wallet_service.programme import Stamps
from wallet_service.programme.tables import programme_version
from wallet_service.sales import Sale, StampsTold


def sentence(database: Database, who: Enrolled, language: str = "en") -> str:
    with database.read() as connection:
        return news.latest(connection, who.member_id, 1)[0].words[language]


def version(database: Database, who: Enrolled) -> int:
    with database.read() as connection:
        return issued.of_member(connection, who.member_id)[0].version


def test_a_stamp_says_how_many_there_are_and_how_many_are_missing(
    till: Any, aino: Enrolled, database: Database
) -> None:
    before = version(database, aino)
    answer = till.stamp(aino, 7)

    assert answer.news.say("en") == "7 of 10. Three more and the bouquet is on us."
    assert answer.stamps == Stamps(have=7, of=10)
    assert sentence(database, aino) == answer.news.say("en")
    assert version(database, aino) == before + 1
    assert till.scan(aino).say.say("en") == "Three more and the bouquet is on us."
    assert till.books(aino) == ()


def test_a_receipt_scanned_twice_earns_once_and_the_phone_changes_once(
    till: Any, aino: Enrolled, database: Database
) -> None:
    first = till.sale(aino, 1250, "r-17")
    changed = version(database, aino)
    again = till.sale(aino, 1250, "r-17")

    assert (first.repeated, again.repeated) == (False, True)
    assert again.balances == first.balances
    assert again.earned == first.earned
    assert again.news == first.news
    assert again.balances["points"].available == 12
    assert version(database, aino) == changed


def test_a_repeat_gives_the_answer_of_that_time(till: Any, aino: Enrolled) -> None:
    filled = till.stamp(aino, 10, "e1")
    till.use(filled.coupons[0].code)
    till.stamp(aino, 3)

    again = till.stamp(aino, 10, "e1")

    assert again.coupons == filled.coupons
    assert again.coupons[0].state == "issued"
    assert again.stamps == Stamps(have=10, of=10)
    assert till.scan(aino).stamps == Stamps(have=3, of=10)


def test_a_small_purchase_gives_points_and_a_very_small_one_nothing(
    till: Any, aino: Enrolled, database: Database
) -> None:
    points = till.sale(aino, 450)
    assert points.news.say("en") == "4 points more, 4 in all."
    changed = version(database, aino)

    nothing = till.sale(aino, 50)

    assert nothing.earned == ()
    assert version(database, aino) == changed
    assert sentence(database, aino) == "4 points more, 4 in all."
    assert till.books(aino) == ()


def test_the_tenth_stamp_is_a_bouquet_and_the_card_shows_full_until_the_next(
    till: Any, aino: Enrolled
) -> None:
    till.stamp(aino, 9)
    full = till.stamp(aino)

    assert full.news.say("en") == "10 of 10. A bouquet is on us."
    assert [each.name.say("fi") for each in full.coupons] == ["Kimppu"]
    assert full.brought == (full.coupons[0].code,)
    assert full.balances["stamps"].available == 0
    assert till.scan(aino).stamps == Stamps(have=10, of=10)
    assert till.scan(aino).say.say("en") == "A bouquet is on us."

    onward = till.stamp(aino)
    assert onward.stamps == Stamps(have=1, of=10)
    assert till.books(aino) == ()


def test_stamps_over_the_edge_go_on_to_the_next_card(till: Any, aino: Enrolled) -> None:
    till.stamp(aino, 8)
    answer = till.stamp(aino, 15)

    assert len(answer.brought) == 2
    assert answer.balances["stamps"].available == 3
    assert answer.news.say("en") == "Full. 2 coupons to use. 3 of 10 on the next."
    assert till.books(aino) == ()


def test_a_used_coupon_leaves_the_card_and_says_so(till: Any, aino: Enrolled) -> None:
    code = till.stamp(aino, 10).coupons[0].code

    used = till.use(code, "r1")

    assert used.news.say("en") == "Used: A bouquet. 0 of 10 stamps."
    assert used.stamps == Stamps(have=0, of=10)
    assert till.scan(aino).coupons == ()
    with pytest.raises(Refusal) as refused:
        till.use(code, "r2")
    assert refused.value.code == "already_redeemed"
    assert refused.value.facts["location_name"] == "Kielo, Kallio"
    assert "in Kielo, Kallio" in refused.value.say.say("en")


def test_an_undone_stamp_is_as_if_it_had_not_been(
    till: Any, aino: Enrolled, database: Database
) -> None:
    till.stamp(aino, 6)
    till.stamp(aino, 1, "mistake")

    undone = till.undo("mistake")
    again = till.undo("mistake")

    assert undone.news.say("en") == "Corrected: 6 of 10 stamps."
    assert undone.balances["stamps"].lifetime == 6
    assert again.repeated
    assert again.balances == undone.balances
    assert till.books(aino) == ()
    # The till's message of the stamp itself, sent again, does not bring it back.
    assert till.stamp(aino, 1, "mistake").repeated
    assert till.scan(aino).stamps == Stamps(have=6, of=10)


def test_undoing_the_tenth_stamp_takes_the_coupon_back(till: Any, aino: Enrolled) -> None:
    till.stamp(aino, 9)
    code = till.stamp(aino, 1, "tenth").coupons[0].code

    undone = till.undo("tenth")

    assert undone.stamps == Stamps(have=9, of=10)
    assert undone.coupons == ()
    with pytest.raises(Refusal) as refused:
        till.use(code)
    assert refused.value.code == "coupon_void"
    assert till.books(aino) == ()


def test_a_stamp_whose_bouquet_was_used_cannot_be_undone(till: Any, aino: Enrolled) -> None:
    till.stamp(aino, 9, "nine")
    code = till.stamp(aino, 1, "tenth").coupons[0].code
    till.use(code, "bouquet")

    for event in ("tenth", "nine"):
        with pytest.raises(Refusal) as refused:
            till.undo(event)
        assert refused.value.code == "coupon_used"
    # The use itself may be undone, and then the stamp.
    till.undo("bouquet")
    assert till.scan(aino).stamps == Stamps(have=10, of=10)
    assert till.undo("tenth").stamps == Stamps(have=9, of=10)
    assert till.books(aino) == ()


def test_undoing_an_old_stamp_takes_back_the_bouquet_that_it_helped_to_fill(
    till: Any, aino: Enrolled
) -> None:
    till.stamp(aino, 4, "old")
    till.stamp(aino, 6)
    till.stamp(aino, 2)

    undone = till.undo("old")

    assert undone.balances["stamps"].available == 8
    assert undone.coupons == ()
    assert till.books(aino) == ()


def test_undoing_a_stamp_that_others_make_up_for_leaves_a_bouquet(
    till: Any, aino: Enrolled
) -> None:
    till.stamp(aino, 9)
    till.stamp(aino, 1, "tenth")
    till.stamp(aino, 1)

    undone = till.undo("tenth")

    assert [each.state for each in undone.coupons] == ["issued"]
    assert undone.balances["stamps"].available == 0
    assert till.books(aino) == ()


def test_an_undone_sale_gives_its_used_coupon_back(till: Any, aino: Enrolled) -> None:
    code = till.stamp(aino, 10).coupons[0].code
    sold = till.sale(aino, 2500, "s1", redeem=(code,))
    assert sold.applied == (code,)
    assert sold.news.say("en") == "Used: A bouquet. 1 of 10 stamps."

    undone = till.undo("s1")

    assert [each.code for each in undone.coupons] == [code]
    assert undone.balances["points"].available == 0
    assert till.use(code).coupon.state == "redeemed"
    assert till.books(aino) == ()


def test_what_was_never_told_cannot_be_undone(till: Any, aino: Enrolled) -> None:
    with pytest.raises(Refusal) as refused:
        till.undo("nothing")
    assert refused.value.code == "unknown_sale"


def test_another_tills_receipt_of_the_same_number_is_another_sale(
    till: Any, aino: Enrolled, database: Database
) -> None:
    till.sale(aino, 1000, "17")
    elsewhere = replace(till.counter, source="till:2")
    sale = Sale(sale_id="17", amount=2000, currency="EUR", code=aino.code)
    database.run(sales.record, elsewhere, sale)
    assert till.scan(aino).balances["points"].available == 30


def test_a_sale_of_the_day_before_joining_counts_and_an_older_one_does_not(
    till: Any, aino: Enrolled, database: Database
) -> None:
    now = clock.now()
    recent = till.sale(aino, 1000, occurred_at=now - timedelta(hours=23))
    assert recent.balances["points"].available == 10
    with database.read() as connection:
        [row] = connection.execute(sa.select(ledger_tables.entry)).all()
    assert row.rule_version == 1

    with pytest.raises(Refusal) as refused:
        till.sale(aino, 1000, occurred_at=now - timedelta(hours=25))
    assert refused.value.code == "before_joining"


def test_a_late_sale_earns_by_the_rules_of_its_day(
    till: Any, aino: Enrolled, database: Database, driven_clock: Any
) -> None:
    driven_clock.advance(timedelta(days=365))
    with database.write() as connection:
        rules = programme.of_brand(connection, till.counter.brand_id)
        florist = _toml(connection, rules.programme_id)
        changed = florist.replace("per = 100", "per = 50")
        programme.apply(connection, till.counter.brand_id, changed)
    told = clock.now() - timedelta(minutes=5)
    driven_clock.advance(timedelta(minutes=10))

    assert till.sale(aino, 1000, occurred_at=told).earned[1].amount == 10
    assert till.sale(aino, 1000).earned[1].amount == 20


def test_a_tills_clock_may_run_a_little_fast_but_not_an_hour(till: Any, aino: Enrolled) -> None:
    till.stamp(aino, occurred_at=clock.now() + timedelta(minutes=4))
    with pytest.raises(Refusal) as refused:
        till.stamp(aino, occurred_at=clock.now() + timedelta(hours=1))
    assert refused.value.code == "in_the_future"


def test_one_who_was_erased_earns_nothing(till: Any, aino: Enrolled, database: Database) -> None:
    code = till.stamp(aino, 10).coupons[0].code
    database.run(enrolment.erase, till.counter.brand_id, aino.member_id, actor=COMMAND)
    for attempt in (lambda: till.stamp(aino), lambda: till.use(code)):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.code in ("ended_card", "member_left")


def test_nothing_personal_is_kept_in_an_answer(
    till: Any, aino: Enrolled, database: Database
) -> None:
    till.stamp(aino, 10)
    with database.read() as connection:
        [row] = connection.execute(sa.select(idempotency.told)).all()
    assert "Aino" not in str(row.answer)
    assert aino.code not in str(row.answer)


def test_the_last_stamp_is_the_last_that_stands(till: Any, aino: Enrolled) -> None:
    def last() -> str | None:
        with till.database.read() as connection:
            found = sales.last_stamp(connection, aino.member_id)
        return found[0] if found else None

    assert last() is None
    till.stamp(aino, 1, "one")
    till.stamp(aino, 1, "two")
    assert last() == "two"
    till.undo("two")
    assert last() == "one"


def test_a_member_may_be_named_by_id_and_a_card_of_somebody_else_is_noticed(
    till: Any, aino: Enrolled, enrol: Callable[..., Enrolled], database: Database
) -> None:
    mikko = enrol("Mikko")
    by_id = StampsTold(event_id="e1", member_id=aino.member_id)
    database.run(sales.stamp, till.counter, by_id)
    assert till.scan(aino).stamps == Stamps(have=1, of=10)
    crossed = StampsTold(event_id="e2", member_id=aino.member_id, code=mikko.code)
    with pytest.raises(Refusal) as refused:
        database.run(sales.stamp, till.counter, crossed)
    assert refused.value.code == "unknown_member"


def test_no_two_sentences_in_a_row_are_the_same(
    till: Any, aino: Enrolled, database: Database
) -> None:
    till.stamp(aino, 10, "a")
    till.stamp(aino, 10, "b")
    till.undo("b")
    till.stamp(aino, 10, "c")
    for each in till.scan(aino).coupons:
        till.use(each.code, f"use {each.code}")
        till.undo(f"use {each.code}")
        till.use(each.code)
    with database.read() as connection:
        told = [each.words["en"] for each in news.latest(connection, aino.member_id, 99)]
    assert all(one != other for one, other in pairwise(told)), told


def _toml(connection: Any, programme_id: str) -> str:
    return connection.execute(
        sa.select(programme_version.c.toml).where(programme_version.c.programme_id == programme_id)
    ).scalar_one()


def test_a_till_knows_what_it_did_last_and_what_it_took_back(
    till: Any, aino: Enrolled, enrol: Callable[..., Enrolled], database: Database
) -> None:
    mikko = enrol("Mikko")
    full = till.stamp(aino, 10, "a-1")
    till.use(full.brought[0], "b-1")
    till.stamp(mikko, 1, "c-1")
    till.undo("c-1")
    elsewhere = replace(till, counter=replace(till.counter, source="till:2"))
    elsewhere.stamp(mikko, 1, "d-1")

    with database.read() as connection:
        taken_back, used, filled = sales.lately(connection, till.counter)
        assert sales.deed(connection, till.counter, "b-1") == used
        assert sales.deed(connection, till.counter, "d-1") is None
        assert sales.deed(connection, till.counter, "void\nc-1") is None
        assert [each.event_id for each in sales.lately(connection, till.counter, 1)] == ["c-1"]
    assert (filled.brought, filled.code, filled.undone) == (full.brought[0], aino.code, False)
    assert used.coupon is not None
    assert used.coupon.code == full.brought[0]
    assert (taken_back.code, taken_back.undone) == (mikko.code, True)
