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
