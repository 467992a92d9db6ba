"""A passkey of an account, as it is kept: listed, asked for before a change, and removed."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.access import accounts, tables
from wallet_service.access.accounts import Account
from wallet_service.access.errors import FactorNeeded
from wallet_service.access.sessions import Session
from wallet_service.access.told import tell_brands
from wallet_service.language import phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey of an account."""

    credential_id: str
    name: str
    created_at: datetime
    used_at: datetime | None


def of(connection: Connection, account_id: str) -> tuple[Passkey, ...]:
    """An account's passkeys, the oldest first."""
    rows = connection.execute(
        sa.select(tables.passkey)
        .where(tables.passkey.c.account_id == account_id)
        .order_by(tables.passkey.c.created_at, tables.passkey.c.credential_id)
    )
    return tuple(
        Passkey(
            credential_id=row.credential_id,
            name=row.name,
            created_at=row.created_at,
            used_at=row.used_at,
        )
        for row in rows
    )


def is_lacking(connection: Connection, account: Account, session: Session) -> bool:
    """Whether an account has a second factor that was not shown in this session."""
    if session.has_second_factor:
        return False
    mine = sa.select(tables.passkey.c.credential_id).where(
        tables.passkey.c.account_id == account.account_id
    )
    return account.has_second_factor or connection.execute(mine.limit(1)).first() is not None


def require(connection: Connection, account: Account, session: Session) -> None:
    """Raise FactorNeeded where a password alone must not change what stands beside it."""
    # Asked of what is kept now, and not of what the page was made with.
    now = accounts.get(connection, account.account_id)
    if now is None or is_lacking(connection, now, session):
        raise FactorNeeded(phrase("Show your passkey first, or sign in again with a code."))


def remove(connection: Connection, account: Account, credential_id: str) -> Passkey | None:
    """Let a passkey open nothing any more; None when the account has no such one."""
    mine = [
        each for each in of(connection, account.account_id) if each.credential_id == credential_id
    ]
    if not mine:
        return None
    connection.execute(
        sa.delete(tables.passkey).where(
            tables.passkey.c.account_id == account.account_id,
            tables.passkey.c.credential_id == credential_id,
        )
    )
    tell_brands(
        connection,
        account,
        phrase("{who} removed the passkey “{passkey}”", passkey=mine[0].name),
        what="account.passkey_removed",
    )
    return mine[0]


def remove_all(connection: Connection, account_id: str) -> None:
    """Let none of an account's passkeys open anything any more."""
    connection.execute(sa.delete(tables.passkey).where(tables.passkey.c.account_id == account_id))
