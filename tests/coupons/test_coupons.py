"""A coupon: its code, its last day, its one use."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from factories import a_brand, a_member
from hypothesis import given
from hypothesis import strategies as st

from wallet_service import coupons, ids, sales
from wallet_service.coupons import codes
from wallet_service.db import Database
from wallet_service.errors import Refusal
from wallet_service.sales import Counter, StampsTold

HELSINKI = ZoneInfo("Europe/Helsinki")


def test_a_code_is_short_has_a_check_and_is_read_however_it_is_typed() -> None:
    code = codes.new()
    assert len(code) == 12
    assert code.startswith("CP")
    body = code.removeprefix("CP")
    for typed in (code, code.lower(), body, f"{body[:5]} {body[5:]}", f" cp-{body} "):
        assert codes.normalise(typed) == code
    assert codes.normalise(code.replace("0", "O").replace("1", "l")) == code


@given(st.integers(0, 9), st.sampled_from(ids.ALPHABET))
def test_one_wrong_character_is_always_noticed(place: int, wrong: str) -> None:
    body = codes.new().removeprefix("CP")
    typed = body[:place] + wrong + body[place + 1 :]
    assert (codes.normalise(typed) is not None) == (typed == body)


@pytest.mark.parametrize("typed", ["", "CP", "CPCPCPCPCPCPCP", "€", "🌷" * 10, "\x00", "CP" * 500])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.normalise(typed) is None


@pytest.mark.parametrize(
    ("since", "days", "last_day", "ends"),
    [
        # Late at night in UTC is the next day at the shop.
        ("2026-11-25T23:30", 1, "2026-11-27", "2026-11-27T22:00"),
        ("2026-11-25T21:30", 1, "2026-11-26", "2026-11-26T22:00"),
        # Into summer time and out of it: the day ends at midnight on the wall.
        ("2027-03-27T10:00", 1, "2027-03-28", "2027-03-28T21:00"),
        ("2026-10-24T10:00", 1, "2026-10-25", "2026-10-25T22:00"),
        ("2028-02-28T10:00", 1, "2028-02-29", "2028-02-29T22:00"),
    ],
)
def test_a_coupon_is_good_to_the_end_of_its_last_day_at_the_shop(
    since: str, days: int, last_day: str, ends: str
) -> None:
    validity = coupons.good_for(days, datetime.fromisoformat(since).replace(tzinfo=UTC), HELSINKI)
    assert validity.last_day == date.fromisoformat(last_day)
    assert validity.expires_at == datetime.fromisoformat(ends).replace(tzinfo=UTC)


def test_a_coupon_without_a_term_never_ends() -> None:
    validity = coupons.good_for(None, datetime(2026, 11, 25, tzinfo=UTC), HELSINKI)
    assert (validity.last_day, validity.expires_at) == (None, None)


def test_a_reward_is_good_to_its_last_midnight_and_forgiven_for_a_week_more(
    database: Database, driven_clock: Any
) -> None:
    with database.write() as connection:
        brand = a_brand(connection)
        aino = a_member(connection, brand)
    counter = Counter(brand_id=brand.brand_id, source="till")
    told = StampsTold(event_id="e1", count=20, code=aino.code)
    one, late = database.run(sales.stamp, counter, told).coupons
    told = StampsTold(event_id="e2", count=10, code=aino.code)
    (brought,) = database.run(sales.stamp, counter, told).brought
    assert one.last_day == date(2027, 5, 24)

    driven_clock.set_to(datetime(2027, 5, 24, 23, 59, tzinfo=HELSINKI))
    assert database.run(sales.redeem, counter, "r1", one.code).coupon.state == "redeemed"

    driven_clock.set_to(datetime(2027, 5, 31, 23, 59, tzinfo=HELSINKI))
    with database.read() as connection:
        assert coupons.find(connection, brand.brand_id, late.code).state == "expired"
        offered = sales.at_the_counter(connection, brand.brand_id, aino.code).coupons
    assert {each.code for each in offered} == {late.code, brought}
    assert database.run(sales.redeem, counter, "r2", late.code).coupon.state == "redeemed"

    driven_clock.set_to(datetime(2027, 6, 1, 0, 1, tzinfo=HELSINKI))
    with pytest.raises(Refusal) as refused:
        database.run(sales.redeem, counter, "r3", brought)
    assert refused.value.code == "coupon_expired"
    assert refused.value.say.say("en") == "This coupon was good until 24 May 2027."
    with database.read() as connection:
        assert coupons.find(connection, brand.brand_id, brought).state == "expired"
        assert coupons.of_member(connection, aino.member_id, only_open=True) == ()
        assert sales.at_the_counter(connection, brand.brand_id, aino.code).coupons == ()


def test_two_cards_filled_with_the_same_words_bring_copies_of_one_offer(
    database: Database,
) -> None:
    with database.write() as connection:
        brand = a_brand(connection)
        people = [a_member(connection, brand), a_member(connection, brand, "Mikko")]
    counter = Counter(brand_id=brand.brand_id, source="till", location_id="kallio")
    given = [
        database.run(
            sales.stamp, counter, StampsTold(event_id=each.code, count=10, code=each.code)
        ).coupons[0]
        for each in people
    ]
    assert given[0].code != given[1].code
    with database.read() as connection:
        rows = connection.execute(coupons.coupon.tables.coupon.select()).all()
    assert len({row.offer_id for row in rows}) == 1
    assert {(row.location_id, row.funder) for row in rows} == {("kallio", "brand")}
