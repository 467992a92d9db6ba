"""When units end and begin to count: by the shop's own days, whatever the clock does to them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet_service.programme import Ruleset, ruleset
from wallet_service.programme.ending import confirm_at, ends, idle_ends

HELSINKI = ZoneInfo("Europe/Helsinki")


def programme(text: str, zone: str = "Europe/Helsinki") -> Ruleset:
    return ruleset.read(
        f"""
key = "kahvila"
currency = "EUR"
languages = ["en"]
time_zone = "{zone}"
units = ["points"]
name = {{en = "Kahvila"}}
earn = [{{unit = "points", per = 100}}]
{text}
"""
    )


def local(moment: datetime | None, zone: ZoneInfo = HELSINKI) -> str:
    assert moment is not None
    assert moment.tzinfo is UTC
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI).astimezone(UTC)


@pytest.mark.parametrize(
    ("months", "gained", "end"),
    [
        (12, "2025-11-25 14:00", "2026-12-01 00:00"),
        (1, "2026-01-31 23:59", "2026-03-01 00:00"),  # no 31st in February
        (1, "2028-01-31 23:59", "2028-03-01 00:00"),  # nor in a leap year's
        (12, "2028-02-29 10:00", "2029-03-01 00:00"),
        (1, "2026-02-28 23:59", "2026-04-01 00:00"),  # over the night of 23 hours
        (1, "2026-09-30 23:30", "2026-11-01 00:00"),  # over the night of 25 hours
        (2, "2026-11-01 00:00", "2027-02-01 00:00"),
    ],
)
def test_units_of_months_end_with_the_month(months: int, gained: str, end: str) -> None:
    rules = programme(f"expiry.points.months = {months}")
    assert local(ends(rules, "points", at(gained))) == end
    idle = programme(f"expiry.points.inactive_months = {months}")
    assert local(idle_ends(idle, "points", at(gained))) == end


@pytest.mark.parametrize(
    ("day", "months_min", "gained", "end"),
    [
        ("12-31", 0, "2026-12-31 23:59", "2027-01-01 00:00"),
        ("12-31", 0, "2027-01-01 00:00", "2028-01-01 00:00"),
        ("12-31", 3, "2026-10-01 12:00", "2028-01-01 00:00"),
        ("02-29", 0, "2026-01-15 12:00", "2026-03-01 00:00"),  # the 28th where there is none
        ("02-29", 0, "2028-02-29 23:00", "2028-03-01 00:00"),
        ("03-29", 0, "2026-03-01 12:00", "2026-03-30 00:00"),  # that day has 23 hours
        ("10-25", 0, "2026-10-25 03:30", "2026-10-26 00:00"),  # and that one 25
    ],
)
def test_units_of_a_fixed_day_end_when_it_is_over(
    day: str, months_min: int, gained: str, end: str
) -> None:
    rules = programme(f'expiry.points = {{day_of_year = "{day}", months_min = {months_min}}}')
    assert local(ends(rules, "points", at(gained))) == end


def test_a_midnight_that_the_clock_jumps_over_is_the_end_of_the_day_all_the_same() -> None:
    # In Santiago the clock goes from 23:59 to 01:00 on that night.
    rules = programme("pending.points.days = 1", "America/Santiago")
    gained = datetime(2026, 9, 4, 12, tzinfo=ZoneInfo("America/Santiago"))
    assert local(confirm_at(rules, "points", gained), rules.zone) == "2026-09-06 01:00"


def test_units_without_a_lifetime_do_not_end_and_count_at_once() -> None:
    rules = programme("")
    now = at("2026-11-25 12:00")
    assert ends(rules, "points", now) is None
    assert idle_ends(rules, "points", now) is None
    assert confirm_at(rules, "points", now) is None
    assert ends(programme("expiry.points.inactive_months = 3"), "points", now) is None


MOMENTS = st.integers(0, 20 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["Europe/Helsinki", "America/Santiago", "Pacific/Apia", "Asia/Kolkata"])


@settings(max_examples=80)
@given(MOMENTS, ZONES, st.integers(1, 120), st.integers(1, 365))
def test_an_end_is_the_first_moment_of_a_local_day_and_later_gains_end_no_sooner(
    gained: datetime, zone: str, months: int, days: int
) -> None:
    lasting = programme(f"expiry.points.months = {months}\npending.points.days = {days}", zone)
    yearly = programme('expiry.points.day_of_year = "02-29"\n', zone)
    for rules, when in ((lasting, ends), (yearly, ends), (lasting, confirm_at)):
        end = when(rules, "points", gained)
        later = when(rules, "points", gained + timedelta(days=17, hours=5))
        assert end is not None
        assert later is not None
        assert gained < end <= later
        day = end.astimezone(rules.zone).date()
        assert (end - timedelta(seconds=1)).astimezone(rules.zone).date() < day
    whole = ends(lasting, "points", gained)
    assert whole is not None
    assert whole.astimezone(lasting.zone).day == 1


def test_a_day_pending_is_counted_by_days_and_not_by_hours() -> None:
    rules = programme("pending.points.days = 14")
    evening = datetime.combine(date(2026, 10, 20), time(23, 59), HELSINKI)
    assert local(confirm_at(rules, "points", evening)) == "2026-11-04 00:00"
