"""Devices at a counter: let in once, by a code that somebody reads out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import ModuleType

import pytest
import sqlalchemy as sa
from factories import a_till

from wallet_service import clock
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand, levels, tables, tills
from wallet_service.brands.tills import Till, WrongPairingCode
from wallet_service.db import Database


@pytest.fixture
def counter(database: Database, brand: Brand) -> Till:
    with database.write() as connection:
        return a_till(connection, brand)


def a_code(database: Database, till: Till) -> str:
    with database.write() as connection:
        return tills.pairing_code(connection, till, actor=COMMAND)


def pair(database: Database, typed: str) -> str:
    """Type a code on a device; what the device keeps."""
    with database.write() as connection:
        return tills.pair(connection, typed)[1]


def who(database: Database, secret: str) -> Till | None:
    with database.read() as connection:
        return tills.by_secret(connection, secret)


def test_a_device_that_types_the_code_is_the_till_from_then_on(
    database: Database, counter: Till
) -> None:
    assert who(database, pair(database, a_code(database, counter))) == counter


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace(" ", ""), lambda code: f" {code}-"]
)
def test_a_code_may_be_typed_as_people_type(
    database: Database, counter: Till, typed: object
) -> None:
    assert callable(typed)
    assert pair(database, typed(a_code(database, counter)))


def test_o_and_zero_i_and_one_are_the_same(database: Database, counter: Till) -> None:
    code = a_code(database, counter)
    while not set(code) & set("01"):
        code = a_code(database, counter)
    assert pair(database, code.replace("0", "o").replace("1", "l"))


def test_a_code_lets_one_device_in_and_no_second(database: Database, counter: Till) -> None:
    code = a_code(database, counter)
    pair(database, code)
    with pytest.raises(WrongPairingCode):
        pair(database, code)


def test_two_devices_that_type_at_the_same_moment_do_not_both_get_in(
    database: Database, counter: Till
) -> None:
    code = a_code(database, counter)

    def try_it(_: int) -> str | None:
        try:
            return database.run(tills.pair, code)[1]
        except WrongPairingCode:
            return None

    with ThreadPoolExecutor(6) as pool:
        secrets = [secret for secret in pool.map(try_it, range(6)) if secret]
    assert len(secrets) == 1
    assert who(database, secrets[0]) == counter


def test_a_code_ends_after_ten_minutes(
    database: Database, counter: Till, driven_clock: ModuleType
) -> None:
    code = a_code(database, counter)
    driven_clock.advance(timedelta(minutes=10))
    with pytest.raises(WrongPairingCode):
        pair(database, code)


def test_a_new_code_ends_the_one_before(database: Database, counter: Till) -> None:
    first, second = a_code(database, counter), a_code(database, counter)
    with pytest.raises(WrongPairingCode):
        pair(database, first)
    assert pair(database, second)


def test_pairing_another_device_throws_the_old_one_out(database: Database, counter: Till) -> None:
    old = pair(database, a_code(database, counter))
    code = a_code(database, counter)
    assert who(database, old) == counter, "a code alone throws nobody out"

    new = pair(database, code)

    assert who(database, old) is None
    assert who(database, new) == counter


@pytest.mark.parametrize("typed", ["", "-", "0000 0000", "ÄÄÄÄ ÄÄÄÄ", "x" * 10_000, "\x00"])
def test_rubbish_lets_nobody_in(database: Database, counter: Till, typed: str) -> None:
    a_code(database, counter)
    with pytest.raises(WrongPairingCode) as refused:
        pair(database, typed)
    assert refused.value.code == "wrong_pairing_code"


@pytest.mark.parametrize("secret", ["", ".", "ä", "nobody.nothing"])
def test_a_secret_that_is_none_is_nobodys(database: Database, counter: Till, secret: str) -> None:
    assert who(database, secret) is None
    assert who(database, f"{counter.till_id}.{secret}") is None


def test_an_unpaired_till_is_not_opened_by_an_empty_secret(
    database: Database, counter: Till
) -> None:
    assert who(database, f"{counter.till_id}.") is None


def test_neither_code_nor_secret_can_be_read_from_the_table(
    database: Database, counter: Till
) -> None:
    secret = pair(database, a_code(database, counter))
    code = a_code(database, counter)
    with database.read() as connection:
        row = connection.execute(sa.select(tables.till)).one()
    assert secret.partition(".")[2] not in str(row)
    assert code.replace(" ", "") not in str(row)


def test_what_a_till_tells_us_is_told_apart_by_its_name_for_itself(
    database: Database, brand: Brand, counter: Till
) -> None:
    with database.write() as connection:
        other = a_till(connection, brand, "Back door")
        listed = tills.of(connection, brand.brand_id)
    assert listed == (counter, other)
    assert counter.source != other.source


def now_at(database: Database, counter: Till) -> Till:
    with database.read() as connection:
        return tills.of(connection, counter.brand_id)[0]


def test_who_takes_over_a_till_is_there_until_it_is_left(database: Database, counter: Till) -> None:
    level = levels.level("shop")
    assert not now_at(database, counter).is_on(level, clock.now())

    database.run(tills.begin_shift, counter, "sanna")
    database.run(tills.begin_shift, counter, "otto")
    taken = now_at(database, counter)
    assert (taken.shift, taken.shift_staff_id) == (counter.shift + 2, "otto")
    assert taken.is_on(level, clock.now())

    database.run(tills.end_shift, counter)
    assert now_at(database, counter).shift_staff_id is None
    assert not now_at(database, counter).is_on(level, clock.now())


@pytest.mark.parametrize("name", ["shop", "chain", "strict"])
def test_how_long_a_shift_waits_and_lasts_is_the_levels_matter(
    database: Database, counter: Till, driven_clock: ModuleType, name: str
) -> None:
    level = levels.level(name)
    database.run(tills.begin_shift, counter, "sanna")
    driven_clock.advance(level.till_idle)
    assert now_at(database, counter).is_on(level, clock.now())
    driven_clock.advance(timedelta(seconds=1))
    assert not now_at(database, counter).is_on(level, clock.now())
    assert now_at(database, counter).shift_staff_id == "sanna", "she only has to show her PIN"

    database.run(tills.begin_shift, counter, "sanna")
    for _ in range(int(level.shift_lasts / timedelta(minutes=4))):
        driven_clock.advance(timedelta(minutes=4))
        database.run(tills.touch, now_at(database, counter))
    assert now_at(database, counter).is_on(level, clock.now())
    driven_clock.advance(timedelta(minutes=1))
    assert not now_at(database, counter).is_on(level, clock.now())


def test_a_late_touch_of_whoever_was_here_keeps_nobody_on(
    database: Database, counter: Till, driven_clock: ModuleType
) -> None:
    database.run(tills.begin_shift, counter, "sanna")
    sannas = now_at(database, counter)
    database.run(tills.begin_shift, counter, "otto")
    otto = now_at(database, counter)
    driven_clock.advance(timedelta(minutes=5))
    database.run(tills.touch, sannas)
    assert now_at(database, counter) == otto
    database.run(tills.end_shift, counter)
    database.run(tills.touch, otto)
    assert not now_at(database, counter).is_on(levels.level("shop"), clock.now())


def test_pairing_another_device_ends_the_shift(database: Database, counter: Till) -> None:
    database.run(tills.begin_shift, counter, "sanna")
    pair(database, a_code(database, counter))
    assert now_at(database, counter).shift_staff_id is None
