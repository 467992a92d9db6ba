"""A tier ends by the clock: told before, written on the day, with the words on the pass."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from wallet_service import by_time, clock
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.phones import news
from wallet_service.programme import versions
from wallet_service.programme.tables import tier_change
from wallet_service.sales import tier_end

ZONE = ZoneInfo("Europe/Helsinki")
GUEST = """
key = "kielo"
currency = "EUR"
languages = ["en"]
time_zone = "Europe/Helsinki"
units = ["points"]
name = {en = "Guest card"}

[[earn]]
unit = "points"
per = 100
amount = 1
"""
TIERS = """
[tiers]
counts = "points"
qualifying_months = 12
holding_months = 3

[[tiers.tier]]
key = "silver"
from_total = 50
name = {en = "Silver"}

[[tiers.tier]]
key = "gold"
from_total = 100
name = {en = "Gold"}
"""


@pytest.fixture
def follow(database: Database, till: Any, driven_clock: Any) -> Callable[[str], None]:
    at(date(2027, 1, 10))

    def follows(rules: str) -> None:
        database.run(versions.apply, till.counter.brand_id, rules, also_running=True)

    return follows


def at(day: date, hour: int = 12) -> datetime:
    moment = datetime.combine(day, time(hour), ZONE).astimezone(UTC)
    clock.set_to(moment)
    return moment


def drive(database: Database, day: date, hour: int = 12) -> None:
    by_time.catch_up(database, at(day, hour))


def told(database: Database, who: Enrolled) -> list[str]:
    with database.read() as connection:
        return [each.words["en"] for each in reversed(news.latest(connection, who.member_id, 20))]


def changes(database: Database) -> list[tuple[str | None, date]]:
    with database.read() as connection:
        rows = connection.execute(sa.select(tier_change).order_by(tier_change.c.number)).all()
    return [(row.tier, row.since.astimezone(ZONE).date()) for row in rows]


def test_whoever_would_lose_a_tier_is_told_what_keeps_it_and_then_that_it_ended(
    database: Database, till: Any, enrol: Any, follow: Any
) -> None:
    follow(GUEST + TIERS)
    aino = enrol("Aino")
    till.sale(aino, 10_000)  # Gold, to the end of April
    before = len(told(database, aino))
    follow(GUEST + TIERS.replace("qualifying_months = 12", "qualifying_months = 1"))
    drive(database, date(2027, 3, 31))
    assert len(told(database, aino)) == before
    drive(database, date(2027, 4, 2))
    drive(database, date(2027, 4, 20))
    assert told(database, aino)[before:] == ["Gold until 30 April 2027; 100 points to keep it."]
    drive(database, date(2027, 4, 30), 23)
    assert changes(database) == [("gold", date(2027, 1, 10))]
    drive(database, date(2027, 5, 1), 1)
    drive(database, date(2027, 5, 2))
    assert changes(database)[1:] == [(None, date(2027, 5, 1))]
    assert told(database, aino)[before + 1 :] == ["Gold has ended. You can reach it again."]
    assert till.books(aino) == ()


def test_what_still_counts_gives_the_tier_below_or_holds_the_same_without_a_word(
    database: Database, till: Any, enrol: Any, follow: Any
) -> None:
    follow(GUEST + TIERS.replace("qualifying_months = 12", "qualifying_months = 1"))
    aino, veikko = enrol("Aino"), enrol("Veikko")
    for who in (aino, veikko):
        till.sale(who, 10_000)
    at(date(2027, 4, 5))
    till.sale(aino, 6_000)  # keeps gold to its end, and is silver's worth in the last month
    till.sale(veikko, 10_000)  # gold anew, to the end of July
    said = {who.code: len(told(database, who)) for who in (aino, veikko)}
    drive(database, date(2027, 5, 5))
    assert told(database, aino)[said[aino.code] :] == ["Gold has ended; you are Silver now."]
    assert told(database, veikko)[said[veikko.code] :] == []


def test_a_long_pause_of_the_clock_ends_all_that_ended_meanwhile_and_says_it_once(
    database: Database, till: Any, enrol: Any, follow: Any
) -> None:
    follow(GUEST + TIERS.replace("holding_months = 3", "holding_months = 8"))
    aino = enrol("Aino")
    till.sale(aino, 10_000)
    before = len(told(database, aino))
    drive(database, date(2029, 1, 1))
    assert [tier for tier, _ in changes(database)] == ["gold", "gold", None]
    assert told(database, aino)[before:] == ["Gold has ended. You can reach it again."]
    with database.read() as connection:
        assert tier_end.to_end(connection, clock.now(), 10) == ()


def test_tiers_that_the_programme_has_no_more_end_quietly(
    database: Database, till: Any, enrol: Any, follow: Any
) -> None:
    follow(GUEST + TIERS)
    aino = enrol("Aino")
    till.sale(aino, 10_000)
    follow(GUEST)
    before = told(database, aino)
    drive(database, date(2027, 5, 2))
    assert [tier for tier, _ in changes(database)] == ["gold", None]
    assert told(database, aino) == before


def test_a_tier_ends_at_midnight_by_the_shops_own_clock(
    database: Database, till: Any, enrol: Any, follow: Any
) -> None:
    follow(GUEST + TIERS.replace("qualifying_months = 12", "qualifying_months = 1"))
    till.sale(enrol("Aino"), 10_000)
    midnight = at(date(2027, 5, 1), 0)
    tier_end.end(database, midnight - timedelta(seconds=1))
    assert [tier for tier, _ in changes(database)] == ["gold"]
    tier_end.end(database, midnight)
    assert [tier for tier, _ in changes(database)] == ["gold", None]
