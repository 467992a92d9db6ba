"""Idle: members whose units end because they have not been here for long."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.ledger import tables
from wallet_service.ledger.entry import Account
from wallet_service.members import Member
from wallet_service.members.tables import member
from wallet_service.programme import Ruleset, Version
from wallet_service.programme.ending import idle_ends
from wallet_service.programme.part import Unit


def ends_for(connection: Connection, who: Member, rules: Ruleset, unit: Unit) -> datetime | None:
    """When all that a member has of a unit ends, if she does not come; nothing where it does not.

    Something that was given to her while she was away counts as a visit: a present is not taken
    back the next morning.
    """
    last = connection.execute(
        sa.select(sa.func.max(tables.entry.c.occurred_at))
        .select_from(_gained())
        .where(tables.lot.c.member_id == who.member_id, *_open(unit))
    ).scalar()
    return idle_ends(rules, unit, max(who.seen_at, last) if last else who.seen_at)


def last_seen(rules: Ruleset, unit: Unit, now: datetime) -> datetime:
    """Whoever was last here before this moment has none of the unit left `now`."""
    expiry = rules.expiry[unit]
    assert expiry.inactive_months is not None
    late = int(now.timestamp())
    early = late - (expiry.inactive_months + 3) * 31 * 86_400
    # The rule says when somebody's units end; the question here is the other way round.
    while late - early > 1:
        middle = (early + late) // 2
        ends = idle_ends(rules, unit, datetime.fromtimestamp(middle, UTC))
        if ends is not None and ends <= now:
            early = middle
        else:
            late = middle
    return datetime.fromtimestamp(late, UTC)


def members_of(version: Version, unit: Unit, seen_before: datetime) -> sa.Select[str]:
    """Members who have some of a unit and neither were here nor got any since."""
    lot = tables.lot.c
    recently = (
        sa.select(sa.literal(1))
        .select_from(_gained())
        .where(
            lot.member_id == member.c.member_id,
            *_open(unit),
            tables.entry.c.occurred_at >= seen_before,
        )
    )
    return sa.select(member.c.member_id).where(
        member.c.brand_id == version.brand_id,  # the index of who was seen when begins with it
        member.c.programme_id == version.programme_id,
        member.c.seen_at < seen_before,
        sa.exists().where(lot.member_id == member.c.member_id, *_open(unit)),
        ~recently.exists(),
    )


def reach(now: datetime, days: int, rules: Ruleset) -> datetime:
    """The same hour so many days later, as the shop's clock has it."""
    return (now.astimezone(rules.zone) + timedelta(days=days)).astimezone(UTC)


def _gained() -> sa.FromClause:
    lot, entry = tables.lot, tables.entry
    return lot.join(
        entry, (entry.c.member_id == lot.c.member_id) & (entry.c.number == lot.c.number)
    )


def _open(unit: str) -> tuple[sa.ColumnElement[bool], ...]:
    lot = tables.lot.c
    return (lot.unit == unit, lot.account == Account.AVAILABLE.value, lot.remaining > 0)
