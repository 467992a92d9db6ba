"""Lots: units gained together, expiring together, used soonest-expiring first. Pure.

Open lots and an entry's lines in, lots and their uses out; the same function serves the sale at
hand (with the open lots) and the audit (with all that ever was).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from wallet_service.ledger.entry import Account, Line

LotKey = tuple[int, int]  # the entry and the line that opened it

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What is left of units gained by one line."""

    number: int
    line: int
    unit: str
    amount: int
    remaining: int
    expires_at: datetime | None
    location_id: str | None
    funder: str

    @property
    def key(self) -> LotKey:
        return self.number, self.line


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """So much of a lot that an entry used; below zero, put back."""

    number: int
    lot: LotKey
    unit: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The lots after an entry, its uses, and what it asked for in vain, by unit."""

    lots: dict[LotKey, Lot]
    uses: tuple[Use, ...]
    short: dict[str, int]


def apply(
    lots: Mapping[LotKey, Lot],
    number: int,
    lines: Sequence[Line],
    *,
    location_id: str | None = None,
    undone: Iterable[Use] = (),
    undone_number: int | None = None,
) -> Applied:
    """The lots after the entry `number`.

    A gain opens a lot; a loss eats lots by expiry, then in the order in which they were recorded.
    An entry that undoes another first puts back what that one used (`undone`) and eats the lots
    that it opened (`undone_number`) before any other.
    """
    after = dict(lots)
    used: dict[LotKey, int] = {}
    short: dict[str, int] = {}
    back = [use for use in undone if use.amount > 0]
    for place, line in enumerate(lines):
        if line.account is not Account.AVAILABLE:
            continue
        if line.amount < 0:
            left = _eat(after, used, line.unit, -line.amount, undone_number)
            if left:
                short[line.unit] = short.get(line.unit, 0) + left
        elif undone_number is not None:
            _put_back(after, used, [use for use in back if use.unit == line.unit], line.amount)
        else:
            after[number, place] = Lot(
                number=number,
                line=place,
                unit=line.unit,
                amount=line.amount,
                remaining=line.amount,
                expires_at=line.expires_at,
                location_id=location_id,
                funder=line.funder or "brand",
            )
    uses = tuple(
        Use(number=number, lot=key, unit=after[key].unit, amount=amount)
        for key, amount in sorted(used.items())
        if amount
    )
    return Applied(lots=after, uses=uses, short=short)


def in_order(lots: Iterable[Lot]) -> list[Lot]:
    """Lots in the order in which they are used."""
    return sorted(lots, key=lambda lot: (lot.expires_at or _NEVER, lot.key))


def _eat(
    lots: dict[LotKey, Lot],
    used: dict[LotKey, int],
    unit: str,
    amount: int,
    first: int | None,
) -> int:
    mine = [lot for lot in in_order(lots.values()) if lot.unit == unit and lot.remaining]
    mine.sort(key=lambda lot: lot.number != first)  # stable: the rest keep their order
    for lot in mine:
        taken = min(lot.remaining, amount)
        lots[lot.key] = replace(lot, remaining=lot.remaining - taken)
        used[lot.key] = used.get(lot.key, 0) + taken
        amount -= taken
        if not amount:
            break
    return amount


def _put_back(
    lots: dict[LotKey, Lot], used: dict[LotKey, int], uses: Sequence[Use], amount: int
) -> None:
    for use in uses:
        lot = lots[use.lot]
        given = min(use.amount, amount)
        lots[use.lot] = replace(lot, remaining=lot.remaining + given)
        used[use.lot] = used.get(use.lot, 0) - given
        amount -= given
    if amount:
        raise ValueError("An entry cannot put back more than the other one used.")
