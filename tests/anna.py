"""Anna, who owns Kielo: her password, and the app on her phone that shows codes."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pyotp
from factories import KEYRING
from shopfront import Shop
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.access import accounts, passwords, second_factor
from wallet_service.access.accounts import Account
from wallet_service.brands.roles import Role

PASSWORD = "a plum in every winter coat"
ANOTHER = "seven grey herons on a roof"
STEP = timedelta(seconds=30)


@dataclass
class CodesApp:
    """An app of codes, as it has read an address from a QR code."""

    uri: str

    def code(self, later: int = 0) -> str:
        """What it shows now; `later` steps on, for a clock that is ahead."""
        return str(pyotp.parse_uri(self.uri).at(clock.now() + later * STEP))


def codes_on(connection: Connection, account: Account) -> tuple[CodesApp, list[str]]:
    """Codes are asked for at sign-in from now on: the app, and the spare codes."""
    secret = second_factor.secret(connection, KEYRING, account, "Wallet service")
    app = CodesApp(secret.uri)
    return app, second_factor.turn_on(connection, KEYRING, account, app.code())


@cache
def kept(password: str = PASSWORD) -> str:
    """A password as it is kept; made once, as that is slow by intent."""
    return passwords.hashed(password)


def with_password(shop: Shop, role: Role = Role.OWNER, name: str = "Anna") -> Account:
    """Somebody of a shop who signs in with Anna's password."""
    person = shop.colleague(role, name)
    assert person.account_id is not None
    with shop.wallet.database.write() as connection:
        passwords.put(connection, person.account_id, kept())
        found = accounts.get(connection, person.account_id)
    assert found is not None
    return found
