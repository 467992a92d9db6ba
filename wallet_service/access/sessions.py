"""Sessions: who is signed in, kept on the server; the browser holds an unguessable token.

A session ends by itself when nobody touched it for a while, and in any case after a longer one;
how long is the strictest level of the brands that the account works for.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.access import tables
from wallet_service.brands.levels import Level

# A touch is written down at most this often: reading pages must not make writes.
TOUCHED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in with one browser."""

    session_id: str
    account_id: str
    factors: str
    browser: str
    created_at: datetime
    seen_at: datetime
    proved_at: datetime

    @property
    def has_second_factor(self) -> bool:
        """Whether more than a password was shown; a passkey is two factors by itself."""
        return self.factors != "password"

    def is_over(self, level: Level, now: datetime) -> bool:
        """Whether it was not touched for too long, or has lasted too long in any case."""
        is_idle = now - self.seen_at > level.session_idle
        return is_idle or now - self.created_at > level.session_lasts

    def is_proved(self, level: Level, now: datetime) -> bool:
        """Whether the password or passkey was shown recently enough for a grave thing."""
        return now - self.proved_at <= level.proof_lasts


def begin(connection: Connection, account_id: str, *, factors: str, browser: str) -> str:
    """A new session's token, which only the browser will hold."""
    token, now = secrets.token_urlsafe(32), clock.now()
    connection.execute(
        sa.insert(tables.session).values(
            token_hash=_hash(token),
            session_id=ids.new_id(),
            account_id=account_id,
            factors=factors,
            browser=browser.replace("\0", "")[:200],
            created_at=now,
            seen_at=now,
            proved_at=now,
        )
    )
    return token


def of_token(connection: Connection, token: str) -> Session | None:
    """The session of a token, or None. Whether it is over is its reader's matter."""
    row = connection.execute(
        sa.select(tables.session).where(tables.session.c.token_hash == _hash(token))
    ).first()
    return None if row is None else _session(row)


def touch(connection: Connection, session: Session) -> None:
    """Note that somebody is still here."""
    connection.execute(
        sa.update(tables.session)
        .where(tables.session.c.session_id == session.session_id)
        .values(seen_at=clock.now())
    )


def prove(connection: Connection, session: Session, *, factors: str | None = None) -> str:
    """The password was shown again, or `factors`: the session goes on under a new token."""
    # A passkey makes more of a session that began with a password alone; nothing makes less of one.
    worth = factors if factors and not session.has_second_factor else session.factors
    return _rotate(connection, session, proved_at=clock.now(), factors=worth)


def go_on(connection: Connection, session: Session, *, factors: str) -> str:
    """How somebody signs in has changed: the session goes on under a new token."""
    return _rotate(connection, session, factors=factors)


def end_token(connection: Connection, token: str) -> None:
    """Sign out whoever holds this token; nothing where nobody does."""
    connection.execute(sa.delete(tables.session).where(tables.session.c.token_hash == _hash(token)))


def end(connection: Connection, session_id: str) -> None:
    """Sign one session out."""
    connection.execute(sa.delete(tables.session).where(tables.session.c.session_id == session_id))


def end_all(connection: Connection, account_id: str, *, but: str | None = None) -> None:
    """Sign an account out everywhere, but for one session where it is named."""
    mine = tables.session.c.account_id == account_id
    if but is not None:
        mine &= tables.session.c.session_id != but
    connection.execute(sa.delete(tables.session).where(mine))


def of_account(connection: Connection, account_id: str) -> tuple[Session, ...]:
    """Where an account is signed in, the latest first."""
    rows = connection.execute(
        sa.select(tables.session)
        .where(tables.session.c.account_id == account_id)
        .order_by(tables.session.c.seen_at.desc())
    )
    return tuple(_session(row) for row in rows)


def _rotate(connection: Connection, session: Session, **changed: object) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(
        sa.update(tables.session)
        .where(tables.session.c.session_id == session.session_id)
        .values(token_hash=_hash(token), seen_at=clock.now(), **changed)
    )
    return token


def _session(row: sa.Row[tuple[object, ...]]) -> Session:
    kept = dict(row._mapping)
    del kept["token_hash"]
    return Session(**kept)


def _hash(token: str) -> str:
    # The token has 256 bits, so a plain hash is enough.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
