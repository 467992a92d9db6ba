"""The way back in for somebody who lost the password: a link, shown once to whoever gives it.

What the link opens is decided when it is given, never by who holds it: a password is chosen anew,
and only where that was said are the second factor and the passkeys gone with it. It is for the
account as it was then: once somebody works elsewhere or as something else, or chose a password, or
whoever gave the link could not give it any more, it opens nothing.
"""

import hashlib
import json
from collections.abc import Mapping
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
from wallet_service.audit import Actor
from wallet_service.brands import levels, staff
from wallet_service.brands.brand import get as get_brand
from wallet_service.brands.staff import Staff
from wallet_service.keys import Keyring
from wallet_service.language import phrase

_PURPOSE = challenges.RECOVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Whose account is opened anew. `whole`: second factor and passkeys go as well."""

    account: Account
    whole: bool


def begin(
    connection: Connection,
    account: Account,
    *,
    whole: bool = False,
    giver: Mapping[str, str | None] | None = None,
) -> str:
    """A link's token; the one before is dead."""
    challenges.end_all(connection, _PURPOSE, account.account_id)
    return challenges.begin(
        connection,
        _PURPOSE,
        lasts=_lasts(connection, account),
        account_id=account.account_id,
        facts={"whole": whole, "then": _standing(connection, account), "giver": giver},
    )


def begin_for(connection: Connection, person: Staff, *, whole: bool = False, actor: Actor) -> str:
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
    # A command and the like are held by their own doors.
    is_staff = actor.kind == "staff"
    giver = {"brand_id": person.brand_id, "staff_id": actor.id} if is_staff else None
    return begin(connection, account, whole=whole, giver=giver)


def url(base_url: str, token: str) -> str:
    """The link that is handed over."""
    return f"{base_url}/console/sign-in/recovery/{token}"


def read(connection: Connection, token: str) -> Recovery:
    """What a link opens; nothing is changed. Raises DeadLink."""
    return _recovery(connection, challenges.read(connection, _PURPOSE, token))


def finish(connection: Connection, keyring: Keyring, token: str, *, password_hash: str) -> Account:
    """A new password stands, and nobody is signed in any more. Raises DeadLink."""
    challenge = challenges.take(connection, _PURPOSE, token)
    if challenge is not None and challenge.account_id:
        accounts.hold(connection, challenge.account_id)
    recovery = _recovery(connection, challenge)
    account_id = recovery.account.account_id
    passwords.put(connection, account_id, password_hash)
    sessions.end_all(connection, account_id)
    for purpose in (challenges.CODE, _PURPOSE):
        challenges.end_all(connection, purpose, account_id)
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
    if challenge is None or account is None or not _holds(connection, challenge, account):
        raise DeadLink(phrase("This link has been used, or is too old. Ask for a new one."))
    return Recovery(account=account, whole=bool(challenge.facts.get("whole")))


def _holds(connection: Connection, challenge: challenges.Challenge, account: Account) -> bool:
    """Whether what was looked at when a link was given is as it was."""
    if challenge.facts.get("then") != _standing(connection, account):
        return False
    giver = challenge.facts.get("giver")
    if giver is None:
        return True
    by = staff.get(connection, giver["brand_id"], giver["staff_id"])
    works = staff.of_account(connection, account.account_id)
    return by is not None and all(
        work.brand_id == by.brand_id and by.reaches(work) for work in works
    )


def _standing(connection: Connection, account: Account) -> str:
    """Where somebody works and as what, and with which password: a digest that any change changes.

    Compared, and not ended by each that changes any of it: none of them can forget to.
    """
    works = [
        (work.brand_id, work.staff_id, work.role, sorted(work.locations))
        for work in staff.of_account(connection, account.account_id)
    ]
    kept = passwords.kept(connection, account.account_id)
    return hashlib.sha256(json.dumps([works, kept]).encode()).hexdigest()


def _lasts(connection: Connection, account: Account) -> timedelta:
    works = staff.of_account(connection, account.account_id)
    return levels.strictest(
        get_brand(connection, work.brand_id).level for work in works
    ).invitation_lasts
