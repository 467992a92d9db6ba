"""What time alone does in the books: it confirms, it ends, and it warns before that, once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from ledger_books import WHY, event, gain, points, spend, with_rules

from wallet_service import ledger, members
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.ledger import Balance, jobs, tables
from wallet_service.ledger.daytime import daytime
from wallet_service.phones import news
from wallet_service.phones.tables import issued_pass

NEW_YEAR = datetime(2026, 12, 31, 22, tzinfo=UTC)  # midnight in Helsinki
IN_A_FORTNIGHT = datetime(2026, 12, 9, 22, tzinfo=UTC)


def said(database: Database, member_id: str) -> list[str]:
    with database.read() as connection:
        return [each.words["en"] for each in news.latest(connection, member_id, 20)][:-1]


def test_pending_points_count_when_the_time_for_returns_is_over(
    database: Database, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        gain(
            connection,
            aino.member_id,
            "s1",
            12,
            confirm_at=IN_A_FORTNIGHT,
            expires_at=NEW_YEAR,
            location_id="kallio",
        )
        assert points(connection, aino.member_id) == Balance(pending=12, lifetime=12)
    driven_clock.advance(timedelta(days=14))
    assert jobs.confirm(database, driven_clock.now()) == 0
    driven_clock.advance(timedelta(days=1))
    assert jobs.confirm(database, driven_clock.now()) == 1
    assert jobs.confirm(database, driven_clock.now()) == 0
    with database.write() as connection:
        assert points(connection, aino.member_id) == Balance(available=12, lifetime=12)
        lot = connection.execute(sa.select(tables.lot).where(tables.lot.c.remaining > 0)).one()
        assert (lot.location_id, lot.expires_at, lot.funder) == ("kallio", NEW_YEAR, "brand")
        assert ledger.verify(connection, aino.member_id) == ()


def test_a_return_takes_what_is_pending_first_and_after_that_what_was_confirmed_of_it(
    database: Database, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        gain(connection, aino.member_id, "s0", 50, expires_at=IN_A_FORTNIGHT)
        bought = gain(connection, aino.member_id, "s1", 12, confirm_at=NEW_YEAR)
        ledger.reverse(
            connection,
            aino.member_id,
            bought.number,
            event("v1"),
            why=WHY,
            amounts={"points": 5},
            policy="only_pending",
        )
        assert points(connection, aino.member_id) == Balance(available=50, pending=7, lifetime=57)
        driven_clock.set_to(NEW_YEAR)
        ledger.confirm_due(connection, aino.member_id, driven_clock.now())
        ledger.reverse(
            connection, aino.member_id, bought.number, event("v2"), why=WHY, policy="unlimited"
        )
        # The fifty would end sooner, but these seven are taken from where they came to.
        assert points(connection, aino.member_id) == Balance(available=50, lifetime=50)
        lots = connection.execute(sa.select(tables.lot).where(tables.lot.c.remaining > 0)).all()
        assert [lot.remaining for lot in lots] == [50]
        assert ledger.verify(connection, aino.member_id) == ()


def test_exactly_the_points_that_have_ended_go_and_old_uses_take_nothing_more(
    database: Database, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        gain(connection, aino.member_id, "s1", 10, expires_at=IN_A_FORTNIGHT)
        gain(connection, aino.member_id, "s2", 10, expires_at=NEW_YEAR)
        spend(connection, aino.member_id, "r1", 8)
    driven_clock.set_to(IN_A_FORTNIGHT)
    assert jobs.expire(database, driven_clock.now()) == 1
    assert jobs.expire(database, driven_clock.now()) == 0
    with database.write() as connection:
        assert points(connection, aino.member_id) == Balance(available=10, lifetime=20)
        assert ledger.verify(connection, aino.member_id) == ()


def test_what_has_ended_cannot_be_taken_back_a_second_time(
    database: Database, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        bought = gain(connection, aino.member_id, "s1", 10, expires_at=IN_A_FORTNIGHT)
        gain(connection, aino.member_id, "s2", 10)
        driven_clock.set_to(IN_A_FORTNIGHT)
        ledger.expire_due(connection, aino.member_id, driven_clock.now())
        undone = ledger.reverse(
            connection, aino.member_id, bought.number, event("v1"), why=WHY, policy="unlimited"
        )
        assert undone is None
        assert points(connection, aino.member_id).available == 10


def test_all_points_end_with_absence_but_a_present_from_yesterday_stays(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        with_rules(connection, brand.brand_id, "[expiry.points]\ninactive_months = 1")
        gain(connection, aino.member_id, "s1", 10)
        members.set_seen(connection, aino.member_id, driven_clock.now())
    driven_clock.set_to(NEW_YEAR - timedelta(seconds=1))
    assert jobs.expire(database, driven_clock.now()) == 0
    with database.write() as connection:
        gain(connection, aino.member_id, "s2", 5, unit="stamps")
    driven_clock.set_to(NEW_YEAR)
    assert jobs.expire(database, driven_clock.now()) == 1
    with database.write() as connection:
        assert points(connection, aino.member_id) == Balance(available=0, lifetime=10)
        gain(connection, aino.member_id, "gift", 3)
    driven_clock.advance(timedelta(days=20))
    assert jobs.expire(database, driven_clock.now()) == 0
    with database.write() as connection:
        assert points(connection, aino.member_id).available == 3
        assert ledger.verify(connection, aino.member_id) == ()


def test_a_member_is_told_before_points_end_once_for_each_day_of_the_list(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        with_rules(connection, brand.brand_id, "[expiry.points]\nmonths = 1\nwarn_days = [30, 7]")
        gain(connection, aino.member_id, "s1", 12, expires_at=NEW_YEAR)
        before = connection.execute(sa.select(issued_pass.c.version)).scalar_one()
    assert jobs.warn(database, driven_clock.now()) == 0
    driven_clock.set_to(NEW_YEAR - timedelta(days=30))
    for _ in range(2):
        jobs.warn(database, driven_clock.now())
    assert said(database, aino.member_id) == ["12 points can be used until 31 December 2026."]
    driven_clock.set_to(NEW_YEAR - timedelta(days=7))
    for _ in range(2):
        jobs.warn(database, driven_clock.now())
    assert len(said(database, aino.member_id)) == 2
    with database.read() as connection:
        assert connection.execute(sa.select(issued_pass.c.version)).scalar_one() == before + 2


def test_a_member_whose_points_end_tomorrow_is_told_once_and_not_for_thirty_days_as_well(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        with_rules(connection, brand.brand_id, "[expiry.points]\nmonths = 1\nwarn_days = [30, 7]")
        gain(connection, aino.member_id, "s1", 12, expires_at=NEW_YEAR)
    driven_clock.set_to(NEW_YEAR - timedelta(days=1))
    assert jobs.warn(database, driven_clock.now()) == 1
    assert jobs.warn(database, driven_clock.now()) == 0
    assert len(said(database, aino.member_id)) == 1


def test_who_stays_away_is_told_before_all_of_it_ends(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        with_rules(
            connection, brand.brand_id, "[expiry.points]\ninactive_months = 1\nwarn_days = [7]"
        )
        gain(connection, aino.member_id, "s1", 10)
    driven_clock.set_to(NEW_YEAR - timedelta(days=8))
    assert jobs.warn(database, driven_clock.now()) == 0
    driven_clock.set_to(NEW_YEAR - timedelta(days=6))
    assert jobs.warn(database, driven_clock.now()) == 1
    assert jobs.warn(database, driven_clock.now()) == 0
    assert said(database, aino.member_id) == [
        "10 points until 31 December 2026; a visit before that keeps them."
    ]


def test_a_shop_that_has_turned_warnings_off_tells_nothing(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        with_rules(
            connection,
            brand.brand_id,
            "[expiry.points]\nmonths = 1\n[loyal]\nwarned_before_expiry = false",
        )
        gain(connection, aino.member_id, "s1", 12, expires_at=NEW_YEAR)
    driven_clock.set_to(NEW_YEAR - timedelta(days=1))
    assert jobs.warn(database, driven_clock.now()) == 0


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-25T00:05", "2026-11-25T09:00"),
        ("2026-11-25T12:00", "2026-11-25T12:00"),
        ("2026-11-25T21:00", "2026-11-26T09:00"),
    ],
)
def test_no_phone_sounds_at_night_for_what_the_clock_did(brand: Brand, now: str, then: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=brand.zone)
    assert daytime(at, brand.zone) == datetime.fromisoformat(then).replace(tzinfo=brand.zone)
