"""What a till did last, as the books have it: what it may show again and take back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from wallet_service import idempotency
from wallet_service.coupons import Coupon
from wallet_service.idempotency import Outcome, Told
from wallet_service.members import codes
from wallet_service.sales import answer, void
from wallet_service.sales.told import Counter

_STAMPS, _USE = "stamps", "redeem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One press at a till: stamps, with the code of the coupon they `brought`, or a `coupon` used.

    `code` is the member's card, which may have ended since.
    """

    event_id: str
    code: str
    at: datetime
    brought: str
    coupon: Coupon | None
    undone: bool


def deed(connection: Connection, counter: Counter, event_id: str) -> Deed | None:
    """What this source did under this name; None when it never came."""
    found = idempotency.find(
        connection, brand_id=counter.brand_id, source=counter.source, key=event_id
    )
    if found is None or found.operation not in (_STAMPS, _USE):
        return None
    return _deed(connection, counter, found)


def lately(connection: Connection, counter: Counter, most: int = 5) -> tuple[Deed, ...]:
    """The last few, the newest first. The till names its events with `ids.new_id`."""
    found = idempotency.latest(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        operations=(_STAMPS, _USE),
        most=most,
    )
    done = [_deed(connection, counter, each) for each in found]
    return tuple(sorted(done, key=lambda each: each.at, reverse=True))


def _deed(connection: Connection, counter: Counter, found: Told) -> Deed:
    outcome = Outcome(answer=found.answer, repeated=True)
    brought, coupon = "", None
    if found.operation == _USE:
        coupon = answer.read_redeemed(connection, outcome).coupon
    else:
        brought = next(iter(answer.read(connection, outcome).brought), "")
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
    )
