"""What a sign-in under way has to bring back once: a code, a passkey's challenge, a way back in.

The browser holds a token, we its hash. Whatever succeeds takes the row away with it.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.access import tables

TRIES_MAX = 5

CODE, RECOVER = "code", "recover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """Something that is still waited for."""

    account_id: str | None
    facts: Mapping[str, Any]


def begin(
    connection: Connection,
    purpose: str,
    *,
    lasts: timedelta,
    account_id: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> str:
    """The token that brings it back."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(tables.challenge).values(
            token_hash=_hash(token),
            purpose=purpose,
            account_id=account_id,
            facts=dict(facts or {}),
            expires_at=clock.now() + lasts,
        )
    )
    return token


def read(connection: Connection, purpose: str, token: str) -> Challenge | None:
    """What a token brings back, if it still waits; nothing is taken away."""
    row = connection.execute(sa.select(tables.challenge).where(_living(purpose, token))).first()
    return None if row is None else Challenge(account_id=row.account_id, facts=row.facts)


def take(connection: Connection, purpose: str, token: str) -> Challenge | None:
    """What a token brings back, this once."""
    row = connection.execute(
        sa.delete(tables.challenge)
        .where(_living(purpose, token))
        .returning(tables.challenge.c.account_id, tables.challenge.c.facts)
    ).first()
    return None if row is None else Challenge(account_id=row.account_id, facts=row.facts)


def attempt(connection: Connection, purpose: str, token: str) -> Challenge | None:
    """What a token brings back, with one try counted; after the last one nothing is left."""
    row = connection.execute(
        sa.select(tables.challenge).where(_living(purpose, token)).with_for_update()
    ).first()
    if row is None:
        return None
    tries = int(row.facts.get("tries", 0)) + 1
    mine = tables.challenge.c.token_hash == row.token_hash
    if tries > TRIES_MAX:
        connection.execute(sa.delete(tables.challenge).where(mine))
        return None
    facts = {**row.facts, "tries": tries}
    connection.execute(sa.update(tables.challenge).where(mine).values(facts=facts))
    return Challenge(account_id=row.account_id, facts=facts)


def end_all(connection: Connection, purpose: str, account_id: str) -> None:
    """Let an account's challenges of a kind bring back nothing any more."""
    connection.execute(
        sa.delete(tables.challenge).where(
            tables.challenge.c.purpose == purpose, tables.challenge.c.account_id == account_id
        )
    )


def _living(purpose: str, token: str) -> sa.ColumnElement[bool]:
    mine = tables.challenge.c.token_hash == _hash(token)
    is_meant = tables.challenge.c.purpose == purpose
    return mine & is_meant & (tables.challenge.c.expires_at > clock.now())


def _hash(token: str) -> str:
    # The token has 256 bits, so a plain hash is enough.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
