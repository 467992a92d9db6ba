"""Signing in: a password, then a code where the account asks for one; or a passkey alone.

An address that nobody has costs the same work and gets the same words as a wrong password. The
slow part, which is argon2id, holds no transaction.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from wallet_service.access import accounts, attempts, challenges, passwords, second_factor, sessions
from wallet_service.access.accounts import Account
from wallet_service.access.errors import DeadLink, Locked, WrongCode, WrongPassword
from wallet_service.access.sessions import Session
from wallet_service.access.told import tell_brands
from wallet_service.db import Database
from wallet_service.errors import Refusal
from wallet_service.keys import Keyring
from wallet_service.language import phrase

log = structlog.get_logger("access")

CODE_LASTS = timedelta(minutes=5)
EMAIL_LENGTH_MAX = 254

_CODE = challenges.CODE


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignedIn:
    """The token of a new session, for the browser to keep."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CodeNeeded:
    """The password was right; with this token, kept by the browser, the code comes back."""

    token: str


def with_password(
    database: Database, keyring: Keyring, *, email: str, password: str, browser: str
) -> SignedIn | CodeNeeded:
    """Sign in with a password. Raises WrongPassword or Locked."""
    account = _checked(database, keyring, email, password)
    if account is None:
        raise WrongPassword(phrase("The address or the password is not right."))
    if account.has_second_factor:
        return CodeNeeded(token=database.run(_ask_code, account))
    return SignedIn(token=database.run(begin, account, factors="password", browser=browser))


def is_asked(connection: Connection, token: str) -> bool:
    """Whether a code is still waited for."""
    return bool(token) and challenges.read(connection, _CODE, token) is not None


def with_code(
    database: Database, keyring: Keyring, *, token: str, code: str, browser: str
) -> SignedIn:
    """Go on with a code of the app or a spare one. Raises WrongCode, Locked or DeadLink."""
    found = database.run(_with_code, keyring, token, code, browser)
    if isinstance(found, Refusal):
        raise found
    return found


def begin(connection: Connection, account: Account, *, factors: str, browser: str) -> str:
    """A new session's token for somebody who has shown who it is."""
    log.info("signed in", account_id=account.account_id, factors=factors)
    return sessions.begin(connection, account.account_id, factors=factors, browser=browser)


def prove(
    database: Database, keyring: Keyring, account: Account, session: Session, password: str
) -> str:
    """Show the password once more: the same session under a new token.

    Raises WrongPassword or Locked.
    """
    if _checked(database, keyring, account.email, password) is None:
        raise WrongPassword(phrase("That is not your password."))
    return database.run(sessions.prove, session)


def change_password(
    database: Database, keyring: Keyring, account: Account, session: Session, *, old: str, new: str
) -> str:
    """Another password; the other browsers are signed out, this one gets a new token.

    `new` was found strong enough before. Raises WrongPassword or Locked.
    """
    if _checked(database, keyring, account.email, old) is None:
        raise WrongPassword(phrase("That is not your present password."))
    return database.run(_change, account, session, passwords.hashed(new))


def _checked(database: Database, keyring: Keyring, email: str, password: str) -> Account | None:
    """Whose password this is. The try counts before it is judged. Raises Locked."""
    key = accounts.email_key(email[:EMAIL_LENGTH_MAX])
    subject = attempts.subject(keyring, "password", key)
    locked = database.run(attempts.count, subject)
    if locked is not None:
        log.info("locked", subject=subject[:12])
        raise locked
    with database.read() as connection:
        account = accounts.by_email(connection, key)
        kept = passwords.kept(connection, account.account_id if account else "nobody")
    if not passwords.is_right(password[: passwords.LENGTH_MAX + 1], kept) or account is None:
        log.info("wrong password", subject=subject[:12])
        return None
    database.run(attempts.forget, subject)
    if kept is not None and passwords.is_dated(kept):
        new = passwords.hashed(password)
        database.run(passwords.rehash, account.account_id, old=kept, new=new)
    return account


def _ask_code(connection: Connection, account: Account) -> str:
    return challenges.begin(connection, _CODE, lasts=CODE_LASTS, account_id=account.account_id)


def _with_code(
    connection: Connection, keyring: Keyring, token: str, code: str, browser: str
) -> SignedIn | DeadLink | Locked | WrongCode:
    # What is wrong is returned: the tries that were counted must be committed.
    asked = challenges.attempt(connection, _CODE, token)
    account = accounts.get(connection, asked.account_id) if asked and asked.account_id else None
    if account is None:
        return DeadLink(phrase("That took too long, or too many tries. Begin again."))
    # Across challenges, too: whoever knows the password may not try code after code.
    subject = attempts.subject(keyring, "code", account.account_id)
    locked = attempts.count(connection, subject)
    if locked is not None:
        return locked
    if not second_factor.use(connection, keyring, account.account_id, code):
        log.info("wrong code", account_id=account.account_id)
        return WrongCode(phrase("That code is not right, or it has been used. Try the next one."))
    challenges.take(connection, _CODE, token)
    attempts.forget(connection, subject)
    return SignedIn(token=begin(connection, account, factors="password+code", browser=browser))


def _change(connection: Connection, account: Account, session: Session, new_hash: str) -> str:
    passwords.put(connection, account.account_id, new_hash)
    for purpose in (_CODE, challenges.RECOVER):
        challenges.end_all(connection, purpose, account.account_id)
    sessions.end_all(connection, account.account_id, but=session.session_id)
    tell_brands(
        connection, account, phrase("{who} chose a new password"), what="account.password_changed"
    )
    return sessions.prove(connection, session)
