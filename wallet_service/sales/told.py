"""What a counter tells us: who tells it, a sale by its amount, stamps by their count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from wallet_service.coupons import codes as coupon_codes
from wallet_service.language import phrase
from wallet_service.members import codes as card_codes
from wallet_service.sales.errors import BadAmount, BadCount, BadId, InTheFuture

AMOUNT_MAX = 1_000_000_000  # in minor units: ten million euros
STAMPS_MAX = 20
ID_LENGTH_MAX = 128
_THEIRS = "pos:"
AHEAD_MAX = timedelta(minutes=5)  # a till's clock may run a little fast


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Who tells us. `source` is a stable name: what it tells twice is answered once."""

    brand_id: str
    source: str
    location_id: str | None = None
    till_id: str | None = None
    staff_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A sale as told: whose card (or which member), how much, and the coupons to use with it."""

    sale_id: str
    amount: int
    currency: str
    code: str | None = None
    member_id: str | None = None
    occurred_at: datetime | None = None  # left out: now
    redeem: tuple[str, ...] = ()

    def canonical(self, counter: Counter) -> Mapping[str, Any]:
        """What makes two tellings the same."""
        return {
            **_who(self.code, self.member_id),
            **_where(counter),
            "occurred_at": _moment(self.occurred_at),
            "amount": self.amount,
            "currency": self.currency,
            "redeem": [coupon_codes.normalise(typed) or typed for typed in self.redeem],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StampsTold:
    """Stamps as a cashier gives them, where there is no till that knows the amount.

    `by_hand`: somebody in the office does, and says why (`by_hand`).
    """

    event_id: str
    count: int = 1
    code: str | None = None
    member_id: str | None = None
    occurred_at: datetime | None = None
    by_hand: bool = False

    def canonical(self, counter: Counter) -> Mapping[str, Any]:
        """What makes two tellings the same."""
        return {
            **_who(self.code, self.member_id),
            **_where(counter),
            "occurred_at": _moment(self.occurred_at),
            "count": self.count,
        }


def theirs(name: str) -> str:
    """A caller's own name of a till or a person, kept so that it can never be one of ours."""
    return _THEIRS + name


def as_told(name: str | None) -> str | None:
    """What the caller said: two tellings are the same whatever became of a till since."""
    return None if name is None else name.removeprefix(_THEIRS)


def check_amount(amount: object) -> None:
    """Raises BadAmount."""
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        raise BadAmount(phrase("The amount must be more than nothing, in whole cents."))
    if amount > AMOUNT_MAX:
        raise BadAmount(phrase("That amount is too large. Please check it."))


def check_count(count: object) -> None:
    """Raises BadCount."""
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= STAMPS_MAX:
        raise BadCount(phrase("Give from 1 to {most} stamps at once.", most=STAMPS_MAX))


def check_id(name: str) -> None:
    """Raises BadId. Printable text only, so that names we derive from it cannot collide.

    Not dots alone: as the last step of an address they mean another place, to every client.
    """
    is_whole = 1 <= len(name) <= ID_LENGTH_MAX and name == name.strip() and name.strip(".")
    if not is_whole or not name.isprintable():
        raise BadId(
            phrase(
                "An id is 1 to {most} printable characters, and not only dots.", most=ID_LENGTH_MAX
            )
        )


def moment_of(told: datetime | None, now: datetime) -> datetime:
    """When it happened. Raises InTheFuture."""
    if told is None:
        return now
    if told > now + AHEAD_MAX:
        raise InTheFuture(phrase("This sale lies in the future. Please check the till's clock."))
    return told.astimezone(UTC)


def _who(code: str | None, member_id: str | None) -> Mapping[str, Any]:
    return {"code": (card_codes.normalise(code) or code) if code else None, "member": member_id}


def _where(counter: Counter) -> Mapping[str, Any]:
    return {
        "location": counter.location_id,
        "till": as_told(counter.till_id),
        "staff": as_told(counter.staff_id),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
