"""Passkeys: made once on a device, then shown with a finger, a face or the device's own code.

Each asks for that (user verification), so one passkey is two factors. WebAuthn level 3.
https://www.w3.org/TR/webauthn-3/ (2026-11-25)
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
import webauthn
from sqlalchemy import Connection
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wallet_service import clock
from wallet_service.access import accounts, challenges, tables
from wallet_service.access.accounts import Account
from wallet_service.access.errors import FactorNeeded, WrongPasskey
from wallet_service.access.sessions import Session
from wallet_service.access.told import tell_brands
from wallet_service.language import phrase

ANSWER_LENGTH_MAX = 16_384
NAME_LENGTH_MAX = 40
PER_ACCOUNT_MAX = 20
LASTS = timedelta(minutes=5)

_REGISTER, _SHOW = "passkey-register", "passkey-show"
# What a hostile answer can make the library, or the JSON and the keys below it, raise.
_ODD = (WebAuthnException, ValueError, TypeError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """For whom a passkey is made and shown: a name that browsers know, and where its pages are."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey of an account."""

    credential_id: str
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the browser is asked: `options` for it, `token` for what it answers to come back."""

    options: str
    token: str


def party(base_url: str, *, is_practice: bool, host: str) -> Party | None:
    """Whose passkeys are on offer at an address; None where browsers allow none.

    They know names over https, and `localhost`; an address of figures is no name.
    """
    parts = urlsplit(base_url)
    name = parts.hostname or ""
    if name == "localhost" or (parts.scheme == "https" and not _is_figures(name)):
        # As a browser writes it: in lower case, without the port that goes without saying.
        port = "" if parts.port in (None, 443) else f":{parts.port}"
        return Party(id=name, origin=f"{parts.scheme}://{name}{port}")
    if is_practice and host.partition(":")[0] == "localhost":
        return Party(id="localhost", origin=f"{parts.scheme}://{host}")
    return None


def ask_to_register(connection: Connection, account: Account, party: Party, issuer: str) -> Asked:
    """Begin to make a passkey."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=issuer,
        user_id=account.account_id.encode(),
        user_name=account.email,
        user_display_name=account.name,
        timeout=_milliseconds(LASTS),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(connection, account.account_id),
    )
    return _asked(connection, _REGISTER, options, options.challenge, account.account_id)


def register(
    connection: Connection, account: Account, party: Party, *, token: str, answer: str, name: str
) -> Passkey:
    """Keep the passkey that a browser made. Raises WrongPasskey."""
    asked = challenges.take(connection, _REGISTER, token)
    if asked is None or asked.account_id != account.account_id:
        raise _stale()
    if len(of(connection, account.account_id)) >= PER_ACCOUNT_MAX:
        raise WrongPasskey(phrase("That is enough passkeys; remove one that you use no more."))
    try:
        credential = _read(answer)
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=bytes.fromhex(asked.facts["challenge"]),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
        transports = _transports(credential)
    except _ODD:
        raise _wrong() from None
    credential_id = made.credential_id.hex()
    if _row(connection, credential_id) is not None:
        raise WrongPasskey(phrase("This passkey is here already."))
    kept = Passkey(
        credential_id=credential_id,
        name=name.strip()[:NAME_LENGTH_MAX] or "Passkey",
        created_at=clock.now(),
        used_at=None,
    )
    connection.execute(
        sa.insert(tables.passkey).values(
            account_id=account.account_id,
            credential_id=credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            transports=transports,
            name=kept.name,
            created_at=kept.created_at,
        )
    )
    tell_brands(
        connection,
        account,
        phrase("{who} added the passkey “{passkey}”", passkey=kept.name),
        what="account.passkey_added",
    )
    return kept


def ask_to_show(connection: Connection, party: Party, account: Account | None = None) -> Asked:
    """Begin to show a passkey: anybody's, or one of this account."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        timeout=_milliseconds(LASTS),
        allow_credentials=_descriptors(connection, account.account_id) if account else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    mine = account.account_id if account else None
    return _asked(connection, _SHOW, options, options.challenge, mine)


def show(
    connection: Connection, party: Party, *, token: str, answer: str, account: Account | None = None
) -> Account:
    """Whose passkey was shown; with `account`, that it is hers. Raises WrongPasskey.

    A counter that does not go on is that of a copy, and opens nothing.
    """
    asked = challenges.take(connection, _SHOW, token)
    if asked is None or asked.account_id != (account.account_id if account else None):
        raise _stale()
    try:
        credential = _read(answer)
        raw_id = webauthn.base64url_to_bytes(str(credential["rawId"]))
        row = _row(connection, raw_id.hex())
        if row is None:
            raise _wrong()
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=bytes.fromhex(asked.facts["challenge"]),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
        handle = credential["response"].get("userHandle")
        is_hers = not handle or webauthn.base64url_to_bytes(handle) == row.account_id.encode()
    except _ODD:
        raise _wrong() from None
    found = accounts.get(connection, row.account_id)
    if found is None or not is_hers or (account and account.account_id != found.account_id):
        raise _wrong()
    _count(connection, row, shown.new_sign_count)
    return found


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


def _asked(
    connection: Connection, purpose: str, options: Any, challenge: bytes, account_id: str | None
) -> Asked:
    token = challenges.begin(
        connection,
        purpose,
        lasts=LASTS,
        account_id=account_id,
        facts={"challenge": challenge.hex()},
    )
    return Asked(options=webauthn.options_to_json(options), token=token)


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > ANSWER_LENGTH_MAX:
        raise ValueError("Longer than any passkey's answer.")
    credential = json.loads(answer)
    if not isinstance(credential, dict):
        raise ValueError("An object is needed.")
    return credential


def _transports(credential: Mapping[str, Any]) -> list[str]:
    known = {str(each.value) for each in AuthenticatorTransport}
    said = credential["response"].get("transports") or []
    return sorted(known.intersection(each for each in said if isinstance(each, str)))


def _descriptors(connection: Connection, account_id: str) -> list[PublicKeyCredentialDescriptor]:
    rows = connection.execute(
        sa.select(tables.passkey.c.credential_id, tables.passkey.c.transports).where(
            tables.passkey.c.account_id == account_id
        )
    )
    return [
        PublicKeyCredentialDescriptor(
            id=bytes.fromhex(row.credential_id),
            transports=[AuthenticatorTransport(each) for each in row.transports],
        )
        for row in rows
    ]


def _row(connection: Connection, credential_id: str) -> sa.Row[Any] | None:
    return connection.execute(
        sa.select(tables.passkey).where(tables.passkey.c.credential_id == credential_id)
    ).first()


def _count(connection: Connection, row: sa.Row[Any], sign_count: int) -> None:
    # Only on from what was read: of two that bring the same count, one is a copy.
    counted = connection.execute(
        sa.update(tables.passkey)
        .where(
            tables.passkey.c.credential_id == row.credential_id,
            tables.passkey.c.sign_count == row.sign_count,
        )
        .values(sign_count=sign_count, used_at=clock.now())
    )
    if counted.rowcount != 1:
        raise _wrong()


def _is_figures(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _milliseconds(time: timedelta) -> int:
    return int(time.total_seconds() * 1000)


def _wrong() -> WrongPasskey:
    return WrongPasskey(phrase("That passkey is not known here. Try another, or the password."))


def _stale() -> WrongPasskey:
    return WrongPasskey(phrase("That took too long. Try once more."))
