"""Context: what the rules know of a member besides the sale, and what they remember of it.

`progress` is how far each rule has counted. It is read only where the rules ask, and what was
read stays with the sale, so that a return can ask the rules again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import db
from wallet_service.members import Member
from wallet_service.programme import Ruleset
from wallet_service.programme.earn import Context, Counted, Progress, periods
from wallet_service.programme.held import held
from wallet_service.sales import tables

NONE = Context()


def read(connection: Connection, member: Member, rules: Ruleset, at: datetime) -> Context:
    """What `rules` must know of a member for a purchase at `at`; a plain programme asks nothing."""
    wanted = periods(rules, at)
    if not wanted and rules.tiers is None:
        return NONE
    standing = held(connection, member.member_id) if rules.tiers is not None else None
    return Context(
        tier=standing.tier if standing is not None and standing.until > at else None,
        progress=progress_of(connection, member.member_id, wanted),
    )


def progress_of(
    connection: Connection, member_id: str, wanted: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Progress]:
    """How far these rules have counted in these periods, noughts too."""
    if not wanted:
        return {}
    progress = tables.progress
    rows = connection.execute(
        sa.select(progress).where(
            progress.c.member_id == member_id,
            sa.tuple_(progress.c.rule, progress.c.period).in_(wanted),
        )
    )
    found = {(row.rule, row.period): Progress(amount=row.amount, given=row.given) for row in rows}
    return {each: found.get(each, Progress()) for each in wanted}


def count(connection: Connection, member: Member, counted: Sequence[Counted]) -> None:
    """Add to how far the rules have counted; a return adds less than nothing."""
    if not counted:
        return
    progress = tables.progress
    insert = db.insert(connection, progress)
    figures = ("amount", "given")
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["member_id", "rule", "period"],
            set_={name: progress.c[name] + insert.excluded[name] for name in figures},
        ),
        [
            {
                "member_id": member.member_id,
                "rule": each.rule,
                "period": each.period,
                "brand_id": member.brand_id,
                "amount": each.amount,
                "given": each.given,
            }
            for each in counted
        ],
    )


def kept(context: Context, counted: Sequence[Counted]) -> Mapping[str, Any] | None:
    """How it stays with the sale: [rule, period, before, before given, counted, counted given]."""
    added = {(each.rule, each.period): each for each in counted}
    keys = list(dict.fromkeys([*context.progress, *added]))
    if context.tier is None and not keys:
        return None
    rows = []
    for rule, period in keys:
        before = context.progress.get((rule, period), Progress())
        here = added.get((rule, period))
        moved = [here.amount, here.given] if here else [0, 0]
        rows.append([rule, period, before.amount, before.given, *moved])
    return {"tier": context.tier, "rules": rows}


def of_sale(stored: Mapping[str, Any] | None) -> tuple[Context, tuple[Counted, ...]]:
    """What `kept` made: the context as it was before the sale, and what the sale counted."""
    if stored is None:
        return NONE, ()
    rows = stored["rules"]
    return (
        Context(
            tier=stored["tier"],
            progress={
                (rule, period): Progress(amount=amount, given=given)
                for rule, period, amount, given, _, _ in rows
            },
        ),
        tuple(
            Counted(rule=rule, period=period, amount=amount, given=given)
            for rule, period, _, _, amount, given in rows
            if amount or given
        ),
    )
