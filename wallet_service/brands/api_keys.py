"""API keys: what a POS, a CRM or an app proves itself with, and what it may do."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock, ids
from wallet_service.audit import Actor
from wallet_service.brands import location, tables, words
from wallet_service.errors import Refusal
from wallet_service.language import Phrase, phrase

_WHOLE = (
    "members", "sales", "coupons", "segments", "campaigns", "ledger", "settings", "practice",
)  # fmt: skip
SCOPES = frozenset(_WHOLE) | {f"{scope}:read" for scope in _WHOLE}
ALL = frozenset(_WHOLE)

# A use is written down at most this often: a busy till must not make a write of each read.
USED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key and what it opens. `source` stays when a key is replaced by a new one."""

    brand_id: str
    key_id: str
    name: str
    scopes: frozenset[str]
    locations: frozenset[str] = frozenset()  # for which it may speak; none means all
    source: str
    unhurried: bool = False  # not slowed by velocity limits
    created_at: datetime
    used_at: datetime | None = None

    def may(self, scope: str) -> bool:
        """Whether the key opens `scope`; a whole scope opens its `:read` too."""
        return scope in self.scopes or scope.removesuffix(":read") in self.scopes

    @property
    def own_location(self) -> str | None:
        """Where it stands when it does not say: its only location."""
        return next(iter(self.locations)) if len(self.locations) == 1 else None


class UnknownScope(Refusal):
    """A key was asked for something that does not exist, or for nothing."""

    code = "unknown_scope"


class KeyRefused(Refusal):
    """A key cannot be called that. `facts` name the field."""

    code = "bad_key"


class UnknownKey(Refusal):
    """The brand has no such living key."""

    code = "unknown_key"


def create(
    connection: Connection,
    brand_id: str,
    *,
    name: str,
    scopes: Collection[str],
    locations: Collection[str] = (),
    source: str | None = None,
    unhurried: bool = False,
    actor: Actor,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown this once.

    Raises UnknownScope, KeyRefused, UnknownLocation.
    """
    name = name.strip()
    _check(scopes, name)
    if by_name(connection, brand_id, name) is not None:
        raise KeyRefused(
            phrase("There is a key of the name {name}; end it, or choose another.", name=name),
            field="name",
        )
    location.known(connection, brand_id, locations)
    key_id = ids.random_text(8).lower()
    only = next(iter(locations)) if len(locations) == 1 else None
    key = ApiKey(
        brand_id=brand_id,
        key_id=key_id,
        name=name,
        scopes=frozenset(scopes),
        locations=frozenset(locations),
        source=source or (f"location:{only}" if only else f"key:{key_id}"),
        unhurried=unhurried,
        created_at=clock.now(),
    )
    secret = _keep(connection, key)
    _tell(connection, key, actor, phrase("{who} made the key {key}", key=name))
    return key, secret


def replace(connection: Connection, key: ApiKey, *, actor: Actor) -> tuple[ApiKey, str]:
    """A new key in an old one's place: the same in all but its secret. The old one ends at once.

    Raises UnknownKey.
    """
    _end(connection, key)
    new = ApiKey(
        brand_id=key.brand_id,
        key_id=ids.random_text(8).lower(),
        name=key.name,
        scopes=key.scopes,
        locations=key.locations,
        source=key.source,
        unhurried=key.unhurried,
        created_at=clock.now(),
    )
    secret = _keep(connection, new)
    _tell(connection, new, actor, phrase("{who} replaced the key {key} by a new one", key=key.name))
    return new, secret


def fresh_secret(connection: Connection, key: ApiKey) -> str:
    """Another secret for a key that the service keeps to itself and makes anew at each start. To
    nobody is anything different, so the audit log has no line of it. Raises UnknownKey."""
    proof = secrets.token_urlsafe(32)
    found = connection.execute(
        _mine(key)
        .where(tables.api_key.c.ended_at.is_(None))
        .values(secret_hash=_hash(proof))
        .returning(tables.api_key.c.key_id)
    ).first()
    if found is None:
        raise UnknownKey(phrase("There is no such key any more."))
    return _secret(key, proof)


def end(connection: Connection, key: ApiKey, *, actor: Actor) -> None:
    """End a key, at once and for good. Raises UnknownKey."""
    _end(connection, key)
    _tell(connection, key, actor, phrase("{who} ended the key {key}", key=key.name))


def by_secret(connection: Connection, secret: str) -> ApiKey | None:
    """The living key of a secret, or None."""
    prefix, _, rest = secret.partition("_")
    key_id, _, proof = rest.partition("_")
    row = connection.execute(_LIVING, {"wanted": key_id}).first()
    kept = row.secret_hash if row else _hash("")
    right = hmac.compare_digest(kept.encode(), _hash(proof).encode())
    if row is None or not right or prefix != "wk":
        return None
    return _key(row)


def used(connection: Connection, key: ApiKey) -> None:
    """Note that a key was used just now."""
    connection.execute(_mine(key).values(used_at=clock.now()))


def is_noted(key: ApiKey) -> bool:
    """Whether a use of it was written down lately enough."""
    return key.used_at is not None and clock.now() - key.used_at < USED_EVERY


def of(connection: Connection, brand_id: str) -> tuple[ApiKey, ...]:
    """The living keys of a brand, by name."""
    rows = connection.execute(
        sa.select(tables.api_key)
        .where(tables.api_key.c.brand_id == brand_id, tables.api_key.c.ended_at.is_(None))
        .order_by(tables.api_key.c.name, tables.api_key.c.key_id)
    )
    return tuple(_key(row) for row in rows)


def get(connection: Connection, brand_id: str, key_id: str) -> ApiKey:
    """A living key of a brand. Raises UnknownKey."""
    found = next((key for key in of(connection, brand_id) if key.key_id == key_id), None)
    if found is None:
        raise UnknownKey(phrase("There is no such key any more."))
    return found


def by_name(connection: Connection, brand_id: str, name: str) -> ApiKey | None:
    """The living key of a name, or None."""
    return next((key for key in of(connection, brand_id) if key.name == name.strip()), None)


def _check(scopes: Collection[str], name: str) -> None:
    if unknown := sorted(set(scopes) - SCOPES):
        raise UnknownScope(
            phrase(
                "There is no scope {unknown}. There are: {known}.",
                unknown=", ".join(unknown),
                known=", ".join(sorted(SCOPES)),
            ),
            field="scopes",
        )
    if not scopes:
        raise UnknownScope(
            phrase("A key that may do nothing is no key; give it a scope."), field="scopes"
        )
    if not words.is_name(name):
        raise KeyRefused(
            phrase("A key's name has 1 to 60 characters, without quotes, braces or <>."),
            field="name",
        )


def _keep(connection: Connection, key: ApiKey) -> str:
    """Keep a new key; its secret."""
    proof = secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(tables.api_key).values(
            brand_id=key.brand_id,
            key_id=key.key_id,
            name=key.name,
            secret_hash=_hash(proof),
            scopes=sorted(key.scopes),
            # Read by the version before; it knew one location a key.
            location_id=key.own_location,
            locations=sorted(key.locations),
            source=key.source,
            unhurried=key.unhurried,
            created_at=key.created_at,
        )
    )
    return _secret(key, proof)


def _secret(key: ApiKey, proof: str) -> str:
    return f"wk_{key.key_id}_{proof}"


def _end(connection: Connection, key: ApiKey) -> None:
    ended = connection.execute(
        _mine(key)
        .where(tables.api_key.c.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(tables.api_key.c.key_id)
    ).first()
    if ended is None:
        raise UnknownKey(phrase("There is no such key any more."))


def _mine(key: ApiKey) -> sa.Update:
    return sa.update(tables.api_key).where(
        tables.api_key.c.brand_id == key.brand_id, tables.api_key.c.key_id == key.key_id
    )


def _key(row: sa.Row[tuple[object, ...]]) -> ApiKey:
    return ApiKey(
        brand_id=row.brand_id,
        key_id=row.key_id,
        name=row.name,
        scopes=frozenset(row.scopes),
        locations=frozenset(row.locations),
        source=row.source,
        unhurried=row.unhurried,
        created_at=row.created_at,
        used_at=row.used_at,
    )


def _tell(connection: Connection, key: ApiKey, actor: Actor, say: Phrase) -> None:
    audit.write(connection, key.brand_id, actor, say, what="key.changed", subject=key.key_id)


def _hash(proof: str) -> str:
    # The proof has 256 bits, so a plain hash is enough; a slow one would only cost the POS time.
    return hashlib.sha256(proof.encode()).hexdigest()


_LIVING = sa.select(tables.api_key).where(
    tables.api_key.c.key_id == sa.bindparam("wanted"), tables.api_key.c.ended_at.is_(None)
)
