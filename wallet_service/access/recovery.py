"""The way back in for somebody who lost the password: a link, shown once to whoever gives it.

What the link opens is decided when it is given, never by who holds it: a password is chosen anew,
and only where that was said are the second factor and the passkeys gone with it.
"""

from dataclasses import dataclass
from datetime import timedelta

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
from wallet_service.access.errors import DeadLink, WorksElsewhere
from wallet_service.access.told import tell_brands
from wallet_service.brands import levels, staff
from wallet_service.brands.brand import get as get_brand
from wallet_service.brands.staff import Staff
from wallet_service.keys import Keyring
from wallet_service.language import phrase

_PURPOSE = "recover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Whose account is opened anew. `whole`: second factor and passkeys go as well."""

    account: Account
    whole: bool


def begin(connection: Connection, account: Account, *, whole: bool = False) -> str:
    """A link's token; the one before is dead."""
    challenges.end_all(connection, _PURPOSE, account.account_id)
    return challenges.begin(
        connection,
        _PURPOSE,
        lasts=_lasts(connection, account),
        account_id=account.account_id,
        facts={"whole": whole},
    )


def begin_for(connection: Connection, person: Staff, *, whole: bool = False) -> str:
    """A link for somebody of one's own staff, given by those who may change the staff.

    Raises WorksElsewhere: who runs one shop must not get into another by somebody's account.
    """
    account = accounts.get(connection, person.account_id) if person.account_id else None
    if account is None:
        raise LookupError("Nobody signs in as this person.")
    works = staff.of_account(connection, account.account_id)
    if any(work.brand_id != person.brand_id for work in works):
        raise WorksElsewhere(
            phrase(
                "{name} works for another shop here as well, so only whoever runs the service"
                " can give this link.",
                name=person.name,
            )
        )
    return begin(connection, account, whole=whole)


def url(base_url: str, token: str) -> str:
    """The link that is handed over."""
    return f"{base_url}/console/sign-in/recovery/{token}"


def read(connection: Connection, token: str) -> Recovery:
    """What a link opens; nothing is changed. Raises DeadLink."""
    return _recovery(connection, challenges.read(connection, _PURPOSE, token))


def finish(connection: Connection, keyring: Keyring, token: str, *, password_hash: str) -> Account:
    """A new password stands, and nobody is signed in any more. Raises DeadLink."""
    recovery = _recovery(connection, challenges.take(connection, _PURPOSE, token))
    account_id = recovery.account.account_id
    passwords.put(connection, account_id, password_hash)
    sessions.end_all(connection, account_id)
    if recovery.whole:
        second_factor.remove(connection, keyring, account_id)
        passkeys.remove_all(connection, account_id)
    key = accounts.email_key(recovery.account.email)
    attempts.forget(connection, attempts.subject(keyring, "password", key))
    attempts.forget(connection, attempts.subject(keyring, "code", account_id))
    tell_brands(
        connection,
        recovery.account,
        phrase("{who} chose a new password by a link, without the second factor and passkeys")
        if recovery.whole
        else phrase("{who} chose a new password by a link"),
        what="account.recovered",
    )
    return recovery.account


def _recovery(connection: Connection, challenge: challenges.Challenge | None) -> Recovery:
    account = (
        accounts.get(connection, challenge.account_id)
        if challenge is not None and challenge.account_id
        else None
    )
    if challenge is None or account is None:
        raise DeadLink(phrase("This link has been used, or is too old. Ask for a new one."))
    return Recovery(account=account, whole=bool(challenge.facts.get("whole")))


def _lasts(connection: Connection, account: Account) -> timedelta:
    works = staff.of_account(connection, account.account_id)
    return levels.strictest(
        get_brand(connection, work.brand_id).level for work in works
    ).invitation_lasts
