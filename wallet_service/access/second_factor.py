"""The second factor: a code of six digits from an app, or one of ten spare codes on paper.

The app's secret is derived from the service's key, so no row holds it. RFC 6238; ±1 step of 30
seconds is allowed for, and each step opens once.
https://www.rfc-editor.org/rfc/rfc6238 (2026-11-25)
"""

import base64
import hmac
from dataclasses import dataclass
from urllib.parse import quote

import pyotp
import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.access import tables
from wallet_service.access.accounts import Account
from wallet_service.access.errors import WrongCode
from wallet_service.access.told import tell_brands
from wallet_service.keys import Keyring
from wallet_service.language import phrase

STEP_SECONDS = 30
SPARE_CODES = 10

_SPARE_LENGTH = 10
_SECRET_BYTES = 20  # what every app takes; RFC 4226 asks for 16 at least


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Secret:
    """What an app is told, by a QR code or by typing."""

    typed: str
    uri: str


def secret(connection: Connection, keyring: Keyring, account: Account, issuer: str) -> Secret:
    """The secret of an account, the same each time until it is turned off."""
    text = _secret(keyring, _row(connection, account.account_id))
    # Written out, as spaces in pyotp's own address are pluses, which some apps show as such.
    label = f"{quote(issuer)}:{quote(account.email)}"
    return Secret(
        typed=" ".join(text[place : place + 4] for place in range(0, len(text), 4)),
        uri=f"otpauth://totp/{label}?secret={text}&issuer={quote(issuer)}",
    )


def turn_on(connection: Connection, keyring: Keyring, account: Account, code: str) -> list[str]:
    """Ask for codes from now on, as the app has shown one. Returns the spare codes, this once.

    Raises WrongCode.
    """
    row = _row(connection, account.account_id)
    step = _step(keyring, row, code)
    if row.totp_confirmed_at is not None or step is None or step <= row.totp_last_step:
        raise _wrong()
    connection.execute(
        sa.update(tables.account)
        .where(tables.account.c.account_id == account.account_id)
        .values(totp_confirmed_at=clock.now(), totp_last_step=step)
    )
    tell_brands(
        connection, account, phrase("{who} turned codes at sign-in on"), what="account.codes_on"
    )
    return spare_codes(connection, keyring, account.account_id)


def turn_off(connection: Connection, keyring: Keyring, account: Account) -> None:
    """Ask for codes no more."""
    remove(connection, keyring, account.account_id)
    tell_brands(
        connection, account, phrase("{who} turned codes at sign-in off"), what="account.codes_off"
    )


def remove(connection: Connection, keyring: Keyring, account_id: str) -> None:
    """Forget the second factor: the next one has another secret."""
    connection.execute(
        sa.update(tables.account)
        .where(tables.account.c.account_id == account_id)
        .values(
            key_id=keyring.current_id,
            totp_generation=tables.account.c.totp_generation + 1,
            totp_confirmed_at=None,
            totp_last_step=0,
        )
    )
    connection.execute(
        sa.delete(tables.spare_code).where(tables.spare_code.c.account_id == account_id)
    )


def spare_codes(connection: Connection, keyring: Keyring, account_id: str) -> list[str]:
    """Ten new spare codes, shown this once; those before are dead."""
    row = _row(connection, account_id)
    connection.execute(
        sa.delete(tables.spare_code).where(tables.spare_code.c.account_id == account_id)
    )
    codes = [ids.random_text(_SPARE_LENGTH) for _ in range(SPARE_CODES)]
    now = clock.now()
    connection.execute(
        sa.insert(tables.spare_code),
        [
            {"account_id": account_id, "code_hash": _spare_hash(keyring, row, code),
             "created_at": now}
            for code in codes
        ],
    )  # fmt: skip
    return [f"{code[:5]} {code[5:]}" for code in codes]


def spare_codes_left(connection: Connection, account_id: str) -> int:
    """How many spare codes are not used yet."""
    return connection.execute(
        sa.select(sa.func.count()).where(
            tables.spare_code.c.account_id == account_id, tables.spare_code.c.used_at.is_(None)
        )
    ).scalar_one()


def use(connection: Connection, keyring: Keyring, account_id: str, typed: str) -> bool:
    """Whether this is the app's code or a spare one; it is used up by that."""
    row = _row(connection, account_id)
    if row.totp_confirmed_at is None:
        return False
    step = _step(keyring, row, typed)
    if step is not None:
        return _use_step(connection, account_id, step)
    return _use_spare(connection, keyring, row, typed)


def _use_step(connection: Connection, account_id: str, step: int) -> bool:
    # One statement, so that of two who bring the same code at once only one comes in.
    used = connection.execute(
        sa.update(tables.account)
        .where(tables.account.c.account_id == account_id, tables.account.c.totp_last_step < step)
        .values(totp_last_step=step)
    )
    return used.rowcount == 1


def _use_spare(
    connection: Connection, keyring: Keyring, row: sa.Row[tuple[object, ...]], typed: str
) -> bool:
    code = "".join(each for each in typed.upper().translate(_MENDED) if each in ids.ALPHABET)
    used = connection.execute(
        sa.update(tables.spare_code)
        .where(
            tables.spare_code.c.account_id == row.account_id,
            tables.spare_code.c.code_hash == _spare_hash(keyring, row, code),
            tables.spare_code.c.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    return used.rowcount == 1


# People type O for 0 and I or L for 1; the alphabet has neither.
_MENDED = str.maketrans("OIL", "011")


def _step(keyring: Keyring, row: sa.Row[tuple[object, ...]], typed: str) -> int | None:
    """The step whose code this is: the present one, the one before or the one after."""
    digits = "".join(typed.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    app, present = pyotp.HOTP(_secret(keyring, row)), clock.seconds() // STEP_SECONDS
    # All three are looked at, whichever it is.
    right = [
        step
        for step in (present - 1, present, present + 1)
        if hmac.compare_digest(app.at(step), digits)
    ]
    return right[-1] if right else None


def _secret(keyring: Keyring, row: sa.Row[tuple[object, ...]]) -> str:
    subject = f"{row.account_id}|{row.totp_generation}"
    made = keyring.derive("totp", subject, str(row.key_id))[:_SECRET_BYTES]
    return base64.b32encode(made).decode()


def _spare_hash(keyring: Keyring, row: sa.Row[tuple[object, ...]], code: str) -> str:
    # Fifty bits are too few for a plain hash; without the service's key nobody can try them.
    return keyring.derive("spare-code", f"{row.account_id}|{code}", str(row.key_id)).hex()


def _row(connection: Connection, account_id: str) -> sa.Row[tuple[object, ...]]:
    return connection.execute(
        sa.select(tables.account).where(tables.account.c.account_id == account_id)
    ).one()


def _wrong() -> WrongCode:
    return WrongCode(phrase("That is not the code that the app shows now. Look again, and retype."))
