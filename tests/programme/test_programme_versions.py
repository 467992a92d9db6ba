"""Applying a programme: versions, and the one that held at a moment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factories import a_brand

from wallet_service import audit, programme
from wallet_service.db import Database
from wallet_service.programme import versions

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


TWELVE = FLORIST.replace("card = 10", "card = 12").replace("cost = 10", "cost = 12")


def test_running_cards_follow_from_the_version_of_which_the_owner_said_so(
    database: Database,
) -> None:
    with database.write() as connection:
        brand = a_brand(connection)
        first = programme.apply(connection, brand.brand_id, FLORIST)
        dearer = programme.apply(connection, brand.brand_id, TWELVE)
        assert not dearer.also_running
        assert programme.numbered(connection, first.programme_id, 1) == first
        with pytest.raises(LookupError):
            programme.numbered(connection, first.programme_id, 9)
        assert programme.running(dearer, first).rules.stamps == first.rules.stamps

        # The same file, and the word that running cards follow: a version of its own, once.
        following = programme.apply(connection, brand.brand_id, TWELVE, also_running=True)
        again = programme.apply(connection, brand.brand_id, TWELVE, also_running=True)
        assert (following.version, again.version) == (3, 3)
        assert programme.running(following, first).rules.stamps == dearer.rules.stamps

        later = programme.apply(connection, brand.brand_id, TWELVE.replace("= 500", "= 400"))
        assert (later.version, later.also_running, later.followed_from) == (4, False, 3)
        assert programme.running(later, first).rules.stamps == dearer.rules.stamps
        said = [line.say.say("en") for line in audit.read(connection, brand.brand_id, limit=9)]
        assert "The command line let running cards of Kielo card follow the new rules" in said


def test_the_currency_of_a_programme_stays(database: Database) -> None:
    with database.write() as connection:
        brand = a_brand(connection)
        first = programme.apply(connection, brand.brand_id, FLORIST)
        with pytest.raises(programme.ProgrammeFault, match="is EUR and stays so"):
            programme.apply(connection, brand.brand_id, FLORIST.replace('"EUR"', '"SEK"'))
        assert programme.current(connection, first.programme_id) == first
        assert versions.written(connection, first.programme_id) == FLORIST
        with pytest.raises(LookupError):
            versions.written(connection, "none")
