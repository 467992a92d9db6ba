"""Findings: what happened at a counter though it should not have; kept as fact, for the brand."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock, db
from wallet_service.audit import Actor
from wallet_service.errors import Refusal
from wallet_service.language import Phrase, phrases
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
    seen_at: datetime | None = None
    seen_by: str | None = None


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
    return page(connection, brand_id, are_seen=False, limit=most)


def count_open(connection: Connection, brand_id: str) -> int:
    """How many nobody has looked at yet."""
    finding = tables.finding
    return connection.execute(
        sa.select(sa.func.count()).where(
            finding.c.brand_id == brand_id, finding.c.seen_at.is_(None)
        )
    ).scalar_one()


def page(
    connection: Connection,
    brand_id: str,
    *,
    are_seen: bool,
    after: str | None = None,
    limit: int = OPEN_MAX,
) -> tuple[Finding, ...]:
    """Those that somebody has seen or those that nobody has, the newest first; those that come
    after one, where its id is given."""
    finding = tables.finding
    place = (finding.c.occurred_at, finding.c.finding_id)
    wanted = [
        finding.c.brand_id == brand_id,
        finding.c.seen_at.is_not(None) if are_seen else finding.c.seen_at.is_(None),
    ]
    if after is not None:
        last = sa.select(*place).where(
            finding.c.brand_id == brand_id, finding.c.finding_id == after
        )
        found = connection.execute(last).first()
        if found is None:
            return ()
        at, finding_id = found
        wanted.append(
            sa.or_(
                finding.c.occurred_at < at,
                sa.and_(finding.c.occurred_at == at, finding.c.finding_id > finding_id),
            )
        )
    rows = connection.execute(
        sa.select(finding)
        .where(*wanted)
        .order_by(finding.c.occurred_at.desc(), finding.c.finding_id)
        .limit(limit)
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
            seen_at=row.seen_at,
            seen_by=row.seen_by,
        )
        for row in rows
    )


def seen(
    connection: Connection, brand_id: str, finding_ids: Collection[str], *, actor: Actor
) -> int:
    """Put findings aside, and write who did; how many of them nobody had put aside before."""
    finding = tables.finding
    put_aside = connection.execute(
        sa.update(finding)
        .where(
            finding.c.brand_id == brand_id,
            finding.c.finding_id.in_(finding_ids),
            finding.c.seen_at.is_(None),
        )
        .values(seen_at=clock.now(), seen_by=actor.id or actor.name)
        .returning(finding.c.finding_id)
    ).all()
    if put_aside:
        audit.write(
            connection,
            brand_id,
            actor,
            phrases(
                "{who} has seen what should not have happened at a counter",
                "{who} has seen {n} things that should not have happened at a counter",
                len(put_aside),
            ),
            what="finding.seen",
            subject=put_aside[0].finding_id if len(put_aside) == 1 else None,
        )
    return len(put_aside)


def _plain(fact: object) -> Any:
    return fact if isinstance(fact, str | int | float | bool | list | None) else str(fact)
