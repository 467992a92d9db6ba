"""Signing in: a password, then a code where the account asks for one; or a passkey alone.

An address that nobody has costs the same work and gets the same words as a wrong password. The
slow part, which is argon2id, holds no transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from wallet_service.access import (
    accounts,
    attempts,
    challenges,
    passkeys,
    passwords,
    second_factor,
    sessions,
)  # fmt: skip
from wallet_service.access.accounts import Account
from wallet_service.access.errors import Crowded, DeadLink, Locked, WrongCode, WrongPassword
from wallet_service.access.known import STRANGER, Known
from wallet_service.access.passkeys import Party
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
    """The token of a new session, for the browser to keep; and whose it is."""

    token: str
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CodeNeeded:
    """The password was right; with this token, kept by the browser, the code comes back."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Right:
    """Whose password was right, and as what it is kept."""

    account: Account
    kept: str


def with_password(
    database: Database,
    keyring: Keyring,
    *,
    email: str,
    password: str,
    browser: str,
    known: Known = STRANGER,
) -> SignedIn | CodeNeeded:
    """Sign in with a password. Raises WrongPassword, Locked or Crowded."""
    key = accounts.email_key(email[:EMAIL_LENGTH_MAX])
    subjects = [attempts.subject(keyring, "password", key)]
    if known.has_been(keyring, key):
        # Whoever guesses elsewhere must not lock out who has signed in here; guessed here too
        # often, this browser is as any other.
        subjects.insert(0, attempts.subject(keyring, "password-here", f"{key}|{known.nonce}"))
    found = _checked(database, subjects, key, password)
    entered = database.run(_go_in, found, browser) if found else None
    if entered is None:
        raise WrongPassword(phrase("The address or the password is not right."))
    return entered


def with_passkey(
    connection: Connection, party: Party, *, token: str, answer: str, browser: str
) -> SignedIn:
    """Sign in with a passkey. Raises WrongPasskey."""
    account = passkeys.show(connection, party, token=token, answer=answer)
    found = begin(connection, account, factors="passkey", browser=browser)
    return SignedIn(token=found, account=account)


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

    Raises WrongPassword, Locked or Crowded.
    """
    if _shown(database, keyring, account, password) is None:
        raise WrongPassword(phrase("That is not your password."))
    return database.run(sessions.prove, session)


def change_password(
    database: Database,
    keyring: Keyring,
    account: Account,
    session: Session,
    *,
    old: str,
    new: str,
    known: Iterable[str] = (),
) -> str:
    """Another password; the other browsers are signed out, this one gets a new token.

    `known` is what others know of the person. Raises WrongPassword, Locked, WeakPassword or
    Crowded.
    """
    # In this order: whoever only has the session cannot make us judge word after word.
    shown = _shown(database, keyring, account, old)
    token = None
    if shown is not None:
        passwords.check_strength(new, *known)
        token = database.run(_change, shown, session, passwords.hashed(new))
    if token is None:
        raise WrongPassword(phrase("That is not your present password."))
    return token


def _shown(database: Database, keyring: Keyring, account: Account, password: str) -> _Right | None:
    # Counted apart from signing in, so that whoever guesses outside locks nobody who is inside.
    subject = attempts.subject(keyring, "password-shown", account.account_id)
    return _checked(database, [subject], accounts.email_key(account.email), password)


def _checked(database: Database, subjects: Sequence[str], key: str, password: str) -> _Right | None:
    """Whose password this is. The try counts before it is judged, for the first of `subjects` that
    is not locked. Raises Locked or Crowded."""
    subject = _counted(database, subjects)
    with database.read() as connection:
        account = accounts.by_email(connection, key)
        kept = passwords.kept(connection, account.account_id if account else "nobody")
    try:
        is_right = passwords.is_right(password[: passwords.LENGTH_MAX + 1], kept)
    except Crowded:
        database.run(attempts.take_back, subject)
        raise
    if not is_right or account is None or kept is None:
        log.info("wrong password", subject=subject[:12])
        return None
    database.run(attempts.forget, subject)
    if passwords.is_dated(kept):
        new = passwords.hashed(password)
        if database.run(passwords.rehash, account.account_id, old=kept, new=new):
            kept = new
    return _Right(account=account, kept=kept)


def _counted(database: Database, subjects: Sequence[str]) -> str:
    *others, last = subjects
    for subject in others:
        if database.run(attempts.count, subject) is None:
            return subject
    locked = database.run(attempts.count, last)
    if locked is not None:
        log.info("locked", subject=last[:12])
        raise locked
    return last


def _unchanged(connection: Connection, found: _Right) -> Account | None:
    """The account, held; None when its password is another than the one that was judged."""
    # Judging takes a while and holds nothing, so another may have been chosen meanwhile.
    account = accounts.hold(connection, found.account.account_id)
    if account is None or passwords.kept(connection, account.account_id) != found.kept:
        return None
    return account


def _go_in(connection: Connection, found: _Right, browser: str) -> SignedIn | CodeNeeded | None:
    account = _unchanged(connection, found)
    if account is None:
        return None
    if account.has_second_factor:
        return CodeNeeded(token=_ask_code(connection, account))
    token = begin(connection, account, factors="password", browser=browser)
    return SignedIn(token=token, account=account)


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
    begun = begin(connection, account, factors="password+code", browser=browser)
    return SignedIn(token=begun, account=account)


def _change(connection: Connection, shown: _Right, session: Session, new_hash: str) -> str | None:
    account = _unchanged(connection, shown)
    if account is None:
        return None
    passwords.put(connection, account.account_id, new_hash)
    for purpose in (_CODE, challenges.RECOVER):
        challenges.end_all(connection, purpose, account.account_id)
    sessions.end_all(connection, account.account_id, but=session.session_id)
    tell_brands(
        connection, account, phrase("{who} chose a new password"), what="account.password_changed"
    )
    return sessions.prove(connection, session)
