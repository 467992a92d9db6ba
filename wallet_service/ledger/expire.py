"""Expire: what has ended leaves the balance, lot by lot, and is told why."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import members, programme
from wallet_service.language import phrase
from wallet_service.ledger import balances, idle, tables
from wallet_service.ledger.daytime import daytime
from wallet_service.ledger.entry import Account, EntryKind, Event, Line, ended
from wallet_service.ledger.post import post
from wallet_service.members import Member
from wallet_service.phones import outbox
from wallet_service.programme import Ruleset, Version
from wallet_service.programme.part import Unit
from wallet_service.programme.tables import programme as programmes


def expire_due(connection: Connection, member_id: str, now: datetime) -> int:
    """Close what of one member's has ended by now; how many entries that took."""
    member = members.lock(connection, member_id)
    version = programme.current(connection, member.programme_id)
    rules = version.rules
    written = 0
    at, lines = _by_calendar(connection, member_id, now)
    if lines:
        written += 1
        number = member.entries + written
        post(connection, member_id, _event(version, member_id, number, at), lines)
    at, lines = _by_absence(connection, member, rules, now)
    if lines:
        written += 1
        number = member.entries + written
        post(connection, member_id, _event(version, member_id, number, at), lines)
    if written:
        due_at = daytime(now, rules.zone)
        outbox.changed(connection, member_id, priority=outbox.CAMPAIGN, due_at=due_at)
    return written


def expire_all(connection: Connection, now: datetime, most: int = 50) -> int:
    """Close what has ended of at most so many members; how many there were."""
    found = to_expire(connection, now, most)
    for member_id in found:
        expire_due(connection, member_id, now)
    return len(found)


def to_expire(connection: Connection, now: datetime, most: int) -> tuple[str, ...]:
    """Members of whom something has ended, in the order in which they are locked."""
    lot = tables.lot.c
    over = sa.select(lot.member_id).distinct().where(_ended(now)).limit(most)
    found: set[str] = set(connection.execute(over).scalars())
    for version in every_programme(connection):
        for unit in absent_units(version.rules):
            if len(found) < most:
                before = idle.last_seen(version.rules, unit, now)
                wanted = idle.members_of(version, unit, before)
                found.update(connection.execute(wanted.limit(most - len(found))).scalars())
    return tuple(sorted(found))


def every_programme(connection: Connection) -> Iterator[Version]:
    """Each programme of each brand, by the rules that it has now."""
    ids = connection.execute(sa.select(programmes.c.programme_id)).scalars().all()
    for programme_id in sorted(ids):
        yield programme.current(connection, programme_id)


def absent_units(rules: Ruleset) -> tuple[Unit, ...]:
    """The units that end with their member's absence."""
    return tuple(unit for unit, each in rules.expiry.items() if each.inactive_months is not None)


def _ended(now: datetime) -> sa.ColumnElement[bool]:
    lot = tables.lot.c
    return (
        (lot.remaining > 0)
        & lot.expires_at.is_not(None)
        & (lot.expires_at <= now)
        & (lot.account == Account.AVAILABLE.value)
    )


def _by_calendar(
    connection: Connection, member_id: str, now: datetime
) -> tuple[datetime, list[Line]]:
    lot = tables.lot.c
    found = connection.execute(
        sa.select(lot.unit, lot.expires_at, sa.func.sum(lot.remaining))
        .where(lot.member_id == member_id, _ended(now))
        .group_by(lot.unit, lot.expires_at)
        .order_by(lot.expires_at, lot.unit)
    ).all()
    lines: list[Line] = []
    at = now
    for unit, at, amount in found:
        lines += ended(unit, int(amount), expires_at=at, why=phrase("their time was over"))
    return at, lines


def _by_absence(
    connection: Connection, member: Member, rules: Ruleset, now: datetime
) -> tuple[datetime, list[Line]]:
    lines: list[Line] = []
    last = now
    for unit in absent_units(rules):
        # Read anew: some may have ended a moment ago by the calendar of an older rule.
        available = balances.of_member(connection, member.member_id, [unit])[unit].available
        at = idle.ends_for(connection, member, rules, unit)
        if available > 0 and at is not None and at <= now:
            last = at
            why = phrase("no visit for a long time")
            lines += ended(unit, available, expires_at=None, why=why)
    return last, lines


def _event(version: Version, member_id: str, number: int, at: datetime) -> Event:
    return Event(
        kind=EntryKind.EXPIRY,
        source="clock",
        key=f"expire:{member_id}:{number}",
        part=0,
        rule_version=version.version,
        occurred_at=at,
    )
