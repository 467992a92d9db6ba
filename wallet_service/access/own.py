"""How somebody signs in, changed by themselves; their other browsers are then signed out.

Where an account has a second factor, a session that showed a password alone changes nothing here:
whoever has found out a password must not put their own factor beside it.
"""

from sqlalchemy import Connection

from wallet_service.access import accounts, passkeys, second_factor, sessions
from wallet_service.access.accounts import Account
from wallet_service.access.passkeys import Party
from wallet_service.access.sessions import Session
from wallet_service.access.told import tell_brands
from wallet_service.brands import staff
from wallet_service.keys import Keyring
from wallet_service.language import phrase


def turn_codes_on(
    connection: Connection, keyring: Keyring, account: Account, session: Session, code: str
) -> tuple[str, list[str]]:
    """This browser's new token, and the spare codes, this once. Raises WrongCode, FactorNeeded."""
    passkeys.require(connection, account, session)
    spare = second_factor.turn_on(connection, keyring, account, code)
    sessions.end_all(connection, account.account_id, but=session.session_id)
    # A code was shown just now, so the session is worth two factors.
    factors = "password+code" if session.factors == "password" else session.factors
    return sessions.go_on(connection, session, factors=factors), spare


def change(connection: Connection, account: Account, *, name: str, language: str | None) -> None:
    """Another name or language. The name changes with it wherever they were called by it."""
    accounts.change(connection, account, name=name, language=language)
    for work in staff.of_account(connection, account.account_id):
        if work.name == account.name != name:
            staff.call_themselves(connection, work, name)


def new_spare_codes(
    connection: Connection, keyring: Keyring, account: Account, session: Session
) -> list[str]:
    """Ten spare codes, shown this once; those before are dead. Raises FactorNeeded."""
    passkeys.require(connection, account, session)
    say = phrase("{who} took new spare codes")
    tell_brands(connection, account, say, what="account.spare_codes")
    return second_factor.spare_codes(connection, keyring, account.account_id)


def turn_codes_off(
    connection: Connection, keyring: Keyring, account: Account, session: Session
) -> str:
    """This browser's new token; unless by a passkey, it came in with a password alone from now.

    Raises FactorNeeded.
    """
    passkeys.require(connection, account, session)
    second_factor.turn_off(connection, keyring, account)
    sessions.end_all(connection, account.account_id, but=session.session_id)
    factors = "password" if session.factors == "password+code" else session.factors
    return sessions.go_on(connection, session, factors=factors)


def add_passkey(
    connection: Connection,
    account: Account,
    session: Session,
    party: Party,
    *,
    token: str,
    answer: str,
    name: str,
) -> str:
    """This browser's new token, worth a passkey as one was made just now.

    Raises WrongPasskey, FactorNeeded.
    """
    passkeys.require(connection, account, session)
    passkeys.register(connection, account, party, token=token, answer=answer, name=name)
    factors = "passkey" if session.factors == "password" else session.factors
    return sessions.go_on(connection, session, factors=factors)


def remove_passkey(
    connection: Connection, account: Account, session: Session, credential_id: str
) -> str | None:
    """This browser's new token; None when the account has no such passkey. Raises FactorNeeded."""
    passkeys.require(connection, account, session)
    if passkeys.remove(connection, account, credential_id) is None:
        return None
    sessions.end_all(connection, account.account_id, but=session.session_id)
    return sessions.go_on(connection, session, factors=session.factors)
