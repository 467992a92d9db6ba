"""Applying a programme: versions, and the one that held at a moment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import a_brand

from wallet_service import programme
from wallet_service.db import Database

FLORIST = (Path(__file__).parents[2] / "templates/programmes/florist.toml").read_text()
GENEROUS = FLORIST.replace("purchase_min = 500", "purchase_min = 300")


def test_the_same_rules_applied_again_are_the_same_version(
    database: Database, driven_clock: Any
) -> None:
    with database.write() as connection:
        brand = a_brand(connection)
        first = programme.apply(connection, brand.brand_id, FLORIST)
        # A comment is no rule.
        again = programme.apply(connection, brand.brand_id, "# Hello\n" + FLORIST)
        changed = programme.apply(connection, brand.brand_id, GENEROUS)
        back = programme.apply(connection, brand.brand_id, FLORIST)

        assert (first.version, again.version, changed.version, back.version) == (1, 1, 2, 3)
        assert programme.current(connection, first.programme_id) == back
        assert programme.of_brand(connection, brand.brand_id) == back
        assert programme.by_key(connection, brand.brand_id, "kielo") == back


def test_a_moment_has_the_rules_of_its_time_and_the_first_ones_before(
    database: Database, driven_clock: Any
) -> None:
    with database.write() as connection:
        brand = a_brand(connection)
        start = driven_clock.now()
        driven_clock.advance(timedelta(days=30))
        later = programme.apply(connection, brand.brand_id, GENEROUS)

        def version_at(days: float) -> int:
            return programme.at(
                connection, later.programme_id, start + timedelta(days=days)
            ).version

        assert [version_at(days) for days in (-400, 0, 29.9, 30, 31)] == [1, 1, 1, 2, 2]


def test_a_programme_that_does_not_exist_is_not_found(sqlite_database: Database) -> None:
    with sqlite_database.read() as connection:
        for ask in (
            lambda: programme.current(connection, "none"),
            lambda: programme.of_brand(connection, "none"),
            lambda: programme.by_key(connection, "none", "kielo"),
        ):
            with pytest.raises(LookupError):
                ask()
