"""Claims: rows of the outbox taken by one worker until a time, and what becomes of them.

Whoever dies leaves its leases to run out; nothing else has to be cleaned up.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db, ids
from wallet_service.phones.outbox import FREE
from wallet_service.phones.tables import outbox

ATTEMPTS_MAX = 20  # for the arithmetic of waiting; nothing is ever given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A row of the outbox, ours until the lease ends."""

    member_id: str
    pass_id: str
    revision: int
    attempts: int
    lease_id: str

    @property
    def key(self) -> tuple[str, str]:
        return (self.member_id, self.pass_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """A claim to be tried again at `due_at`, or at once if a newer word has come meanwhile."""

    claim: Claim
    due_at: datetime
    attempts: int = 0
    held: bool = False
    error: str | None = None


def due_lanes(connection: Connection, lanes: Collection[str]) -> set[str]:
    """Which of these lanes have something to claim now; a look that disturbs nobody."""
    now = clock.now()
    return {
        lane
        for lane in lanes
        if connection.execute(_ANY_DUE, {"of_lane": lane, "now": now}).first()
    }


def claim(connection: Connection, lane: str, *, limit: int, lease: timedelta) -> tuple[Claim, ...]:
    """Take up to `limit` due rows of a lane: what somebody waits for first, then the oldest."""
    now = clock.now()
    # Two claimers must not wait for each other: PostgreSQL passes over what another holds, and
    # on SQLite the next claimer comes after our commit.
    keys = connection.execute(_first_due(limit), {"of_lane": lane, "now": now}).all()
    if not keys:
        return ()
    lease_id = ids.new_id()
    taken = connection.execute(
        _TAKE, {"keys": sorted(tuple(key) for key in keys), "until": now + lease, "lease": lease_id}
    )
    return tuple(
        sorted((Claim(lease_id=lease_id, **row._mapping) for row in taken), key=lambda c: c.key)
    )


def acknowledge(connection: Connection, claims: Sequence[Claim]) -> None:
    """Settled: the rows go, but those that got a newer word since, which are free again."""
    if not claims:
        return
    rows = [_bound(claim) for claim in sorted(claims, key=lambda claim: claim.key)]
    connection.execute(_SETTLED, rows)
    connection.execute(_FREED, rows)


def put_back(connection: Connection, returned: Sequence[PutBack]) -> None:
    """Not settled: the rows are free again, and due at their time."""
    if not returned:
        return
    has_no_newer_word = outbox.c.revision == sa.bindparam("revision_")
    connection.execute(
        sa.update(outbox)
        .where(*_OURS)
        .values(
            leased_until=FREE,
            lease_id=None,
            due_at=sa.case(
                (has_no_newer_word, sa.bindparam("due_", type_=outbox.c.due_at.type)),
                else_=outbox.c.due_at,
            ),
            attempts=sa.case(
                (has_no_newer_word, sa.bindparam("attempts_", type_=sa.Integer())),
                else_=outbox.c.attempts,
            ),
            held=sa.case(
                (has_no_newer_word, sa.bindparam("held_", type_=outbox.c.held.type)),
                else_=outbox.c.held,
            ),
            last_error=sa.bindparam("error_", type_=sa.Text()),
        ),
        [
            _bound(each.claim)
            | {
                "due_": each.due_at,
                "attempts_": min(each.attempts, ATTEMPTS_MAX),
                "held_": each.held,
                "error_": each.error,
            }
            for each in sorted(returned, key=lambda each: each.claim.key)
        ],
    )


def free_all(connection: Connection) -> None:
    """End every lease: for the start of the only worker there is, whose leases are a dead one's."""
    connection.execute(
        sa.update(outbox)
        .where(outbox.c.leased_until > FREE)
        .values(leased_until=FREE, lease_id=None)
    )


def _bound(claim: Claim) -> dict[str, object]:
    return {
        "member_": claim.member_id,
        "pass_": claim.pass_id,
        "lease_": claim.lease_id,
        "revision_": claim.revision,
    }


_OURS = (
    outbox.c.member_id == sa.bindparam("member_"),
    outbox.c.pass_id == sa.bindparam("pass_"),
    outbox.c.lease_id == sa.bindparam("lease_"),
)
_SETTLED = sa.delete(outbox).where(*_OURS, outbox.c.revision == sa.bindparam("revision_"))
_FREED = sa.update(outbox).where(*_OURS).values(leased_until=FREE, lease_id=None)
_DUE = sa.select(outbox.c.member_id, outbox.c.pass_id).where(
    outbox.c.lane == sa.bindparam("of_lane"),
    outbox.c.due_at <= sa.bindparam("now"),
    outbox.c.leased_until <= sa.bindparam("now"),
)
_ANY_DUE = db.at_most(1, _DUE)
_TAKE = (
    sa.update(outbox)
    .where(
        sa.tuple_(outbox.c.member_id, outbox.c.pass_id).in_(sa.bindparam("keys", expanding=True))
    )
    .values(leased_until=sa.bindparam("until"), lease_id=sa.bindparam("lease"), held=False)
    .returning(outbox.c.member_id, outbox.c.pass_id, outbox.c.revision, outbox.c.attempts)
)


@lru_cache(maxsize=64)
def _first_due(limit: int) -> sa.Select[Any]:
    in_order = _DUE.order_by(outbox.c.priority, outbox.c.due_at)
    return db.at_most(limit, in_order).with_for_update(skip_locked=True)
