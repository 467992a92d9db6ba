"""Who works at the demo's shop, and the password that its owner signs in with this time."""

from dataclasses import dataclass

from sqlalchemy import Connection

from wallet_service import ids
from wallet_service.access import accounts, hiring, invitations, passwords
from wallet_service.audit import SERVICE
from wallet_service.brands import Brand
from wallet_service.brands.roles import Role
from wallet_service.errors import StartError
from wallet_service.wallet import Wallet

PIN = "1234"
STAFF = ("Sanna", "Ilona", "Otto")
OWNER, EMAIL = "Anna", "anna@kielo.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """With what the demo's owner signs in."""

    email: str
    password: str


def hire(connection: Connection, wallet: Wallet, brand: Brand, second_shop: str) -> None:
    """The owner, who signs in; a manager and a marketer who are invited; cashiers with PINs.

    Otto works at the second shop alone.
    """
    keyring = wallet.keyring
    owner = hiring.hire(
        connection, keyring, brand, OWNER, role=Role.OWNER, email=EMAIL, actor=SERVICE
    )
    assert owner.token is not None
    # Nobody knows this one; `let_in` puts the first that somebody does.
    invitations.accept(
        connection,
        keyring,
        owner.token,
        name=OWNER,
        password_hash=passwords.hashed(ids.random_text(20)),
    )
    for name, role, pin, email in (
        ("Petra", Role.MANAGER, PIN, "petra@kielo.example"),
        ("Jenni", Role.MARKETER, None, "jenni@kielo.example"),
        *((name, Role.CASHIER, PIN, "") for name in STAFF),
    ):
        hiring.hire(
            connection,
            keyring,
            brand,
            name,
            role=role,
            pin=pin,
            email=email,
            locations=[second_shop] if name == STAFF[-1] else [],
            actor=SERVICE,
        )


def let_in(wallet: Wallet, brand: Brand) -> SignIn:
    """A new password for the owner. Raises StartError where the demo has none."""
    password = "-".join(ids.random_text(4).lower() for _ in range(3))
    hashed = passwords.hashed(password)
    with wallet.database.write() as connection:
        account = accounts.by_email(connection, EMAIL)
        if account is None:
            raise StartError(
                f"{brand.name} was made by a version without a console;"
                " remove its folder and start anew."
            )
        passwords.put(connection, account.account_id, hashed)
    return SignIn(email=EMAIL, password=password)
