"""Findings: what happened at a counter though it should not have; kept as fact, for the brand."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db
from wallet_service.audit import Actor
from wallet_service.errors import Refusal
from wallet_service.language import Phrase
from wallet_service.sales import tables
from wallet_service.sales.told import Counter

OPEN_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found. `kind` is the code of the refusal that would have stopped it; `source` and
    `key` name the event."""

    finding_id: str
    member_id: str | None
    kind: str
    source: str
    key: str
    say: Phrase
    facts: Mapping[str, Any]
    location_id: str | None
    till_id: str | None
    staff_id: str | None
    occurred_at: datetime
    recorded_at: datetime


def note(
    connection: Connection,
    counter: Counter,
    member_id: str | None,
    refusal: Refusal,
    occurred_at: datetime,
    key: str,
) -> str:
    """Keep what would have been refused. The same event and code once, however often it is told."""
    # Of the event itself, so that a batch that comes twice finds the same things; one sale may
    # name two coupons that are refused alike.
    named = (counter.source, key, refusal.code, str(refusal.facts.get("what", "")))
    finding_id = hashlib.sha256("\n".join(named).encode()).hexdigest()[:32]
    connection.execute(
        db.insert(connection, tables.finding)
        .values(
            brand_id=counter.brand_id,
            finding_id=finding_id,
            member_id=member_id,
            kind=refusal.code,
            source=counter.source,
            key=key,
            say=refusal.say.as_json(),
            facts={name: _plain(fact) for name, fact in refusal.facts.items()},
            location_id=counter.location_id,
            till_id=counter.till_id,
            staff_id=counter.staff_id,
            occurred_at=occurred_at,
            recorded_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    return finding_id


def open_(connection: Connection, brand_id: str, most: int = OPEN_MAX) -> tuple[Finding, ...]:
    """What nobody has looked at yet, the newest first."""
    finding = tables.finding
    rows = connection.execute(
        sa.select(finding)
        .where(finding.c.brand_id == brand_id, finding.c.seen_at.is_(None))
        .order_by(finding.c.occurred_at.desc(), finding.c.finding_id)
        .limit(most)
    )
    return tuple(
        Finding(
            finding_id=row.finding_id,
            member_id=row.member_id,
            kind=row.kind,
            source=row.source,
            key=row.key,
            say=Phrase.from_json(row.say),
            facts=row.facts,
            location_id=row.location_id,
            till_id=row.till_id,
            staff_id=row.staff_id,
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
        )
        for row in rows
    )


def seen(connection: Connection, brand_id: str, finding_id: str, *, actor: Actor) -> bool:
    """Put a finding aside. False where there is none, or somebody did so before."""
    finding = tables.finding
    put_aside = connection.execute(
        sa.update(finding)
        .where(
            finding.c.brand_id == brand_id,
            finding.c.finding_id == finding_id,
            finding.c.seen_at.is_(None),
        )
        .values(seen_at=clock.now(), seen_by=actor.id or actor.name)
    )
    return put_aside.rowcount == 1


def _plain(fact: object) -> Any:
    return fact if isinstance(fact, str | int | float | bool | list | None) else str(fact)
