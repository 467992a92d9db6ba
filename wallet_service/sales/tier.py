"""Tier: a member's standing, kept as the changes that made it; the last one holds."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.language import Words
from wallet_service.ledger import Account
from wallet_service.ledger import tables as books
from wallet_service.members import Member
from wallet_service.programme import Ruleset, Version
from wallet_service.programme.held import as_held, last
from wallet_service.programme.standing import Held, standing, window
from wallet_service.programme.tables import tier_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """The tier after an event, and whether it is higher than the one before."""

    tier: str | None
    is_reached: bool


def name_of(rules: Ruleset, key: str | None) -> Words | None:
    """What a tier is called, in each language. Pure."""
    found = rules.tier_of(key)
    return rules.words(found.name) if found else None


def stand(connection: Connection, member: Member, version: Version, at: datetime) -> Stood:
    """Look again at what counts, and write down a tier that changed. The member is locked."""
    rules = version.rules
    if rules.tiers is None:
        return Stood(tier=None, is_reached=False)
    row = last(connection, member.member_id)
    before = None if row is None else as_held(row)
    counts = counted(connection, member.member_id, rules.tiers.counts, window(rules, at))
    now = standing(rules, counts, before, at)
    if now != before:
        number = 1 if row is None else row.number + 1
        write(connection, member, version, now, number=number, at=at, counts=counts)
    ranks = {each.key: rank for rank, each in enumerate(rules.tiers.tier, 1)}
    was = before.tier if before is not None and before.until > at else None
    return Stood(
        tier=now.tier if now else None,
        is_reached=now is not None and ranks[now.tier] > ranks.get(was or "", 0),
    )


def write(
    connection: Connection,
    member: Member,
    version: Version,
    now: Held | None,
    *,
    number: int,
    at: datetime,
    counts: int,
) -> None:
    """Write down a change of tier, as the member's `number`th."""
    connection.execute(
        sa.insert(tier_change).values(
            member_id=member.member_id,
            number=number,
            brand_id=member.brand_id,
            programme_id=member.programme_id,
            tier=now.tier if now else None,
            since=now.since if now else at,
            until=now.until if now else None,
            total=counts,
            rule_version=version.version,
            recorded_at=clock.now(),
        )
    )


def counted(connection: Connection, member_id: str, unit: str, since: datetime) -> int:
    """What was gained of a unit since a moment; what was taken back counts where it was gained."""
    entry, line = books.entry, books.entry_line
    undone = entry.alias("undone")
    gained_at = sa.func.coalesce(undone.c.occurred_at, entry.c.occurred_at)
    total = connection.execute(
        sa.select(sa.func.coalesce(sa.func.sum(-line.c.amount), 0))
        .select_from(line)
        .join(entry, (entry.c.member_id == line.c.member_id) & (entry.c.number == line.c.number))
        .outerjoin(
            undone,
            (undone.c.member_id == entry.c.member_id) & (undone.c.number == entry.c.reverses),
        )
        .where(
            line.c.member_id == member_id,
            line.c.unit == unit,
            line.c.account == Account.ISSUED,
            gained_at >= since,
        )
    ).scalar_one()
    return int(total)
