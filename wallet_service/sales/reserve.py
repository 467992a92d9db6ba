"""Reserve: hold a coupon for one sale for a while; and roll back a use or a reservation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from wallet_service.coupons import Coupon
from wallet_service.sales.answer import Redeemed
from wallet_service.sales.told import Counter

TTL_SECONDS = 300
TTL_SECONDS_MAX = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """A coupon that is held, and until when."""

    member_id: str
    coupon: Coupon
    until: datetime
    repeated: bool = False


def reserve(
    connection: Connection,
    counter: Counter,
    event_id: str,
    coupon_code: str,
    *,
    ttl_seconds: int = TTL_SECONDS,
    card_code: str | None = None,
) -> Reserved:
    """Hold a coupon, so that no other event can use it until the time is over."""
    raise NotImplementedError


def rollback(connection: Connection, counter: Counter, event_id: str, coupon_code: str) -> Redeemed:
    """Undo the use, or let go the reservation, that this source told as `event_id`."""
    raise NotImplementedError
