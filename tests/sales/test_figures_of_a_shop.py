"""The shop's figures: counted by its own clock, compared with what is usual, its own alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from factories import a_brand, a_member

from wallet_service import brands, clock, enrolment, sales
from wallet_service.audit import COMMAND
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.sales import Counter, Return, StampsTold, figures
from wallet_service.sales.figures import Figures

HELSINKI = ZoneInfo("Europe/Helsinki")
TUESDAY = datetime(2026, 11, 24, 14, 32, tzinfo=HELSINKI)


@pytest.fixture
def read(database: Database, till: Any, driven_clock: Any) -> Callable[..., Figures]:
    driven_clock.set_to(TUESDAY)

    def reads(now: datetime = TUESDAY) -> Figures:
        with database.read() as connection:
            return figures.read(connection, till.counter.brand_id, HELSINKI, now)

    return reads


@pytest.fixture
def regular(enrol: Callable[..., Enrolled], read: Callable[..., Figures]) -> Enrolled:
    """Somebody who joined a year ago."""
    return enrol("Vakio", joined_at=TUESDAY - timedelta(days=365))


def test_an_empty_shop_says_nothing_is_usual(read: Callable[..., Figures]) -> None:
    shown = read()
    assert not shown.has_visits
    assert (shown.stamps_today.value, shown.stamps_today.usual) == (0, None)
    assert (shown.coming.members, len(shown.days)) == (0, 14)
    assert all(each.visits.usual is None for each in shown.days)


def test_today_is_compared_with_the_same_weekday_by_this_hour(
    read: Callable[..., Figures], till: Any, regular: Enrolled
) -> None:
    for week in range(1, 5):
        morning = TUESDAY - timedelta(days=7 * week, hours=3)
        till.stamp(regular, 2, occurred_at=morning)
        till.stamp(regular, 5, occurred_at=morning + timedelta(hours=6))  # later than now
    till.stamp(regular, 3, occurred_at=TUESDAY - timedelta(hours=1))
    shown = read()
    assert (shown.stamps_today.value, shown.stamps_today.usual) == (3, 2.0)
    assert shown.stamps_today.more == 1
    assert (shown.visits_today.value, shown.visits_today.usual) == (1, 1.0)
    today = shown.days[-1]
    assert (today.day, today.is_now, today.visits.value) == (date(2026, 11, 24), True, 1)
    assert today.visits.usual == 2.0  # of a whole Tuesday


def test_with_two_weeks_of_history_nothing_is_usual_yet(
    read: Callable[..., Figures], till: Any, regular: Enrolled
) -> None:
    till.stamp(regular, 2, occurred_at=TUESDAY - timedelta(days=20))
    till.stamp(regular, 1, occurred_at=TUESDAY - timedelta(hours=1))
    assert read().stamps_today == figures.Compared(value=1, usual=None)


def test_what_was_undone_does_not_count(
    read: Callable[..., Figures], till: Any, regular: Enrolled
) -> None:
    till.stamp(regular, 2, "event", occurred_at=TUESDAY - timedelta(hours=2))
    till.stamp(regular, 1, occurred_at=TUESDAY - timedelta(hours=1))
    till.undo("event")
    shown = read()
    assert (shown.stamps_today.value, shown.visits_today.value) == (1, 1)
    assert shown.visits_this_week.value == 1


def test_goods_that_all_came_back_were_no_visit_and_some_of_them_leave_one(
    read: Callable[..., Figures], till: Any, regular: Enrolled, database: Database
) -> None:
    for sale_id, back in (("kept", None), ("some", 400), ("whole", 1000), ("bit by bit", 500)):
        till.sale(regular, 1000, sale_id, occurred_at=TUESDAY - timedelta(hours=1))
        if back is not None:
            told = Return(return_id=f"back of {sale_id}", sale_id=sale_id, amount=back)
            database.run(sales.take_back, till.counter, told)
    told = Return(return_id="the rest", sale_id="bit by bit")
    database.run(sales.take_back, till.counter, told)

    shown = read()
    assert shown.visits_today.value == shown.days[-1].visits.value == 2
    assert shown.stamps_today.value == 2


def test_a_day_is_a_day_by_the_shops_clock(
    read: Callable[..., Figures], till: Any, regular: Enrolled
) -> None:
    # A quarter past midnight in Helsinki is the evening before in London.
    till.stamp(regular, 1, occurred_at=datetime(2026, 11, 23, 22, 15, tzinfo=UTC))
    till.stamp(regular, 1, occurred_at=datetime(2026, 11, 23, 21, 45, tzinfo=UTC))
    shown = read()
    assert shown.visits_today.value == 1
    assert [each.visits.value for each in shown.days[-2:]] == [1, 1]


def test_the_day_that_lasts_25_hours_is_one_day(
    read: Callable[..., Figures], till: Any, regular: Enrolled
) -> None:
    now = datetime(2026, 10, 27, 12, tzinfo=HELSINKI)
    clock.set_to(now)
    for hour in (0, 23):  # the clock went back on Sunday the 25th at four
        till.stamp(regular, 1, occurred_at=datetime(2026, 10, 25, hour, 30, tzinfo=HELSINKI))
    shown = read(now)
    by_day = {each.day: each.visits.value for each in shown.days}
    assert by_day[date(2026, 10, 25)] == 2
    assert by_day[date(2026, 10, 24)] == by_day[date(2026, 10, 26)] == 0


def test_the_week_begins_on_monday(
    read: Callable[..., Figures], till: Any, regular: Enrolled
) -> None:
    till.stamp(regular, 1, occurred_at=datetime(2026, 11, 23, 9, tzinfo=HELSINKI))
    till.stamp(regular, 1, occurred_at=datetime(2026, 11, 22, 23, tzinfo=HELSINKI))
    assert read().visits_this_week.value == 1


def test_members_come_and_go(
    read: Callable[..., Figures], enrol: Callable[..., Enrolled], database: Database, till: Any
) -> None:
    enrol("Old", joined_at=TUESDAY - timedelta(days=100))
    gone = enrol("Gone", joined_at=TUESDAY - timedelta(days=50))
    enrol("New", joined_at=TUESDAY - timedelta(days=2))
    database.run(enrolment.erase, till.counter.brand_id, gone.member_id, actor=COMMAND)
    shown = read()
    assert shown.coming == figures.Coming(members=2, joined=1, left=1)
    months = dict(shown.months)
    assert (months[date(2026, 8, 1)], months[date(2026, 10, 1)], months[date(2026, 11, 1)]) == (
        1, 2, 2
    )  # fmt: skip
    # Before the first member there is no month to show.
    assert min(months) == date(2026, 8, 1)


def test_coupons_used_and_those_that_wait(
    read: Callable[..., Figures], till: Any, regular: Enrolled
) -> None:
    [code] = till.stamp(regular, 10).brought
    till.stamp(regular, 10)
    till.use(code)
    shown = read(TUESDAY + timedelta(minutes=1)).coupons
    assert (shown.today, shown.this_week, shown.last_week, shown.open) == (1, 1, 0, 1)


def test_another_brands_day_is_not_counted(
    read: Callable[..., Figures], database: Database, regular: Enrolled
) -> None:
    with database.write() as connection:
        rove = a_brand(connection, "Rove")
        [cafe] = brands.locations(connection, rove.brand_id)
        guest = a_member(connection, rove, "Guest")
        counter = Counter(brand_id=rove.brand_id, source="till:9", location_id=cafe.location_id)
        sales.stamp(connection, counter, StampsTold(event_id="e", code=guest.code, count=10))
    shown = read()
    assert (shown.visits_today.value, shown.coming.members, shown.coupons.open) == (0, 1, 0)
