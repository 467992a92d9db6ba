"""Passkeys: made once on a device, then shown with a finger, a face or the device's own code.

Each asks for that (user verification), so one passkey is two factors. WebAuthn level 3.
https://www.w3.org/TR/webauthn-3/ (2026-11-25)
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

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
from wallet_service.access.errors import WrongPasskey
from wallet_service.access.party import Party, party
from wallet_service.access.passkey import Passkey, is_lacking, of, remove, remove_all, require
from wallet_service.access.told import tell_brands
from wallet_service.language import phrase

__all__ = [
    "ANSWER_LENGTH_MAX",
    "LASTS",
    "NAME_LENGTH_MAX",
    "PER_ACCOUNT_MAX",
    "Asked",
    "Party",
    "Passkey",
    "ask_to_register",
    "ask_to_show",
    "is_lacking",
    "of",
    "party",
    "register",
    "remove",
    "remove_all",
    "require",
    "show",
]

ANSWER_LENGTH_MAX = 16_384
NAME_LENGTH_MAX = 40
PER_ACCOUNT_MAX = 20
LASTS = timedelta(minutes=5)

_REGISTER, _SHOW = "passkey-register", "passkey-show"
# What a hostile answer can make the library, or the JSON and the keys below it, raise.
_ODD = (WebAuthnException, ValueError, TypeError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the browser is asked: `options` for it, `token` for what it answers to come back."""

    options: str
    token: str


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


def _milliseconds(time: timedelta) -> int:
    return int(time.total_seconds() * 1000)


def _wrong() -> WrongPasskey:
    return WrongPasskey(phrase("That passkey is not known here. Try another, or the password."))


def _stale() -> WrongPasskey:
    return WrongPasskey(phrase("That took too long. Try once more."))
