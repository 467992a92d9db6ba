"""Admit: let people in with a ticket, and in again where the event allows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from wallet_service.coupons import Coupon
from wallet_service.language import Phrase
from wallet_service.sales.told import Counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """How many came in now, how many still may, and whether they had been in before."""

    member_id: str
    coupon: Coupon
    admitted: int
    left: int
    is_return: bool
    news: Phrase
    repeated: bool = False


def admit(
    connection: Connection,
    counter: Counter,
    event_id: str,
    ticket_code: str,
    *,
    count: int = 1,
    occurred_at: datetime | None = None,
) -> Admission:
    """Let `count` people in with a ticket."""
    raise NotImplementedError
