"""Reverse: an entry that undoes another one, whole or in part."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import members
from wallet_service.language import Phrase
from wallet_service.ledger import balances, kept, tables
from wallet_service.ledger.entry import MEMBERS_OWN, Account, Entry, EntryKind, Event, Line
from wallet_service.ledger.post import post
from wallet_service.programme.returning import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of an entry to undo, of one unit.

    `amount` is what the member gained (below zero: lost) and has not been undone, nor ended;
    `pending` is how much of a gain still waits to be confirmed.
    """

    amount: int
    pending: int
    against: Account


def reverse(
    connection: Connection,
    member_id: str,
    number: int,
    event: Event,
    *,
    why: Phrase,
    amounts: Mapping[str, int] | None = None,
    policy: Policy | None = None,
) -> Entry | None:
    """Undo the entry `number` of a member: its gains go, what it used comes back to its lots.

    `amounts` (by unit, above zero) undoes a part; several parts never undo more than there was.
    A gain goes from what is pending first, then from its own lots, then from any others.
    `policy` says how far: `only_pending`, `within_balance`, or `unlimited`, by which the balance
    may go below nothing. Without one, a gain that was used since is refused whole: NotEnough.
    With `amounts` or a `policy`, None is returned when there is nothing to undo.
    """
    members.lock(connection, member_id)
    lines: list[Line] = []
    for unit, left in left_of(connection, member_id, number).items():
        wanted = abs(left.amount)
        if amounts is not None:
            wanted = min(wanted, amounts.get(unit, 0))
        if left.amount < 0:
            taken = {Account.AVAILABLE: wanted}
        else:
            available = balances.of_member(connection, member_id, [unit])[unit].available
            taken = _taken(left, wanted, available, policy)
        lines += _lines(unit, taken, left, why)
    if not lines and (amounts is not None or policy is not None):
        return None
    undoing = replace(event, kind=EntryKind.REVERSAL, reverses=number)
    return post(connection, member_id, undoing, lines, may_owe=policy == "unlimited")


def left_of(connection: Connection, member_id: str, number: int) -> dict[str, Left]:
    """What is left of an entry to undo, by unit. A reversal and a confirmation are not undone."""
    entry, line = tables.entry, tables.entry_line
    rows = connection.execute(
        sa.select(entry.c.number, entry.c.kind, entry.c.confirms, line)
        .join(line, (line.c.member_id == entry.c.member_id) & (line.c.number == entry.c.number))
        .where(
            entry.c.member_id == member_id,
            (entry.c.number == number) | (entry.c.reverses == number),
        )
        .order_by(entry.c.number, line.c.line)
    ).all()
    mine = [row for row in rows if row.number == number]
    if any(row.kind == EntryKind.REVERSAL or row.confirms is not None for row in mine):
        raise ValueError("A reversal or a confirmation cannot be reversed.")
    against = {row.unit: Account(row.account) for row in mine if row.account not in MEMBERS_OWN}
    sums = dict.fromkeys(against, 0)
    for row in rows:
        if row.account in MEMBERS_OWN:
            sums[row.unit] += row.amount
    numbers = (number, *kept.confirmations(connection, member_id, number))
    gone, pending = _ended(connection, member_id, numbers), _pending(connection, member_id, number)
    return {
        unit: Left(
            amount=amount - min(gone.get(unit, 0), amount) if amount > 0 else amount,
            pending=pending.get(unit, 0),
            against=against[unit],
        )
        for unit, amount in sums.items()
    }


def lines_of(connection: Connection, member_id: str, number: int) -> tuple[Line, ...]:
    """The lines of one entry."""
    line = tables.entry_line
    rows = connection.execute(
        sa.select(line)
        .where(line.c.member_id == member_id, line.c.number == number)
        .order_by(line.c.line)
    )
    return tuple(
        Line(
            unit=row.unit,
            account=Account(row.account),
            amount=row.amount,
            expires_at=row.expires_at,
            confirm_at=row.confirm_at,
            funder=row.funder,
            why=Phrase.from_json(row.why) if row.why else None,
        )
        for row in rows
    )


def _taken(left: Left, wanted: int, available: int, policy: Policy | None) -> dict[Account, int]:
    """How a gain is taken back: so much from each of the member's accounts. Pure."""
    pending = min(wanted, left.pending)
    rest = wanted - pending
    if policy == "only_pending":
        rest = 0
    elif policy == "within_balance":
        rest = min(rest, max(0, available))
    return {Account.PENDING: -pending, Account.AVAILABLE: -rest}


def _lines(unit: str, taken: Mapping[Account, int], left: Left, why: Phrase) -> list[Line]:
    mine = [
        Line(unit=unit, account=account, amount=amount, why=why)
        for account, amount in taken.items()
        if amount
    ]
    if not mine:
        return []
    total = sum(line.amount for line in mine)
    return [*mine, Line(unit=unit, account=left.against, amount=-total)]


def _ended(connection: Connection, member_id: str, numbers: tuple[int, ...]) -> dict[str, int]:
    """How much of the lots of some entries has ended: that is gone already."""
    entry, use = tables.entry, tables.lot_use
    expiry = sa.select(entry.c.number).where(
        entry.c.member_id == member_id, entry.c.kind == EntryKind.EXPIRY.value
    )
    undoing = sa.select(entry.c.number).where(
        entry.c.member_id == member_id, entry.c.reverses.in_(expiry)
    )
    rows = connection.execute(
        sa.select(use.c.unit, sa.func.sum(use.c.amount))
        .where(
            use.c.member_id == member_id,
            use.c.lot_number.in_(numbers),
            use.c.number.in_(expiry) | use.c.number.in_(undoing),
        )
        .group_by(use.c.unit)
    )
    return {unit: int(amount) for unit, amount in rows}


def _pending(connection: Connection, member_id: str, number: int) -> dict[str, int]:
    lot = tables.lot
    rows = connection.execute(
        sa.select(lot.c.unit, sa.func.sum(lot.c.remaining))
        .where(
            lot.c.member_id == member_id,
            lot.c.number == number,
            lot.c.account == Account.PENDING.value,
        )
        .group_by(lot.c.unit)
    )
    return {unit: int(amount) for unit, amount in rows}
