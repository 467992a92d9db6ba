"""What the outside told us, answered once: the same id and body is the same answer.

Callers name what they tell (sale_id, event_id …). One row keeps the name, a hash of the operation
and its canonical body, and the answer: ids and figures, never personal data. Only successes are
kept, since a refusal undoes the transaction and the row with it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db
from wallet_service.db import Json, Moment, Text, table
from wallet_service.errors import Refusal
from wallet_service.language import phrase

told = table(
    "told",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("source", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),
    sa.Column("member_id", Text),
    sa.Column("operation", Text, nullable=False),
    sa.Column("body_hash", Text, nullable=False),
    sa.Column("answer", Json),
    sa.Column("told_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an operation gave: the member it was about, and an answer fit to be kept.

    `given` is the answer as the operation has it, which saves reading it back the first time.
    """

    member_id: str
    answer: Mapping[str, Any]
    given: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told under a name, and what was answered."""

    key: str
    operation: str
    member_id: str
    answer: Mapping[str, Any]
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer, and whether it was given before."""

    answer: Mapping[str, Any]
    repeated: bool
    given: object = None  # as in `Done`; a repeat has none


class IdempotencyConflict(Refusal):
    """The id was used before, for something else."""

    code = "idempotency_conflict"


def once(
    connection: Connection,
    *,
    brand_id: str,
    source: str,
    key: str,
    operation: str,
    body: Mapping[str, Any],
    act: Callable[[], Done],
) -> Outcome:
    """Do `act` unless `key` came from `source` before; then give the answer of that time.

    Call it before anything is locked. Raises IdempotencyConflict when the key came with another
    operation or body. What `act` raises must leave the transaction.
    """
    digest = body_hash(operation, body)
    # A second telling waits here on PostgreSQL until the first has committed or gone; on SQLite
    # there is one writer at a time.
    claimed = connection.execute(
        _claim(connection),
        {
            "brand_id": brand_id,
            "source": source,
            "key": key,
            "operation": operation,
            "body_hash": digest,
            "told_at": clock.now(),
        },
    ).first()
    mine = {"of_brand": brand_id, "of_source": source, "of_key": key}
    if claimed is None:
        before = connection.execute(_FOUND, mine).one()
        if before.body_hash != digest:
            raise IdempotencyConflict(
                phrase("This id was used before, for something else. Choose a new one.")
            )
        return Outcome(answer=before.answer, repeated=True)
    done = act()
    connection.execute(_ANSWER, {**mine, "of_member": done.member_id, "answered": done.answer})
    return Outcome(answer=done.answer, repeated=False, given=done.given)


def find(connection: Connection, *, brand_id: str, source: str, key: str) -> Told | None:
    """What `source` told as `key`, or None when it never came."""
    mine = (told.c.brand_id == brand_id) & (told.c.source == source) & (told.c.key == key)
    return next(iter(_told(connection, sa.select(told).where(mine))), None)


def latest(
    connection: Connection, *, brand_id: str, source: str, operations: Sequence[str], most: int
) -> tuple[Told, ...]:
    """The last that a source told, for one whose names sort by time (`ids.new_id`)."""
    return _told(
        connection,
        sa.select(told)
        .where(
            told.c.brand_id == brand_id,
            told.c.source == source,
            told.c.operation.in_(operations),
        )
        .order_by(told.c.key.desc())
        .limit(most),
    )


def member_of(connection: Connection, *, brand_id: str, source: str, key: str) -> str | None:
    """The member that `key` from `source` was about, or None when it never came."""
    member_id: str | None = connection.execute(
        sa.select(told.c.member_id).where(
            told.c.brand_id == brand_id, told.c.source == source, told.c.key == key
        )
    ).scalar()
    return member_id


def _told(connection: Connection, wanted: sa.Select[Any]) -> tuple[Told, ...]:
    return tuple(
        Told(
            key=row.key,
            operation=row.operation,
            member_id=row.member_id,
            answer=row.answer,
            told_at=row.told_at,
        )
        for row in connection.execute(wanted)
    )


def body_hash(operation: str, body: Mapping[str, Any]) -> str:
    """The mark by which a repeat is known."""
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{operation}\n{canonical}".encode()).hexdigest()


@db.built_once
def _claim(connection: Connection) -> sa.Executable:
    return db.insert(connection, told).on_conflict_do_nothing().returning(told.c.key)


_mine = (
    (told.c.brand_id == sa.bindparam("of_brand"))
    & (told.c.source == sa.bindparam("of_source"))
    & (told.c.key == sa.bindparam("of_key"))
)
_FOUND = sa.select(told).where(_mine)
_ANSWER = (
    sa.update(told)
    .where(_mine)
    .values(member_id=sa.bindparam("of_member"), answer=sa.bindparam("answered"))
)
