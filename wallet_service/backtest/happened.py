"""Happened: what was recorded of a span of members, as a history tells it. Each table is asked
once."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import programme
from wallet_service.backtest.history import Chosen, Corrected, Happening, Sold
from wallet_service.backtest.span import Span, stands
from wallet_service.coupons import tables as coupons
from wallet_service.ledger import Account, EntryKind
from wallet_service.ledger import tables as books
from wallet_service.programme import Purchase, Ruleset
from wallet_service.sales import tables
from wallet_service.sales.by_hand import SOURCE as BY_HAND
from wallet_service.sales.kept_sale import KeptLine, KeptSale, line_of

Found = tuple[str, int, Happening]


def happened(connection: Connection, span: Span) -> Iterator[Found]:
    """In no order: with each, the member and the entry in her books that it made first."""
    yield from _sold(connection, span)
    yield from _chosen(connection, span)
    yield from _corrected(connection, span)


def _sold(connection: Connection, span: Span) -> Iterator[Found]:
    sale = tables.sale
    lines = _lines(connection, span)
    rows = connection.execute(
        sa.select(sale).where(
            *span.members(sale),
            *span.in_time(sale),
            *span.here(sale),
            sale.c.programme_id == span.programme_id,
            sale.c.voided_at.is_(None),
        )
    )
    for row in rows:
        purchase = _purchase(row, lines.get((row.member_id, row.source, row.sale_id), {}))
        if purchase is not None:
            yield row.member_id, row.entry, Sold(at=row.occurred_at, purchase=purchase)


def _purchase(row: sa.Row[Any], lines: Mapping[int, KeptLine]) -> Purchase | None:
    """What is left of a sale; nothing where all of it is back."""
    if row.amount is None:
        is_by_hand = row.source == BY_HAND
        return Purchase(stamps=row.stamps or 0, by_hand=is_by_hand, at=row.occurred_at)
    sale = KeptSale(
        member_id=row.member_id,
        source=row.source,
        sale_id=row.sale_id,
        entry=row.entry,
        amount=row.amount,
        returned=row.returned,
        currency=row.currency,
        occurred_at=row.occurred_at,
        is_undone=False,
        lines=lines,
    )
    return sale.purchase if sale.left > 0 else None


def _lines(
    connection: Connection, span: Span
) -> Mapping[tuple[str, str, str], Mapping[int, KeptLine]]:
    line = tables.sale_line
    rows = connection.execute(
        sa.select(line)
        .where(*span.members(line))
        .order_by(line.c.member_id, line.c.source, line.c.sale_id, line.c.line)
    )
    of_sale = attrgetter("member_id", "source", "sale_id")
    return {
        name: {each.line: line_of(each) for each in group} for name, group in groupby(rows, of_sale)
    }


def _chosen(connection: Connection, span: Span) -> Iterator[Found]:
    """The rewards that were bought with units and stayed so, by the rules that sold them."""
    coupon, offer, entry, line = coupons.coupon, coupons.offer, books.entry, books.entry_line
    is_offers = (offer.c.brand_id == coupon.c.brand_id) & (offer.c.offer_id == coupon.c.offer_id)
    is_paid = (entry.c.member_id == coupon.c.member_id) & (entry.c.number == coupon.c.entry)
    is_line = (line.c.member_id == entry.c.member_id) & (line.c.number == entry.c.number)
    rows = connection.execute(
        sa.select(
            coupon.c.member_id,
            coupon.c.issued_at,
            offer.c.key,
            entry.c.number,
            entry.c.rule_version,
            line.c.amount,
        )
        .select_from(coupon)
        .join(offer, is_offers)
        .join(entry, is_paid)
        .join(line, is_line & (line.c.account == Account.REDEEMED.value))
        .where(
            *span.members(coupon),
            *span.in_time(entry),
            *span.here(coupon),
            offer.c.programme_id == span.programme_id,
            offer.c.kind == "reward",
            stands(coupon),
        )
    ).all()

    @cache
    def rules(number: int) -> Ruleset:
        return programme.numbered(connection, span.programme_id, number).rules

    for row in rows:
        reward = rules(row.rule_version).reward_of(row.key)
        if reward is not None and reward.comes == "bought":
            times = row.amount // reward.cost
            yield row.member_id, row.number, Chosen(at=row.issued_at, reward=row.key, times=times)


def _corrected(connection: Connection, span: Span) -> Iterator[Found]:
    entry, line = books.entry, books.entry_line
    is_line = (line.c.member_id == entry.c.member_id) & (line.c.number == entry.c.number)
    rows = connection.execute(
        sa.select(
            entry.c.member_id, entry.c.number, entry.c.occurred_at, line.c.unit, line.c.amount
        )
        .join_from(entry, line, is_line)
        .where(
            *span.members(entry),
            *span.in_time(entry),
            *span.here(entry),
            entry.c.programme_id == span.programme_id,
            entry.c.kind == EntryKind.ADJUSTMENT.value,
            line.c.account == Account.AVAILABLE.value,
        )
    )
    for row in rows:
        corrected = Corrected(at=row.occurred_at, unit=row.unit, amount=row.amount)
        yield row.member_id, row.number, corrected
