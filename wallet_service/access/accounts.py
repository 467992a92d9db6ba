"""Accounts: with what somebody signs in. One account may work for several brands."""

import unicodedata
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands, clock, ids
from wallet_service.access import tables
from wallet_service.brands import staff
from wallet_service.keys import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who signs in. `language` None: the browser's own."""

    account_id: str
    email: str
    name: str
    language: str | None
    has_password: bool
    has_second_factor: bool


def add(
    connection: Connection, keyring: Keyring, *, email: str, name: str, password_hash: str | None
) -> Account:
    """A new account. Its address must be free: the unique key says so otherwise."""
    account_id = ids.new_id()
    now = clock.now()
    connection.execute(
        sa.insert(tables.account).values(
            account_id=account_id,
            email=email.strip(),
            email_key=email_key(email),
            name=name,
            password_hash=password_hash,
            password_set_at=now if password_hash else None,
            key_id=keyring.current_id,
            totp_generation=0,
            totp_last_step=0,
            created_at=now,
        )
    )
    found = get(connection, account_id)
    assert found is not None
    return found


def change(connection: Connection, account: Account, *, name: str, language: str | None) -> None:
    """What somebody is called, and the language of their pages."""
    connection.execute(
        sa.update(tables.account)
        .where(tables.account.c.account_id == account.account_id)
        .values(name=name, language=language)
    )


def get(connection: Connection, account_id: str) -> Account | None:
    """A living account, or None."""
    return _one(connection, tables.account.c.account_id == account_id)


def hold(connection: Connection, account_id: str) -> Account | None:
    """An account as it is now, held: nobody changes how it signs in until the transaction ends."""
    connection.execute(
        sa.select(tables.account.c.account_id)
        .where(tables.account.c.account_id == account_id)
        .with_for_update()
    )
    return get(connection, account_id)


def by_email(connection: Connection, email: str) -> Account | None:
    """The living account of an address, or None."""
    return _one(connection, tables.account.c.email_key == email_key(email))


def lost_key(connection: Connection, keyring: Keyring) -> str | None:
    """The id of a key that somebody's second factor was made with and that is not in the ring."""
    return connection.execute(
        sa.select(tables.account.c.key_id)
        .where(
            tables.account.c.totp_confirmed_at.is_not(None),
            tables.account.c.key_id.not_in(sorted(keyring.ids)),
        )
        .limit(1)
    ).scalar()


def known(connection: Connection, account: Account) -> tuple[str, ...]:
    """What others know of somebody, which therefore makes no good password."""
    shops = (
        brands.get(connection, work.brand_id)
        for work in staff.of_account(connection, account.account_id)
    )
    return (account.name, account.email, *(shop.name for shop in shops))


def email_key(email: str) -> str:
    """What makes two addresses the same: case, outer spaces and how an ä is put together."""
    # What no address holds must not trouble the database, either.
    plain = email.replace("\0", "").encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", plain.strip().casefold())


def _one(connection: Connection, mine: sa.ColumnElement[bool]) -> Account | None:
    row = connection.execute(
        sa.select(tables.account).where(mine, tables.account.c.ended_at.is_(None))
    ).first()
    if row is None:
        return None
    return Account(
        account_id=row.account_id,
        email=row.email,
        name=row.name,
        language=row.language,
        has_password=row.password_hash is not None,
        has_second_factor=row.totp_confirmed_at is not None,
    )
