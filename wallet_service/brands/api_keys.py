"""API keys: what a POS, a CRM or an app proves itself with, and what it may do."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.brands import tables
from wallet_service.errors import Refusal
from wallet_service.language import phrase

_WHOLE = (
    "members", "sales", "coupons", "segments", "campaigns", "ledger", "settings", "practice",
)  # fmt: skip
SCOPES = frozenset(_WHOLE) | {f"{scope}:read" for scope in _WHOLE}
ALL = frozenset(_WHOLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key and what it opens. `source` stays when a key is replaced by a new one."""

    brand_id: str
    key_id: str
    name: str
    scopes: frozenset[str]
    location_id: str | None
    source: str
    unhurried: bool = False  # not slowed by velocity limits

    def may(self, scope: str) -> bool:
        """Whether the key opens `scope`; a whole scope opens its `:read` too."""
        return scope in self.scopes or scope.removesuffix(":read") in self.scopes


class UnknownScope(Refusal):
    """A key was asked for something that does not exist."""

    code = "unknown_scope"


def create(
    connection: Connection,
    brand_id: str,
    *,
    name: str,
    scopes: Collection[str],
    location_id: str | None = None,
    source: str | None = None,
    unhurried: bool = False,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown this once. Raises UnknownScope."""
    if unknown := sorted(set(scopes) - SCOPES):
        raise UnknownScope(
            phrase(
                "There is no scope {unknown}. There are: {known}.",
                unknown=", ".join(unknown),
                known=", ".join(sorted(SCOPES)),
            )
        )
    key_id = ids.random_text(8).lower()
    key = ApiKey(
        brand_id=brand_id,
        key_id=key_id,
        name=name,
        scopes=frozenset(scopes),
        location_id=location_id,
        source=source or (f"location:{location_id}" if location_id else f"key:{key_id}"),
        unhurried=unhurried,
    )
    proof = secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(tables.api_key).values(
            brand_id=brand_id,
            key_id=key_id,
            name=name,
            secret_hash=_hash(proof),
            scopes=sorted(scopes),
            location_id=location_id,
            locations=[location_id] if location_id else [],
            source=key.source,
            unhurried=unhurried,
            created_at=clock.now(),
        )
    )
    return key, f"wk_{key_id}_{proof}"


def by_secret(connection: Connection, secret: str) -> ApiKey | None:
    """The living key of a secret, or None."""
    prefix, _, rest = secret.partition("_")
    key_id, _, proof = rest.partition("_")
    row = connection.execute(
        sa.select(tables.api_key).where(
            tables.api_key.c.key_id == key_id, tables.api_key.c.ended_at.is_(None)
        )
    ).first()
    kept = row.secret_hash if row else _hash("")
    right = hmac.compare_digest(kept.encode(), _hash(proof).encode())
    if row is None or not right or prefix != "wk":
        return None
    return ApiKey(
        brand_id=row.brand_id,
        key_id=row.key_id,
        name=row.name,
        scopes=frozenset(row.scopes),
        location_id=row.location_id,
        source=row.source,
        unhurried=row.unhurried,
    )


def is_living(connection: Connection, brand_id: str, name: str) -> bool:
    """Whether there is a key of this name that opens something."""
    found = connection.execute(
        sa.select(tables.api_key.c.key_id).where(
            tables.api_key.c.brand_id == brand_id,
            tables.api_key.c.name == name,
            tables.api_key.c.ended_at.is_(None),
        )
    )
    return found.first() is not None


def end(connection: Connection, brand_id: str, name: str) -> int:
    """End every key of this name; returns how many there were."""
    ended = connection.execute(
        sa.update(tables.api_key)
        .where(
            tables.api_key.c.brand_id == brand_id,
            tables.api_key.c.name == name,
            tables.api_key.c.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
        .returning(tables.api_key.c.key_id)
    )
    return len(ended.all())


def _hash(proof: str) -> str:
    # The proof has 256 bits, so a plain hash is enough; a slow one would only cost the POS time.
    return hashlib.sha256(proof.encode()).hexdigest()
