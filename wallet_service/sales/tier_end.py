"""A tier's end, by the clock: written when its time is over, and told; a warning comes before."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import members, programme
from wallet_service.db import Database
from wallet_service.language import Phrase
from wallet_service.ledger import idle, jobs
from wallet_service.ledger.daytime import daytime
from wallet_service.ledger.expire import every_programme
from wallet_service.ledger.in_force import in_force
from wallet_service.ledger.tables import expiry_warning
from wallet_service.members import Member
from wallet_service.members.tables import member as member_table
from wallet_service.phones import news, outbox
from wallet_service.programme import Held, Ruleset, Version
from wallet_service.programme.held import as_held, held, last
from wallet_service.programme.standing import window
from wallet_service.programme.tables import tier_change
from wallet_service.sales import tier, tier_sentences

_TIER = "tier"  # where a warning of a unit's end names the unit


def end(database: Database, now: datetime) -> int:
    """Write down every end that is due; how many members that were."""
    return jobs.one_by_one(database, now, to_end, end_due)


def warn(database: Database, now: datetime) -> int:
    """Tell all whose tier would end soon; how many members that were."""
    return jobs.one_by_one(database, now, to_warn, warn_due)


def to_end(connection: Connection, now: datetime, most: int) -> tuple[str, ...]:
    """Members whose tier's time is over, in the order in which they are locked."""
    wanted = _held().where(tier_change.c.until <= now).limit(most)
    return tuple(sorted(connection.execute(wanted).scalars()))


def end_due(connection: Connection, member_id: str, now: datetime) -> None:
    """What holds after one member's tier has ended: what counted at the end gives it."""
    member = members.lock(connection, member_id)
    version = _version(connection, member)
    before = standing = held(connection, member_id)
    # After a long pause the tier that came then may be over, too.
    while standing is not None and standing.until <= now:
        standing = _after(connection, member, version, standing)
    name = tier.name_of(version.rules, before.tier if before else None)
    if before is None or name is None or (standing and standing.tier == before.tier):
        return
    new = tier.name_of(version.rules, standing.tier if standing else None)
    _tell(connection, member, version.rules, tier_sentences.after_end(name, new), now)


def to_warn(connection: Connection, now: datetime, most: int) -> tuple[str, ...]:
    """Members who are to be told that their tier ends, in the order in which they are locked."""
    found: set[str] = set()
    for version in every_programme(connection):
        for days in _warned(version.rules):
            told = sa.exists().where(
                expiry_warning.c.member_id == tier_change.c.member_id,
                expiry_warning.c.unit == _TIER,
                expiry_warning.c.expires_at == tier_change.c.until,
                expiry_warning.c.days == days,
            )
            wanted = _held().where(
                tier_change.c.programme_id == version.programme_id,
                tier_change.c.until > now,
                tier_change.c.until <= idle.reach(now, days, version.rules),
                ~told,
            )
            found.update(connection.execute(wanted.limit(most)).scalars())
    return tuple(sorted(found)[:most])


def warn_due(connection: Connection, member_id: str, now: datetime) -> None:
    """Tell one member what would keep the tier, where what counts by its end is too little."""
    member = members.lock(connection, member_id)
    rules = _version(connection, member).rules
    standing = held(connection, member_id)
    mine = rules.tier_of(standing.tier) if standing else None
    if standing is None or mine is None or rules.tiers is None or standing.until <= now:
        return
    told = set(
        connection.execute(
            sa.select(expiry_warning.c.days).where(
                expiry_warning.c.member_id == member_id,
                expiry_warning.c.unit == _TIER,
                expiry_warning.c.expires_at == standing.until,
            )
        ).scalars()
    )
    due = {each for each in _warned(rules) if standing.until <= idle.reach(now, each, rules)} - told
    if not due:
        return
    connection.execute(
        sa.insert(expiry_warning),
        [
            {
                "member_id": member_id,
                "brand_id": member.brand_id,
                "unit": _TIER,
                "expires_at": standing.until,
                "days": days,
                "told_at": now,
            }
            for days in sorted(due)
        ],
    )
    since = window(rules, standing.until)
    missing = mine.from_total - tier.counted(connection, member_id, rules.tiers.counts, since)
    if missing > 0:  # else it is held anew without a word
        last_day = (standing.until.astimezone(rules.zone) - timedelta(seconds=1)).date()
        said = tier_sentences.before_end(rules, rules.words(mine.name), last_day, missing)
        _tell(connection, member, rules, said, now)


def _warned(rules: Ruleset) -> list[int]:
    if rules.tiers is None or not rules.loyal.warned_before_expiry:
        return []
    return rules.tiers.warn_days


def _held() -> sa.Select[str]:
    """The members who hold a tier, each by the change that holds."""
    later = tier_change.alias("later")
    return (
        sa.select(tier_change.c.member_id)
        .join(member_table, member_table.c.member_id == tier_change.c.member_id)
        .where(
            tier_change.c.tier.is_not(None),
            member_table.c.status == "active",
            ~sa.exists().where(
                later.c.member_id == tier_change.c.member_id, later.c.number > tier_change.c.number
            ),
        )
    )


def _after(connection: Connection, member: Member, version: Version, standing: Held) -> Held | None:
    if version.rules.tiers is not None:
        tier.stand(connection, member, version, standing.until)
        return held(connection, member.member_id)
    row = last(connection, member.member_id)
    if row is not None and as_held(row) is not None:  # the programme has tiers no more
        number, at = row.number + 1, standing.until
        tier.write(connection, member, version, None, number=number, at=at, counts=0)
    return None


def _version(connection: Connection, member: Member) -> Version:
    return in_force(connection, member, programme.current(connection, member.programme_id))


def _tell(
    connection: Connection, member: Member, rules: Ruleset, said: Phrase, now: datetime
) -> None:
    news.tell(connection, member.member_id, said)
    due_at = daytime(now, rules.zone)
    outbox.changed(connection, member.member_id, priority=outbox.CAMPAIGN, due_at=due_at)
