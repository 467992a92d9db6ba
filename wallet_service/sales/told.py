"""What a counter tells us: who tells it, a sale by its amount, stamps by their count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from wallet_service.coupons import codes as coupon_codes
from wallet_service.language import phrase
from wallet_service.members import codes as card_codes
from wallet_service.programme.earn import Goods
from wallet_service.sales.errors import BadAmount, BadCount, BadId, BadLines, InTheFuture

AMOUNT_MAX = 1_000_000_000  # in minor units: ten million euros
STAMPS_MAX = 20
LINES_MAX = 500
QUANTITY_MAX = 100_000
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
    unhurried: bool = False  # not slowed by velocity limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be used with a sale: a coupon by its code, or a reward that units buy.

    `amount` is how much of the unit the member gives, where the reward leaves that open.
    """

    coupon: str | None = None
    reward: str | None = None
    amount: int | None = None

    @property
    def name(self) -> str:
        """What a refusal calls it: as it was told."""
        return self.coupon or self.reward or ""

    def canonical(self) -> Any:
        """What makes two tellings the same."""
        if self.coupon is not None:
            return coupon_codes.normalise(self.coupon) or self.coupon
        return {"reward": self.reward, "amount": self.amount}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A sale as told: whose card (or which member), how much, and what to use with it.

    `lines` are the goods, where the till knows them; an `amount` beside them is what was paid.
    In `redeem`, a text is a coupon's code.
    """

    sale_id: str
    currency: str
    amount: int | None = None
    lines: tuple[Goods, ...] = ()
    code: str | None = None
    member_id: str | None = None
    occurred_at: datetime | None = None  # left out: now
    redeem: tuple[str | Wanted, ...] = ()

    @property
    def paid(self) -> int:
        """What the sale came to: as told, or the sum of its lines."""
        if self.amount is not None:
            return self.amount
        return sum(each.quantity * each.price for each in self.lines)

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What to use with it."""
        return tuple(Wanted(coupon=each) if isinstance(each, str) else each for each in self.redeem)

    def canonical(self, counter: Counter) -> Mapping[str, Any]:
        """What makes two tellings the same; a sale without lines is told as it always was."""
        return {
            **_who(self.code, self.member_id),
            **_where(counter),
            "occurred_at": _moment(self.occurred_at),
            "amount": self.amount,
            "currency": self.currency,
            "redeem": [each.canonical() for each in self.wanted],
            **(
                {"lines": [[g.product, g.category, g.quantity, g.price] for g in self.lines]}
                if self.lines
                else {}
            ),
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


def check_lines(lines: Sequence[Goods]) -> None:
    """Raises BadLines, and says which line."""
    if len(lines) > LINES_MAX:
        raise BadLines(phrase("A sale has at most {most} lines.", most=LINES_MAX), field="lines")
    for place, goods in enumerate(lines):
        if not 1 <= goods.quantity <= QUANTITY_MAX or not 0 <= goods.price <= AMOUNT_MAX:
            raise BadLines(
                phrase(
                    "Line {line} needs a quantity above zero and a price in whole cents.",
                    line=place + 1,
                ),
                field=f"lines.{place}",
            )


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
