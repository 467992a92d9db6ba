"""Anna, who owns Kielo and signs in with a password."""

from collections.abc import Callable

import pytest
from anna import PASSWORD
from factories import a_colleague

from wallet_service.access import accounts, passwords, sign_in
from wallet_service.access.accounts import Account
from wallet_service.access.sign_in import CodeNeeded, SignedIn
from wallet_service.brands import Brand
from wallet_service.brands.roles import Role
from wallet_service.brands.staff import Staff
from wallet_service.db import Database
from wallet_service.keys import Keyring

SignIn = Callable[..., SignedIn | CodeNeeded]


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Anna's password as it is kept; made once, as that is slow by intent."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def owner(database: Database, brand: Brand) -> Staff:
    with database.write() as connection:
        return a_colleague(connection, brand, Role.OWNER, "Anna")


@pytest.fixture
def anna(database: Database, owner: Staff, password_hash: str) -> Account:
    assert owner.account_id is not None
    with database.write() as connection:
        passwords.put(connection, owner.account_id, password_hash)
        found = accounts.get(connection, owner.account_id)
    assert found is not None
    return found


@pytest.fixture
def signs_in(database: Database, keyring: Keyring, anna: Account) -> SignIn:
    """Somebody tries to sign in: as Anna, and with her password, unless it is said."""

    def try_it(email: str = anna.email, password: str = PASSWORD) -> SignedIn | CodeNeeded:
        return sign_in.with_password(
            database, keyring, email=email, password=password, browser="a browser of the tests"
        )

    return try_it
