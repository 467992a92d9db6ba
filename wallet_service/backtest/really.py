"""Really: what the books say that a span of members was given. What was taken back since counts
where it was gained, so it is less there."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.backtest.history import Really
from wallet_service.backtest.span import Span, stands
from wallet_service.coupons import tables as coupons
from wallet_service.enrolment.welcome import SOURCE as WELCOME
from wallet_service.ledger import Account, EntryKind
from wallet_service.ledger import tables as books


def really(connection: Connection, span: Span) -> Mapping[str, Really]:
    """By member."""
    given: dict[str, Counter[str]] = defaultdict(Counter)
    by_hand: dict[str, Counter[str]] = defaultdict(Counter)
    rewards: dict[str, Counter[str]] = defaultdict(Counter)
    for row in connection.execute(_issued(span)):
        side = by_hand if row.kind == EntryKind.ADJUSTMENT else given
        side[row.member_id][row.unit] += int(row.amount)
    for row in connection.execute(_rewards(span)):
        rewards[row.member_id][row.key] += row.number
    return {
        who: Really(given=given[who], by_hand=by_hand[who], rewards=rewards[who])
        for who in (given.keys() | by_hand.keys() | rewards.keys())
    }


def _issued(span: Span) -> sa.Select[Any]:
    entry, line = books.entry, books.entry_line
    undone = entry.alias("undone")
    kind = sa.func.coalesce(undone.c.kind, entry.c.kind)
    gained_at = sa.func.coalesce(undone.c.occurred_at, entry.c.occurred_at)
    return (
        sa.select(
            line.c.member_id,
            line.c.unit,
            kind.label("kind"),
            sa.func.sum(-line.c.amount).label("amount"),
        )
        .select_from(line)
        .join(entry, (entry.c.member_id == line.c.member_id) & (entry.c.number == line.c.number))
        .outerjoin(
            undone,
            (undone.c.member_id == entry.c.member_id) & (undone.c.number == entry.c.reverses),
        )
        .where(
            *span.members(line),
            line.c.account == Account.ISSUED.value,
            entry.c.programme_id == span.programme_id,
            gained_at >= span.since,
            *span.in_time(entry),
            # What a card begins with was given at no counter.
            *(sa.or_(each, entry.c.source == WELCOME) for each in span.here(entry)),
        )
        .group_by(line.c.member_id, line.c.unit, kind)
    )


def _rewards(span: Span) -> sa.Select[Any]:
    coupon, offer = coupons.coupon, coupons.offer
    return (
        sa.select(coupon.c.member_id, offer.c.key, sa.func.count().label("number"))
        .join_from(
            coupon,
            offer,
            (offer.c.brand_id == coupon.c.brand_id) & (offer.c.offer_id == coupon.c.offer_id),
        )
        .where(
            *span.members(coupon),
            offer.c.programme_id == span.programme_id,
            offer.c.kind == "reward",
            stands(coupon),
            coupon.c.issued_at >= span.since,
            coupon.c.issued_at <= span.until,
            *span.here(coupon),
        )
        .group_by(coupon.c.member_id, offer.c.key)
    )
