"""Cashiers and their PINs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import ModuleType

import pytest
import sqlalchemy as sa
from factories import KEYRING, a_brand, a_cashier

from wallet_service.brands import Brand, pin_check, staff, tables
from wallet_service.brands.pin_check import ATTEMPTS_MAX
from wallet_service.brands.staff import Staff, WeakPin
from wallet_service.db import Database
from wallet_service.keys import Keyring


@pytest.fixture
def sanna(database: Database, brand: Brand) -> Staff:
    """The cashier, whose PIN is 1234."""
    with database.write() as connection:
        return a_cashier(connection, brand, "Sanna", pin="1234")


def knocks(database: Database, who: Staff, pin: str) -> bool:
    return pin_check.check(database, KEYRING, who.brand_id, who.staff_id, pin).staff == who


def test_the_right_pin_says_who_it_is(database: Database, sanna: Staff) -> None:
    assert knocks(database, sanna, "1234")


def test_a_wrong_pin_says_so_in_words(database: Database, sanna: Staff) -> None:
    answer = pin_check.check(database, KEYRING, sanna.brand_id, sanna.staff_id, "4321")
    assert answer.staff is None
    assert answer.say is not None
    assert "not the right PIN" in answer.say.say("en")


def test_five_wrong_pins_lock_even_the_right_one_out_for_a_quarter_of_an_hour(
    database: Database, sanna: Staff, driven_clock: ModuleType
) -> None:
    for _ in range(ATTEMPTS_MAX):
        assert not knocks(database, sanna, "0000")
    assert not knocks(database, sanna, "1234")

    driven_clock.advance(timedelta(minutes=14, seconds=59))
    assert not knocks(database, sanna, "1234")
    driven_clock.advance(timedelta(seconds=2))
    assert knocks(database, sanna, "1234")


def test_four_wrong_pins_and_a_right_one_begin_anew(database: Database, sanna: Staff) -> None:
    for _ in range(3):
        for _ in range(ATTEMPTS_MAX - 1):
            assert not knocks(database, sanna, "0000")
        assert knocks(database, sanna, "1234")


def test_forty_guesses_at_once_get_no_more_tries_than_five(
    database: Database, sanna: Staff
) -> None:
    guesses = [f"{guess:04}" for guess in range(40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda pin: pin_check.check(database, KEYRING, sanna.brand_id, sanna.staff_id, pin),
                guesses,
            )
        )
    judged = [answer for answer in answers if "Too many" not in answer.say.say("en")]
    assert len(judged) == ATTEMPTS_MAX
    assert not knocks(database, sanna, "1234")


def test_one_locked_cashier_does_not_stop_the_other(
    database: Database, brand: Brand, sanna: Staff
) -> None:
    with database.write() as connection:
        ville = a_cashier(connection, brand, "Ville", pin="5678")
    for _ in range(ATTEMPTS_MAX):
        knocks(database, sanna, "0000")
    assert knocks(database, ville, "5678")


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "١٢٣٤", "1234\n", " 1234"])
def test_a_pin_is_four_to_eight_digits(database: Database, brand: Brand, pin: str) -> None:
    with pytest.raises(WeakPin), database.write() as connection:
        a_cashier(connection, brand, pin=pin)


def test_a_pin_is_nowhere_to_be_read(database: Database, sanna: Staff) -> None:
    with database.read() as connection:
        row = connection.execute(sa.select(tables.staff)).one()
    assert "1234" not in row.pin_hash
    assert row.pin_hash.startswith("$argon2id$")


def test_a_stolen_table_without_the_shops_key_does_not_open(
    database: Database, sanna: Staff
) -> None:
    thief = Keyring(["another key altogether, long enough too"])
    answer = pin_check.check(database, thief, sanna.brand_id, sanna.staff_id, "1234")
    assert answer.staff is None


def test_a_cashier_of_another_shop_is_nobody_here(database: Database, sanna: Staff) -> None:
    with database.write() as connection:
        other = a_brand(connection, name="Vuokko")
    answer = pin_check.check(database, KEYRING, other.brand_id, sanna.staff_id, "1234")
    assert answer.staff is None
    with database.read() as connection:
        assert staff.get(connection, other.brand_id, sanna.staff_id) is None


def test_those_who_work_here_are_listed_by_name(
    database: Database, brand: Brand, sanna: Staff
) -> None:
    with database.write() as connection:
        a_cashier(connection, brand, "Eero", pin="5678")
    with database.read() as connection:
        assert [each.name for each in staff.of(connection, brand.brand_id)] == ["Eero", "Sanna"]
        assert staff.get(connection, brand.brand_id, sanna.staff_id) == sanna
