"""Lots: units gained together, expiring together, used soonest-expiring first. Pure.

Open lots and an entry's lines in, lots and their uses out; the same function serves the sale at
hand (with the open lots) and the audit (with all that ever was). What is owed has no lot: while
anything is, no available lot is open, and what is gained next pays it first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from wallet_service.ledger.entry import MEMBERS_OWN, Account, Line

LotKey = tuple[int, int]  # the entry and the line that opened it

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What is left of units gained by one line. A pending one is closed when it is confirmed."""

    number: int
    line: int
    unit: str
    account: Account = Account.AVAILABLE
    amount: int
    remaining: int
    expires_at: datetime | None
    confirm_at: datetime | None = None
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
    """The lots after an entry, and its uses.

    `owed` is by unit what the lots could not give, with what was owed before; `astray` what was
    to come from certain lots (that end, or are confirmed) and was not in them: a fault.
    """

    lots: dict[LotKey, Lot]
    uses: tuple[Use, ...]
    owed: dict[str, int]
    astray: dict[str, int]


def apply(
    lots: Mapping[LotKey, Lot],
    number: int,
    lines: Sequence[Line],
    *,
    location_id: str | None = None,
    owed: Mapping[str, int] | None = None,
    confirms: int | None = None,
    undone: Iterable[Use] = (),
    undone_numbers: Collection[int] = (),
) -> Applied:
    """The lots after the entry `number`.

    A gain opens a lot; a loss eats lots by expiry, then in the order in which they were recorded.
    An entry that undoes others (`undone_numbers`: one, and those that confirmed it) first puts
    back what is left of its uses (`undone`) and eats the lots that they opened before any other.
    """
    books = _Books(number, lots, owed or {})
    back = {use.lot: use.amount for use in undone if use.amount > 0}
    of = {confirms} if confirms is not None else set(undone_numbers)
    for place, line in enumerate(lines):
        if line.account not in MEMBERS_OWN:
            continue
        if line.amount < 0:
            books.lose(line, of)
            continue
        rest = books.put_back(line, back) if undone_numbers else line.amount
        if rest:
            # More than the undone one took from lots: the rest had been owed, and may be paid.
            books.open(place, line, rest, location_id)
    books.pay()
    return books.closed()


def in_order(lots: Iterable[Lot]) -> list[Lot]:
    """Lots in the order in which they are used."""
    return sorted(lots, key=lambda lot: (lot.expires_at or _NEVER, lot.key))


class _Books:
    """A member's lots while one entry goes through them."""

    def __init__(self, number: int, lots: Mapping[LotKey, Lot], owed: Mapping[str, int]) -> None:
        self._number = number
        self._lots = dict(lots)
        self._used: dict[LotKey, int] = {}
        self._owed = {unit: amount for unit, amount in owed.items() if amount}
        self._astray: dict[str, int] = {}

    def lose(self, line: Line, of: Collection[int]) -> None:
        mine = [
            lot
            for lot in in_order(self._lots.values())
            if lot.remaining and lot.unit == line.unit and lot.account is line.account
        ]
        exact = line.expires_at is not None or line.account is Account.PENDING
        if line.account is Account.PENDING:
            mine = [lot for lot in mine if lot.number in of]
        if line.confirm_at is not None:
            mine = [lot for lot in mine if lot.confirm_at == line.confirm_at]
            mine = [lot for lot in mine if lot.expires_at == line.expires_at]
        elif line.expires_at is not None:
            mine = [lot for lot in mine if lot.expires_at == line.expires_at]
        mine.sort(key=lambda lot: lot.number not in of)  # stable: the rest keep their order
        if left := self._eat(mine, -line.amount):
            short = self._astray if exact else self._owed
            short[line.unit] = short.get(line.unit, 0) + left

    def open(self, place: int, line: Line, amount: int, location_id: str | None) -> None:
        self._lots[self._number, place] = Lot(
            number=self._number,
            line=place,
            unit=line.unit,
            account=line.account,
            amount=amount,
            remaining=amount,
            expires_at=line.expires_at,
            confirm_at=line.confirm_at,
            location_id=location_id,
            funder=line.funder or "brand",
        )

    def put_back(self, line: Line, back: dict[LotKey, int]) -> int:
        """Put back into the lots, what ends last first: the member keeps it longest."""
        amount = line.amount
        for lot in reversed(in_order(self._lots[key] for key in back)):
            if lot.unit != line.unit or lot.account is not line.account:
                continue
            given = min(back[lot.key], amount)
            back[lot.key] -= given
            amount -= given
            self._take(lot, -given)
        return amount

    def pay(self) -> None:
        """What is owed is paid from what there is by now."""
        for unit, amount in list(self._owed.items()):
            mine = [
                lot
                for lot in in_order(self._lots.values())
                if lot.remaining and lot.unit == unit and lot.account is Account.AVAILABLE
            ]
            self._owed[unit] = self._eat(mine, amount)

    def closed(self) -> Applied:
        uses = tuple(
            Use(number=self._number, lot=key, unit=self._lots[key].unit, amount=amount)
            for key, amount in sorted(self._used.items())
            if amount
        )
        owed = {unit: amount for unit, amount in self._owed.items() if amount}
        return Applied(lots=self._lots, uses=uses, owed=owed, astray=self._astray)

    def _eat(self, lots: Iterable[Lot], amount: int) -> int:
        for lot in lots:
            if not amount:
                break
            taken = min(lot.remaining, amount)
            self._take(lot, taken)
            amount -= taken
        return amount

    def _take(self, lot: Lot, amount: int) -> None:
        self._lots[lot.key] = replace(lot, remaining=lot.remaining - amount)
        self._used[lot.key] = self._used.get(lot.key, 0) + amount
