"""Sessions: they end by themselves, by a button, and everywhere at once; and old rows go."""

from datetime import timedelta
from types import ModuleType

import pytest
import sqlalchemy as sa
from factories import a_brand, a_cashier

from wallet_service import access, clock
from wallet_service.access import attempts, challenges, invitations, sessions, tables
from wallet_service.access.accounts import Account
from wallet_service.brands import Brand, levels
from wallet_service.db import Database
from wallet_service.keys import Keyring
from wallet_service.phones import device_log


def begin(database: Database, account: Account) -> str:
    return database.run(
        sessions.begin, account.account_id, factors="passkey", browser="a browser of the tests"
    )


def is_in(database: Database, token: str) -> bool:
    with database.read() as connection:
        return access.enter(connection, token) is not None


def put_level(database: Database, brand: Brand, name: str) -> levels.Level:
    with database.write() as connection:
        connection.execute(
            sa.text("UPDATE brand SET security_level = :name WHERE brand_id = :id"),
            {"name": name, "id": brand.brand_id},
        )
    return levels.level(name)


@pytest.mark.parametrize("name", ["shop", "chain", "strict"])
def test_a_session_ends_when_nobody_touched_it_and_after_a_longer_while_in_any_case(
    database: Database, brand: Brand, anna: Account, driven_clock: ModuleType, name: str
) -> None:
    level = put_level(database, brand, name)
    token = begin(database, anna)
    driven_clock.advance(level.session_idle)
    assert is_in(database, token)
    driven_clock.advance(timedelta(seconds=1))
    assert not is_in(database, token)

    token = begin(database, anna)
    left = level.session_lasts
    while left > timedelta():
        step = min(left, level.session_idle / 2)
        driven_clock.advance(step)
        left -= step
        with database.write() as connection:
            session = sessions.of_token(connection, token)
            assert session is not None
            sessions.touch(connection, session)
    assert is_in(database, token)
    driven_clock.advance(timedelta(seconds=1))
    assert not is_in(database, token)


def test_the_strictest_of_her_brands_says_how_long(
    database: Database, brand: Brand, anna: Account, driven_clock: ModuleType
) -> None:
    with database.write() as connection:
        rove = a_brand(connection, "Rove")
        person = a_cashier(connection, rove, "Anna V.")
        link = invitations.invite(connection, rove, person, anna.email)
        invitations.accept_as(connection, link, anna)
    strict = put_level(database, rove, "strict")
    token = begin(database, anna)
    driven_clock.advance(strict.session_idle + timedelta(seconds=1))
    assert not is_in(database, token)


def test_ended_is_ended(database: Database, anna: Account) -> None:
    here, there = begin(database, anna), begin(database, anna)
    with database.read() as connection:
        mine = sessions.of_token(connection, here)
    assert mine is not None
    database.run(sessions.end_all, anna.account_id, but=mine.session_id)
    assert (is_in(database, here), is_in(database, there)) == (True, False)
    database.run(sessions.end, mine.session_id)
    assert not is_in(database, here)


@pytest.mark.parametrize("token", ["", "x", "ä", "\ud800", "x" * 5_000])
def test_a_token_that_is_none_is_nobodys(database: Database, anna: Account, token: str) -> None:
    begin(database, anna)
    assert not is_in(database, token)


def rows(database: Database, table: sa.Table) -> int:
    with database.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_what_is_over_for_long_enough_is_forgotten(
    database: Database, keyring: Keyring, brand: Brand, anna: Account, driven_clock: ModuleType
) -> None:
    begin(database, anna)
    with database.write() as connection:
        challenges.begin(connection, "code", lasts=timedelta(minutes=5))
        attempts.count(connection, attempts.subject(keyring, "password", "nobody@kielo.example"))
        invitations.invite(connection, brand, a_cashier(connection, brand), "sanna@kielo.example")
        device_log.keep(connection, ["something went wrong"])
    everything = (tables.session, tables.challenge, tables.attempt, tables.staff_invitation,
                  device_log.device_log)  # fmt: skip

    def left_after(time: timedelta) -> list[int]:
        driven_clock.advance(time)
        for tidy in (access.tidy, device_log.tidy):
            database.run(tidy, clock.now())
        return [rows(database, table) for table in everything]

    level = brand.level
    assert left_after(timedelta(minutes=4)) == [1, 1, 1, 1, 1]
    assert left_after(timedelta(minutes=1)) == [1, 0, 1, 1, 1]
    assert left_after(timedelta(days=1)) == [1, 0, 0, 1, 1]
    assert left_after(level.device_log_kept) == [1, 0, 0, 1, 0]
    assert left_after(level.sign_ins_kept - level.device_log_kept) == [0, 0, 0, 1, 0]
    assert left_after(level.invitation_lasts) == [0, 0, 0, 0, 0]


def test_a_stricter_brand_remembers_sign_ins_for_longer_and_phones_logs_for_less(
    database: Database, brand: Brand, anna: Account, driven_clock: ModuleType
) -> None:
    strict = put_level(database, brand, "strict")
    begin(database, anna)
    with database.write() as connection:
        device_log.keep(connection, ["something went wrong"])
    driven_clock.advance(strict.device_log_kept + timedelta(seconds=1))
    for tidy in (access.tidy, device_log.tidy):
        database.run(tidy, clock.now())
    assert rows(database, device_log.device_log) == 0
    driven_clock.advance(timedelta(days=300))
    database.run(access.tidy, clock.now())
    assert rows(database, tables.session) == 1
