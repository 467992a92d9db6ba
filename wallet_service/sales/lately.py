"""What a till did last, as the books have it: what it may show again and take back."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, idempotency
from wallet_service.coupons import Coupon
from wallet_service.idempotency import Outcome, Told
from wallet_service.language import Money
from wallet_service.members import codes
from wallet_service.sales import answer, came_back, tables, tickets, void
from wallet_service.sales.answer import Answer
from wallet_service.sales.tickets import Admission
from wallet_service.sales.told import Counter

_USE, _SALE, _ADMIT = "redeem", "sale", "admit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One press at a till: stamps, with the code of the coupon they `brought`, or a `coupon` used,
    or a sale by its amount, or people who were let in, or goods that came `back`.

    `code` is the member's card, which may have ended since. Of a sale, `answer` is what the till
    was told then and `paid` what it came to. Goods that came back are not undone.
    """

    event_id: str
    code: str
    at: datetime
    brought: str
    coupon: Coupon | None
    undone: bool
    answer: Answer | None = None
    paid: Money | None = None
    admission: Admission | None = None
    back: Money | None = None

    @property
    def can_be_undone(self) -> bool:
        return not self.undone and self.back is None


def deed(connection: Connection, counter: Counter, event_id: str) -> Deed | None:
    """What this source did under this name; None when it never came."""
    found = idempotency.find(
        connection, brand_id=counter.brand_id, source=counter.source, key=event_id
    )
    if found is None or found.operation not in void.UNDONE:
        return None
    return _deed(connection, counter, found)


def lately(connection: Connection, counter: Counter, most: int = 5) -> tuple[Deed, ...]:
    """The last few, the newest first. The till names its events with `ids.new_id`."""
    found = idempotency.latest(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        operations=void.UNDONE,
        most=most,
    )
    done = [_deed(connection, counter, each) for each in found]
    done += [
        Deed(
            event_id=event_id,
            code=codes.newest(connection, member_id),
            at=at,
            brought="",
            coupon=None,
            undone=False,
            back=back,
        )
        for event_id, member_id, at, back in came_back.lately(
            connection, counter, clock.now(), most
        )
    ]
    return tuple(sorted(done, key=lambda each: each.at, reverse=True)[:most])


def _deed(connection: Connection, counter: Counter, found: Told) -> Deed:
    outcome = Outcome(answer=found.answer, repeated=True)
    brought, coupon, told, admission = "", None, None, None
    if found.operation == _USE:
        coupon = answer.read_redeemed(connection, outcome).coupon
    elif found.operation == _ADMIT:
        admission = tickets.read(connection, outcome)
    else:
        told = answer.read(connection, outcome)
        brought = next(iter(told.brought), "")
    is_sale = found.operation == _SALE
    undoing = idempotency.find(
        connection, brand_id=counter.brand_id, source=counter.source, key=void.key_of(found.key)
    )
    return Deed(
        event_id=found.key,
        code=codes.newest(connection, found.member_id),
        at=found.told_at,
        brought=brought,
        coupon=coupon,
        undone=undoing is not None,
        answer=told if is_sale else None,
        paid=_paid(connection, counter, found) if is_sale else None,
        admission=admission,
    )


def _paid(connection: Connection, counter: Counter, found: Told) -> Money | None:
    sale = tables.sale.c
    row = connection.execute(
        sa.select(sale.amount, sale.currency).where(
            sale.member_id == found.member_id,
            sale.source == counter.source,
            sale.sale_id == found.key,
            sale.amount.is_not(None),
        )
    ).first()
    return None if row is None else Money(amount=row.amount, currency=row.currency)
