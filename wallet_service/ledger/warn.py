"""Warn: members are told before something of theirs ends, once for each day of the list."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import members, programme
from wallet_service.language import Day, Phrase, phrase
from wallet_service.ledger import balances, idle, tables
from wallet_service.ledger.daytime import daytime
from wallet_service.ledger.entry import Account
from wallet_service.ledger.expire import every_programme
from wallet_service.members import Member
from wallet_service.members.tables import member as member_table
from wallet_service.phones import news, outbox
from wallet_service.programme import Ruleset, Version
from wallet_service.programme.amount import unit_amount
from wallet_service.programme.part import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ending:
    """So much of a unit ends at a moment: by its own date, or because nobody comes."""

    unit: Unit
    amount: int
    at: datetime
    by_absence: bool


def warn_due(connection: Connection, member_id: str, now: datetime) -> int:
    """Tell one member what ends soon and was not told yet; how many sentences that took."""
    member = members.lock(connection, member_id)
    rules = programme.current(connection, member.programme_id).rules
    if member.status != "active" or not rules.loyal.warned_before_expiry:
        return 0
    told = 0
    for ending in _endings(connection, member, rules, now):
        days = [
            each
            for each in rules.expiry[ending.unit].warn_days
            if ending.at <= idle.reach(now, each, rules)
        ]
        new = set(days) - _told(connection, member_id, ending)
        if not new:
            continue
        _note(connection, member, ending, new, now)
        # Of several that fall due together the nearest is said, and the others never.
        if min(days) in new:
            news.tell(connection, member_id, _sentence(ending, rules))
            told += 1
    if told:
        due_at = daytime(now, rules.zone)
        outbox.changed(connection, member_id, priority=outbox.CAMPAIGN, due_at=due_at)
    return told


def warn_all(connection: Connection, now: datetime, most: int = 50) -> int:
    """Tell at most so many members what ends soon; how many there were."""
    found = to_warn(connection, now, most)
    for member_id in found:
        warn_due(connection, member_id, now)
    return len(found)


def to_warn(connection: Connection, now: datetime, most: int) -> tuple[str, ...]:
    """Members who are to be told something, in the order in which they are locked."""
    found: set[str] = set()
    for version in every_programme(connection):
        if not version.rules.loyal.warned_before_expiry:
            continue
        for unit, expiry in version.rules.expiry.items():
            for days in expiry.warn_days:
                if len(found) >= most:
                    break
                for wanted in _wanted(version, unit, days, now):
                    found.update(connection.execute(wanted.limit(most)).scalars())
    return tuple(sorted(found)[:most])


def _wanted(version: Version, unit: Unit, days: int, now: datetime) -> tuple[sa.Select[str], ...]:
    lot, member, told = tables.lot.c, member_table.c, tables.expiry_warning.c
    until = idle.reach(now, days, version.rules)
    warned = sa.exists().where(
        told.member_id == lot.member_id,
        told.unit == unit,
        told.expires_at == lot.expires_at,
        told.days == days,
    )
    by_date = (
        sa.select(lot.member_id)
        .distinct()
        .join(member_table, member.member_id == lot.member_id)
        .where(
            member.programme_id == version.programme_id,
            member.status == "active",
            lot.unit == unit,
            lot.account == Account.AVAILABLE.value,
            lot.remaining > 0,
            lot.expires_at > now,
            lot.expires_at <= until,
            ~warned,
        )
    )
    if version.rules.expiry[unit].inactive_months is None:
        return (by_date,)
    already = sa.exists().where(
        told.member_id == member.member_id,
        told.unit == unit,
        told.days == days,
        told.expires_at > now,
    )
    before = idle.last_seen(version.rules, unit, until)
    absent = idle.members_of(version, unit, before).where(
        member.status == "active",
        # Whoever was away longer has nothing left to be warned of; the clock closes that.
        member.seen_at >= idle.last_seen(version.rules, unit, now),
        ~already,
    )
    return by_date, absent


def _endings(
    connection: Connection, member: Member, rules: Ruleset, now: datetime
) -> list[_Ending]:
    lot = tables.lot.c
    found = connection.execute(
        sa.select(lot.unit, lot.expires_at, sa.func.sum(lot.remaining))
        .where(
            lot.member_id == member.member_id,
            lot.account == Account.AVAILABLE.value,
            lot.remaining > 0,
            lot.expires_at > now,
        )
        .group_by(lot.unit, lot.expires_at)
        .order_by(lot.expires_at, lot.unit)
    )
    endings = [
        _Ending(unit=unit, amount=int(amount), at=at, by_absence=False)
        for unit, at, amount in found
        if unit in rules.expiry
    ]
    for unit in rules.expiry:
        at = idle.ends_for(connection, member, rules, unit)
        amount = balances.of_member(connection, member.member_id, [unit])[unit].available
        if at is not None and at > now and amount > 0:
            endings.append(_Ending(unit=unit, amount=amount, at=at, by_absence=True))
    return endings


def _told(connection: Connection, member_id: str, ending: _Ending) -> set[int]:
    warning = tables.expiry_warning.c
    found = connection.execute(
        sa.select(warning.days).where(
            warning.member_id == member_id,
            warning.unit == ending.unit,
            warning.expires_at == ending.at,
        )
    )
    return set(found.scalars())


def _note(
    connection: Connection, member: Member, ending: _Ending, days: set[int], now: datetime
) -> None:
    connection.execute(
        sa.insert(tables.expiry_warning),
        [
            {
                "member_id": member.member_id,
                "brand_id": member.brand_id,
                "unit": ending.unit,
                "expires_at": ending.at,
                "days": each,
                "told_at": now,
            }
            for each in sorted(days)
        ],
    )


def _sentence(ending: _Ending, rules: Ruleset) -> Phrase:
    given = unit_amount(ending.unit, ending.amount, rules.currency)
    # It ends at midnight, so the last day is the one before.
    last = Day(date=(ending.at.astimezone(rules.zone) - timedelta(seconds=1)).date())
    if ending.by_absence:
        return phrase("{given} until {day}; a visit before that keeps them.", given=given, day=last)
    return phrase("{given} can be used until {day}.", given=given, day=last)
