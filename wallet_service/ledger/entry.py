"""An entry in the ledger and its lines, as they are told and as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wallet_service.language import Phrase


class EntryKind(StrEnum):
    """What an entry did."""

    ACCRUAL = "accrual"
    REDEMPTION = "redemption"
    EXPIRY = "expiry"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"


class Account(StrEnum):
    """Labels of lines. The first two are the member's, the others say where units came from or
    went; they are never a balance row of their own, so no row is hot."""

    AVAILABLE = "available"
    PENDING = "pending"
    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"


MEMBERS_OWN = frozenset({Account.AVAILABLE, Account.PENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So much of a unit, on an account.

    A line that opens a lot says when it expires, who pays for it and, while it is pending, when it
    is confirmed. One that closes what has ended says the moment, and closes lots of that alone.
    """

    unit: str
    account: Account
    amount: int
    expires_at: datetime | None = None
    confirm_at: datetime | None = None
    funder: str | None = None
    why: Phrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened and who told us. One event may make several entries: its parts.

    `reverses` is the entry that this one undoes, `confirms` the one whose pending units become
    available by it.
    """

    kind: EntryKind
    source: str
    key: str
    part: int
    rule_version: int
    occurred_at: datetime
    sale_id: str | None = None
    reverses: int | None = None
    confirms: int | None = None
    location_id: str | None = None
    till_id: str | None = None
    staff_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event in the ledger, never changed."""

    member_id: str
    number: int
    brand_id: str
    programme_id: str
    event: Event
    lines: tuple[Line, ...]
    recorded_at: datetime
    formula: int
    previous_hash: str
    hash: str


def gained(
    unit: str,
    amount: int,
    *,
    funder: str,
    why: Phrase,
    expires_at: datetime | None = None,
    confirm_at: datetime | None = None,
) -> tuple[Line, Line]:
    """The two lines of an accrual; with `confirm_at` it is pending until then."""
    return (
        Line(
            unit=unit,
            account=Account.PENDING if confirm_at else Account.AVAILABLE,
            amount=amount,
            expires_at=expires_at,
            confirm_at=confirm_at,
            funder=funder,
            why=why,
        ),
        Line(unit=unit, account=Account.ISSUED, amount=-amount),
    )


def confirmed(
    unit: str,
    amount: int,
    *,
    funder: str | None,
    expires_at: datetime | None,
    confirm_at: datetime | None,
    why: Phrase | None = None,
) -> tuple[Line, Line]:
    """The two lines of what was pending until `confirm_at` and is available now."""
    return (
        Line(
            unit=unit,
            account=Account.PENDING,
            amount=-amount,
            expires_at=expires_at,
            confirm_at=confirm_at,
        ),
        Line(
            unit=unit,
            account=Account.AVAILABLE,
            amount=amount,
            expires_at=expires_at,
            funder=funder,
            why=why,
        ),
    )


def spent(unit: str, amount: int, *, why: Phrase) -> tuple[Line, Line]:
    """The two lines of a redemption."""
    return (
        Line(unit=unit, account=Account.AVAILABLE, amount=-amount, why=why),
        Line(unit=unit, account=Account.REDEEMED, amount=amount),
    )


def adjusted(
    unit: str, amount: int, *, funder: str, why: Phrase, expires_at: datetime | None = None
) -> tuple[Line, Line]:
    """The two lines of an adjustment, up or down; what goes down was never gained."""
    if amount > 0:
        return gained(unit, amount, funder=funder, why=why, expires_at=expires_at)
    return (
        Line(unit=unit, account=Account.AVAILABLE, amount=amount, why=why),
        Line(unit=unit, account=Account.ISSUED, amount=-amount),
    )


def ended(unit: str, amount: int, *, expires_at: datetime | None, why: Phrase) -> tuple[Line, Line]:
    """The two lines of an expiry; with `expires_at`, of the lots that ended at that moment."""
    return (
        Line(unit=unit, account=Account.AVAILABLE, amount=-amount, expires_at=expires_at, why=why),
        Line(unit=unit, account=Account.EXPIRED, amount=amount),
    )


def unbalanced(lines: Sequence[Line]) -> dict[str, int]:
    """The units whose lines do not sum to zero, with their sums."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.unit] = sums.get(line.unit, 0) + line.amount
    return {unit: amount for unit, amount in sums.items() if amount}
