"""Invitations and ways back in: links that work once, for one person, and not for ever."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

import pytest
import sqlalchemy as sa
from anna import ANOTHER, PASSWORD, codes_on
from authenticator import Authenticator
from factories import a_brand, a_cashier, a_colleague, a_till
from sqlalchemy import Connection

from wallet_service import audit
from wallet_service.access import (
    accounts,
    hiring,
    invitations,
    passkeys,
    passwords,
    recovery,
    sessions,
    sign_in,
    tables,
)
from wallet_service.access.accounts import Account
from wallet_service.access.errors import (
    AccountExists,
    DeadLink,
    NotYours,
    WorksElsewhere,
    WorksHere,
)
from wallet_service.access.sign_in import CodeNeeded, SignedIn
from wallet_service.audit import COMMAND, Actor
from wallet_service.brands import Brand, levels, staff
from wallet_service.brands.roles import Role
from wallet_service.brands.staff import Staff
from wallet_service.db import Database
from wallet_service.errors import Refusal
from wallet_service.keys import Keyring

EMAIL = "sanna@kielo.example"


@pytest.fixture
def sanna(database: Database, brand: Brand) -> Staff:
    """She stands at the till, and is to sign in."""
    with database.write() as connection:
        return a_cashier(connection, brand)


@pytest.fixture
def token(database: Database, brand: Brand, sanna: Staff) -> str:
    return database.run(invitations.invite, brand, sanna, EMAIL)


def accept(database: Database, keyring: Keyring, token: str, password_hash: str) -> Account:
    return database.run(
        invitations.accept, keyring, token, name="Sanna Laine", password_hash=password_hash
    )


def test_an_invitation_says_who_is_awaited_where(
    database: Database, brand: Brand, sanna: Staff, token: str
) -> None:
    with database.read() as connection:
        for _ in range(3):  # whatever opens links, opening changes nothing
            invitation = invitations.read(connection, token)
    assert (invitation.brand, invitation.staff) == (brand, sanna)
    assert (invitation.email, invitation.account) == (EMAIL, None)


def test_taken_up_it_makes_an_account_and_is_dead(
    database: Database,
    keyring: Keyring,
    brand: Brand,
    sanna: Staff,
    token: str,
    password_hash: str,
) -> None:
    account = accept(database, keyring, token, password_hash)
    assert (account.email, account.name) == (EMAIL, "Sanna Laine")
    with database.read() as connection:
        (work,) = staff.of_account(connection, account.account_id)
        lines = [each.say.say("en") for each in audit.read(connection, brand.brand_id)]
        with pytest.raises(DeadLink):
            invitations.read(connection, token)
    assert (work.staff_id, work.name) == (sanna.staff_id, "Sanna Laine")
    assert lines[:2] == ["Sanna is called Sanna Laine now", "Sanna took up the invitation"]
    with pytest.raises(DeadLink):
        accept(database, keyring, token, password_hash)


def test_of_two_who_take_it_up_at_once_one_comes_in(
    database: Database, keyring: Keyring, token: str, password_hash: str
) -> None:
    def try_it(_: int) -> str:
        try:
            return accept(database, keyring, token, password_hash).account_id
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(try_it, range(6)))
    assert len([each for each in said if each not in ("dead_link", "account_exists")]) == 1


@pytest.mark.parametrize("name", ["shop", "chain", "strict"])
def test_how_long_it_waits_is_the_levels_matter(
    database: Database, brand: Brand, sanna: Staff, driven_clock: ModuleType, name: str
) -> None:
    with database.write() as connection:
        connection.execute(sa.text("UPDATE brand SET security_level = :name"), {"name": name})
        from wallet_service import brands

        brand = brands.get(connection, brand.brand_id)
        token = invitations.invite(connection, brand, sanna, EMAIL)
    driven_clock.advance(levels.level(name).invitation_lasts - timedelta(seconds=1))
    with database.read() as connection:
        assert invitations.read(connection, token)
        assert sanna.staff_id in invitations.awaited(connection, brand.brand_id)
    driven_clock.advance(timedelta(seconds=1))
    with database.read() as connection:
        assert not invitations.awaited(connection, brand.brand_id)
        with pytest.raises(DeadLink):
            invitations.read(connection, token)


def test_a_new_one_ends_the_one_before(
    database: Database, brand: Brand, sanna: Staff, token: str
) -> None:
    new = database.run(invitations.invite, brand, sanna, EMAIL)
    with database.read() as connection:
        assert invitations.read(connection, new)
        with pytest.raises(DeadLink):
            invitations.read(connection, token)


def test_whoever_was_let_go_is_awaited_no_more(
    database: Database, sanna: Staff, token: str
) -> None:
    database.run(staff.end, sanna, actor=COMMAND)
    with database.read() as connection, pytest.raises(DeadLink):
        invitations.read(connection, token)


def test_the_token_cannot_be_read_from_the_table(database: Database, token: str) -> None:
    assert len(token) >= 43
    with database.read() as connection:
        assert token not in str(connection.execute(sa.select(tables.staff_invitation)).all())


@pytest.mark.parametrize("odd", ["", "x", "ä", "\ud800", "x" * 5_000])
def test_what_is_no_token_opens_nothing(database: Database, token: str, odd: str) -> None:
    with database.read() as connection:
        with pytest.raises(DeadLink):
            invitations.read(connection, odd)
        with pytest.raises(DeadLink):
            recovery.read(connection, odd)


# ---- who has an account already -----------------------------------------------------------------


@pytest.fixture
def rove(database: Database) -> Brand:
    with database.write() as connection:
        return a_brand(connection, "Rove")


@pytest.fixture
def at_rove(database: Database, rove: Brand, anna: Account) -> str:
    """Anna of Kielo is invited to Rove, under her address."""
    with database.write() as connection:
        person = a_cashier(connection, rove, "Anna V.")
        return invitations.invite(connection, rove, person, " Anna@Kielo.example ")


def test_an_address_with_an_account_gets_no_second_one(
    database: Database, keyring: Keyring, at_rove: str, password_hash: str
) -> None:
    with pytest.raises(AccountExists):
        accept(database, keyring, at_rove, password_hash)
    with database.read() as connection:
        assert invitations.read(connection, at_rove).account is not None


def test_whoever_has_the_account_works_in_both(
    database: Database, rove: Brand, brand: Brand, anna: Account, at_rove: str
) -> None:
    assert database.run(invitations.accept_as, at_rove, anna) == rove
    with database.read() as connection:
        works = staff.of_account(connection, anna.account_id)
    assert {work.brand_id for work in works} == {brand.brand_id, rove.brand_id}


def test_somebody_elses_invitation_is_not_taken_up(
    database: Database, keyring: Keyring, brand: Brand, anna: Account, at_rove: str, token: str
) -> None:
    with database.write() as connection:
        otto = a_colleague(connection, brand, Role.MANAGER, "Otto")
        assert otto.account_id is not None
        ottos = accounts.get(connection, otto.account_id)
    assert ottos is not None
    for link in (at_rove, token):
        with pytest.raises(NotYours):
            database.run(invitations.accept_as, link, ottos)
    with database.read() as connection:
        assert invitations.read(connection, at_rove)


def test_nobody_works_twice_for_one_brand(
    database: Database, brand: Brand, anna: Account, sanna: Staff
) -> None:
    token = database.run(invitations.invite, brand, sanna, anna.email)
    with pytest.raises(WorksHere):
        database.run(invitations.accept_as, token, anna)


# ---- the way back in ----------------------------------------------------------------------------


def finish(database: Database, keyring: Keyring, token: str) -> Account:
    return database.run(recovery.finish, keyring, token, password_hash=passwords.hashed(ANOTHER))


def test_a_way_back_gives_another_password_and_ends_every_session(
    database: Database, keyring: Keyring, brand: Brand, anna: Account, signs_in
) -> None:
    session = signs_in().token
    token = database.run(recovery.begin, anna)
    with database.read() as connection:
        assert recovery.read(connection, token).account == anna
        assert sessions.of_token(connection, session) is not None, "opening changes nothing"

    finish(database, keyring, token)

    with database.read() as connection:
        assert sessions.of_token(connection, session) is None
        lines = [each.say.say("en") for each in audit.read(connection, brand.brand_id)]
    assert lines[0] == "Anna chose a new password by a link"
    assert isinstance(signs_in(password=ANOTHER), SignedIn)
    with pytest.raises(DeadLink):
        finish(database, keyring, token)


def test_a_way_back_leaves_the_second_factor_unless_the_link_was_given_for_that(
    database: Database, keyring: Keyring, anna: Account, signs_in
) -> None:
    phone = Authenticator("http://localhost:8080")
    party = passkeys.Party(id="localhost", origin="http://localhost:8080")
    with database.write() as connection:
        codes_on(connection, anna)
        asked = passkeys.ask_to_register(connection, anna, party, "Wallet service")
        passkeys.register(
            connection, anna, party, token=asked.token, answer=phone.make(asked.options), name=""
        )
    finish(database, keyring, database.run(recovery.begin, anna))
    assert isinstance(signs_in(password=ANOTHER), CodeNeeded)
    with database.read() as connection:
        assert len(passkeys.of(connection, anna.account_id)) == 1

    finish(database, keyring, database.run(recovery.begin, anna, whole=True))
    assert isinstance(signs_in(password=ANOTHER), SignedIn)
    with database.read() as connection:
        assert not passkeys.of(connection, anna.account_id)


def test_a_way_back_opens_what_wrong_tries_had_locked(
    database: Database, keyring: Keyring, anna: Account, signs_in, driven_clock: ModuleType
) -> None:
    for _ in range(6):
        with pytest.raises(Refusal):
            signs_in(password="wrong")
    finish(database, keyring, database.run(recovery.begin, anna))
    assert isinstance(signs_in(password=ANOTHER), SignedIn)


def test_a_way_back_ends_after_a_while_and_with_the_next(
    database: Database, brand: Brand, anna: Account, driven_clock: ModuleType
) -> None:
    first = database.run(recovery.begin, anna)
    second = database.run(recovery.begin, anna)
    with database.read() as connection:
        assert recovery.read(connection, second)
        with pytest.raises(DeadLink):
            recovery.read(connection, first)
    driven_clock.advance(brand.level.invitation_lasts)
    with database.read() as connection, pytest.raises(DeadLink):
        recovery.read(connection, second)


def test_an_invitation_is_no_way_back_and_the_reverse(
    database: Database, anna: Account, token: str
) -> None:
    back = database.run(recovery.begin, anna)
    with database.read() as connection:
        with pytest.raises(DeadLink):
            invitations.read(connection, back)
        with pytest.raises(DeadLink):
            recovery.read(connection, token)


def test_who_runs_one_shop_gets_into_no_other_by_an_account_that_works_in_both(
    database: Database, brand: Brand, rove: Brand, anna: Account, at_rove: str
) -> None:
    database.run(invitations.accept_as, at_rove, anna)
    with database.read() as connection:
        works = staff.of_account(connection, anna.account_id)
    for work in works:
        with pytest.raises(WorksElsewhere):
            database.run(hiring.help_back, work, actor=COMMAND)
    # Whoever runs the service can.
    assert database.run(hiring.help_account_back, anna, actor=COMMAND)


def test_a_password_that_was_there_before_is_worth_nothing_after(
    database: Database, keyring: Keyring, anna: Account, signs_in
) -> None:
    finish(database, keyring, database.run(recovery.begin, anna))
    with pytest.raises(Refusal):
        signs_in(password=PASSWORD)


# ---- links that others may hold: for what somebody was when they were given ---------------------


def manager(database: Database, brand: Brand) -> tuple[Staff, Actor]:
    with database.write() as connection:
        matti = a_colleague(connection, brand, Role.MANAGER, "Matti")
    return matti, Actor(kind="staff", id=matti.staff_id, name=matti.name)


def test_an_invitation_as_cashier_makes_no_owner_of_whoever_holds_it(
    database: Database, keyring: Keyring, brand: Brand, sanna: Staff, password_hash: str
) -> None:
    _, matti = manager(database, brand)
    token = database.run(hiring.invite, brand, sanna, EMAIL, actor=matti)
    database.run(staff.change, replace(sanna, role=Role.OWNER), actor=COMMAND)
    with database.read() as connection:
        assert sanna.staff_id not in invitations.awaited(connection, brand.brand_id)
        with pytest.raises(DeadLink):
            invitations.read(connection, token)
    with pytest.raises(DeadLink):
        accept(database, keyring, token, password_hash)
    # Invited anew, as what she is now, she comes in.
    owner = replace(sanna, role=Role.OWNER)
    anew = database.run(hiring.invite, brand, owner, EMAIL, actor=COMMAND)
    assert accept(database, keyring, anew, password_hash)


def test_an_invitation_for_one_place_opens_no_other(
    database: Database, brand: Brand, sanna: Staff
) -> None:
    with database.write() as connection:
        there = a_till(connection, brand)
        at_one = staff.change(
            connection, replace(sanna, locations=frozenset({there.location_id})), actor=COMMAND
        )
        token = invitations.invite(connection, brand, at_one, EMAIL)
        assert invitations.read(connection, token)
        staff.change(connection, sanna, actor=COMMAND)
        with pytest.raises(DeadLink):
            invitations.read(connection, token)


@pytest.fixture
def otto(database: Database, brand: Brand, password_hash: str) -> Staff:
    """A cashier who signs in; his manager may help him back."""
    with database.write() as connection:
        found = a_colleague(connection, brand, Role.CASHIER, "Otto")
        assert found.account_id is not None
        passwords.put(connection, found.account_id, password_hash)
    return found


def ottos(database: Database, otto: Staff) -> Account:
    assert otto.account_id is not None
    with database.read() as connection:
        found = accounts.get(connection, otto.account_id)
    assert found is not None
    return found


def is_dead(database: Database, keyring: Keyring, token: str) -> bool:
    with database.read() as connection, suppress(DeadLink):
        recovery.read(connection, token)
        return False
    with pytest.raises(DeadLink):
        database.run(recovery.finish, keyring, token, password_hash="x")
    return True


def joins_rove(connection: Connection, otto: Staff) -> None:
    rove = a_brand(connection, "Rove")
    account = accounts.get(connection, otto.account_id or "")
    assert account is not None
    link = invitations.invite(connection, rove, a_cashier(connection, rove, "O."), account.email)
    invitations.accept_as(connection, link, account)


def rises(connection: Connection, otto: Staff) -> None:
    staff.change(connection, replace(otto, role=Role.OWNER), actor=COMMAND)


def is_let_go(connection: Connection, otto: Staff) -> None:
    hiring.let_go(connection, otto, actor=COMMAND)


def chooses_a_password(connection: Connection, otto: Staff) -> None:
    passwords.put(connection, otto.account_id or "", passwords.hashed(ANOTHER))


@pytest.mark.parametrize("changed", [joins_rove, rises, is_let_go, chooses_a_password])
def test_a_way_back_is_for_the_account_as_it_was_when_it_was_given(
    database: Database, keyring: Keyring, brand: Brand, otto: Staff, changed
) -> None:
    _, matti = manager(database, brand)
    token = database.run(hiring.help_back, otto, actor=matti)
    with database.write() as connection:
        assert recovery.read(connection, token)
        changed(connection, otto)
    assert is_dead(database, keyring, token)


def test_a_way_back_ends_with_the_work_of_whoever_gave_it(
    database: Database, keyring: Keyring, brand: Brand, otto: Staff, anna: Account
) -> None:
    person, matti = manager(database, brand)
    token = database.run(hiring.help_back, otto, actor=matti)
    database.run(hiring.let_go, person, actor=COMMAND)
    assert is_dead(database, keyring, token)


def test_after_a_way_back_no_sign_in_goes_on_that_began_with_the_old_password(
    database: Database, keyring: Keyring, otto: Staff
) -> None:
    account = ottos(database, otto)
    with database.write() as connection:
        app, _ = codes_on(connection, account)
    asked = sign_in.with_password(
        database, keyring, email=account.email, password=PASSWORD, browser=""
    )
    assert isinstance(asked, CodeNeeded)
    finish(database, keyring, database.run(recovery.begin, account))
    with pytest.raises(DeadLink):
        sign_in.with_code(database, keyring, token=asked.token, code=app.code(1), browser="")
