"""Came back: a return as the books have it, tried out or told: what it took, and what it gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import coupons, idempotency, ledger
from wallet_service.coupons import Coupon, CouponState
from wallet_service.coupons import tables as coupon_tables
from wallet_service.idempotency import Outcome
from wallet_service.language import Money
from wallet_service.ledger import tables as books
from wallet_service.ledger.entry import MEMBERS_OWN
from wallet_service.sales import answer, kept_sale, returns, tables
from wallet_service.sales.answer import Answer
from wallet_service.sales.kept_sale import KeptSale
from wallet_service.sales.returns import Return
from wallet_service.sales.told import Counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A coupon that went with the goods, and what was paid for it and is on the card again."""

    coupon: Coupon
    price: Mapping[str, int]
    was_used: bool  # in the very sale: it was bought with it


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """A return: of which sale, how much, and what became of units and coupons.

    `kept` is what the goods had given and stays all the same, as the programme's policy has it.
    """

    answer: Answer
    sale: KeptSale
    amount: Money
    is_whole: bool
    taken: Mapping[str, int]
    kept: Mapping[str, int]
    usable_again: tuple[Coupon, ...]
    withdrawn: tuple[Withdrawn, ...]


def dry(connection: Connection, counter: Counter, back: Return) -> CameBack:
    """What `take_back` would do now. Nothing is kept. Raises what `take_back` raises."""
    woken = connection.info.get("wake")
    trial = connection.begin_nested()
    try:
        member_id = returns.take_back(connection, counter, back).member_id
        tried = find(connection, counter.brand_id, member_id, back.return_id)
        assert tried is not None
        return tried
    finally:
        trial.rollback()
        connection.info["wake"] = woken


def find(connection: Connection, brand_id: str, member_id: str, return_id: str) -> CameBack | None:
    """The return of this name of a member, whichever source told the sale; None: there is none."""
    back = tables.sale_return
    row = connection.execute(
        sa.select(back).where(
            back.c.member_id == member_id,
            back.c.return_id == return_id,
            back.c.brand_id == brand_id,
        )
    ).first()
    told = row and idempotency.find(connection, brand_id=brand_id, source=row.source, key=return_id)
    if row is None or told is None:
        return None
    sale = kept_sale.of(connection, member_id, row.source, row.sale_id)
    assert sale is not None
    said = answer.read(connection, Outcome(answer=told.answer, repeated=True))
    return CameBack(
        answer=said,
        sale=sale,
        amount=Money(amount=row.amount, currency=sale.currency or "EUR"),
        is_whole=row.is_whole,
        taken=row.taken,
        kept={
            unit: owed - row.taken.get(unit, 0)
            for unit, owed in row.owed.items()
            if owed > row.taken.get(unit, 0)
        },
        usable_again=_usable_again(connection, sale, row.recorded_at, said),
        withdrawn=(
            *_paid_for(connection, sale, return_id),
            *_free(connection, sale, is_first=sale.returned == row.amount),
        ),
    )


def lately(
    connection: Connection, counter: Counter, now: datetime, most: int
) -> list[tuple[str, str, datetime, Money]]:
    """The last returns at this till within a day, the newest first: name, member, when, how much.

    They are told under the source that sold, so a till's own source does not find them.
    """
    back, sale = tables.sale_return, tables.sale
    rows = connection.execute(
        sa.select(back.c.return_id, back.c.member_id, back.c.recorded_at, back.c.amount)
        .add_columns(sale.c.currency)
        .join(
            sale,
            (sale.c.member_id == back.c.member_id)
            & (sale.c.source == back.c.source)
            & (sale.c.sale_id == back.c.sale_id),
        )
        .where(
            back.c.brand_id == counter.brand_id,
            back.c.till_id == counter.till_id,
            back.c.occurred_at > now - timedelta(days=1),
        )
        .order_by(back.c.occurred_at.desc())
        .limit(most)
    )
    return [
        (
            row.return_id,
            row.member_id,
            row.recorded_at,
            Money(amount=row.amount, currency=row.currency),
        )
        for row in rows
    ]


def _usable_again(
    connection: Connection, sale: KeptSale, told_at: datetime, said: Answer
) -> tuple[Coupon, ...]:
    """The coupons that were used with the sale and became the member's again with this return."""
    redemption = coupon_tables.redemption
    codes = connection.execute(
        sa.select(redemption.c.code).where(
            redemption.c.member_id == sale.member_id,
            redemption.c.source == sale.source,
            redemption.c.key == sale.sale_id,
            redemption.c.reversed_at >= told_at,
        )
    ).scalars()
    freed = set(codes)
    return tuple(each for each in said.coupons if each.code in freed)


def _paid_for(connection: Connection, sale: KeptSale, return_id: str) -> list[Withdrawn]:
    entry, coupon = books.entry, coupon_tables.coupon
    rows = connection.execute(
        sa.select(coupon.c.code, entry.c.number)
        .join(
            entry,
            (entry.c.member_id == coupon.c.member_id) & (entry.c.reverses == coupon.c.entry),
        )
        .where(
            coupon.c.member_id == sale.member_id,
            entry.c.source == sale.source,
            entry.c.key == return_id,
        )
        .order_by(entry.c.number)
    ).all()
    numbers = {row.code: row.number for row in rows}
    redemption = coupon_tables.redemption
    used = set(
        connection.execute(
            sa.select(redemption.c.code).where(
                redemption.c.member_id == sale.member_id,
                redemption.c.source == sale.source,
                redemption.c.key == sale.sale_id,
            )
        ).scalars()
    )
    return [
        Withdrawn(
            coupon=each,
            price=_own(connection, sale.member_id, numbers[each.code]),
            was_used=each.code in used,
        )
        for each in coupons.by_codes(connection, sale.member_id, list(numbers))
    ]


def _free(connection: Connection, sale: KeptSale, *, is_first: bool) -> list[Withdrawn]:
    """What the sale brought for nothing. What an earlier return took, it has told itself."""
    if not is_first:
        return []
    return [
        Withdrawn(coupon=each, price={}, was_used=False)
        for each in coupons.of_event(connection, sale.member_id, sale.source, sale.sale_id)
        if each.state is CouponState.REVERSED and each.entry is None
    ]


def _own(connection: Connection, member_id: str, number: int) -> dict[str, int]:
    own: dict[str, int] = {}
    for line in ledger.lines_of(connection, member_id, number):
        if line.account in MEMBERS_OWN:
            own[line.unit] = own.get(line.unit, 0) + line.amount
    return own
