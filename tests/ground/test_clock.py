"""The one source of time."""

from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType

import pytest

from wallet_service import clock


def test_the_clock_is_aware_and_in_utc() -> None:
    moment = clock.now()
    assert moment.tzinfo is UTC
    assert clock.seconds() - int(moment.timestamp()) in (0, 1)


def test_a_driven_clock_stands_still_until_it_is_moved(driven_clock: ModuleType) -> None:
    before = clock.now()
    assert clock.now() == before

    driven_clock.advance(timedelta(days=365))

    assert clock.now() == before + timedelta(days=365)


def test_a_moment_of_another_zone_becomes_utc(driven_clock: ModuleType) -> None:
    driven_clock.set_to(datetime(2026, 12, 24, 12, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == datetime(2026, 12, 24, 10, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(driven_clock: ModuleType) -> None:
    naive = datetime(2026, 12, 24, 12)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        driven_clock.set_to(naive)


def test_a_driven_clock_runs_on_and_never_back(driven_clock: ModuleType) -> None:
    start = clock.now()

    assert clock.drive_to(start + timedelta(days=1)) == timedelta(days=1)
    assert clock.drive_by(timedelta(hours=1)) == timedelta(hours=1)
    assert timedelta(0) <= clock.now() - start - timedelta(days=1, hours=1) < timedelta(minutes=1)

    with pytest.raises(clock.Backwards, match="only goes forward"):
        clock.drive_to(start)
    with pytest.raises(ValueError, match="time zone"):
        clock.drive_to(datetime(2030, 12, 24, 12))  # noqa: DTZ001
