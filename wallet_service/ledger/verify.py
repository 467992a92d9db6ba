"""Verify: recompute a member's books from the first entry and say whatever does not agree."""

from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import members
from wallet_service.ledger import balances, kept, lots, tables
from wallet_service.ledger import hash as hashing
from wallet_service.ledger.balances import Balance
from wallet_service.ledger.entry import MEMBERS_OWN, Account, EntryKind, Line, unbalanced
from wallet_service.ledger.lots import Lot, LotKey, Use

# Made once: the audit asks for every entry that there is.
_KINDS, _ACCOUNTS = frozenset(EntryKind), frozenset(Account)


def verify(connection: Connection, member_id: str) -> tuple[str, ...]:
    """What is wrong with a member's books, each a sentence; nothing when they are whole.

    Chain, sums, lots with their uses, and the balances are all computed again from the lines.
    """
    return tuple(_faults(connection, member_id))


def _faults(connection: Connection, member_id: str) -> Iterator[str]:
    member = members.lock(connection, member_id)
    lines = _lines(connection, member_id)
    entries = connection.execute(
        sa.select(tables.entry)
        .where(tables.entry.c.member_id == member_id)
        .order_by(tables.entry.c.number)
    ).all()

    head = hashing.BEGINNING
    have: dict[LotKey, Lot] = {}
    is_open: set[LotKey] = set()
    owed: dict[str, int] = {}
    uses: dict[int, tuple[Use, ...]] = {}
    undid: dict[int, list[Use]] = defaultdict(list)  # by the entry that was undone
    confirmed: dict[int, list[int]] = defaultdict(list)
    for expected, row in enumerate(entries, start=1):
        if row.number != expected:
            yield f"Entry {expected} is missing; the next is {row.number}."
        here = lines[row.number]
        if not _is_readable(row, here):
            yield f"Entry {row.number} cannot be read; what follows was not looked at."
            return
        if row.previous_hash != head:
            yield f"Entry {row.number} does not follow the one before it."
        if row.hash != _hash(row, here):
            yield f"Entry {row.number} is not as it was written."
        head = row.hash
        told = [_line(line) for line in here]
        if sums := unbalanced(told):
            yield f"The lines of entry {row.number} do not sum to zero: {sums}."
        before = row.reverses
        undone = () if before is None else kept.net(before, [*uses.get(before, ()), *undid[before]])
        # Open lots are enough for an entry, as they are when it is written; a member with
        # thousands of visits is then replayed in a moment.
        needed = is_open.union(use.lot for use in undone)
        applied = lots.apply(
            {key: have[key] for key in needed},
            row.number,
            told,
            location_id=row.location_id,
            owed=owed,
            confirms=row.confirms,
            undone=undone,
            undone_numbers=() if before is None else (before, *confirmed[before]),
        )
        if applied.astray:
            yield f"Entry {row.number} takes from lots what is not in them: {applied.astray}."
        have |= applied.lots
        is_open = {key for key, lot in applied.lots.items() if lot.remaining}
        owed, uses[row.number] = applied.owed, applied.uses
        if before is not None:
            undid[before] += applied.uses
        if row.confirms is not None:
            confirmed[row.confirms].append(row.number)

    if (member.entries, member.head) != (len(entries), head):
        yield "The member's mark in the chain is not its last entry."
    if kept.every_lot(connection, member_id) != have:
        yield "The lots are not what a replay gives."
    if kept.every_use(connection, member_id) != {use for each in uses.values() for use in each}:
        yield "The uses of lots are not what a replay gives."
    stored = balances.of_member(connection, member_id)
    replayed = _balances([_line(line) for here in lines.values() for line in here])
    if stored != replayed:
        yield f"The balances are {stored}, a replay gives {replayed}."
    for unit, balance in replayed.items():
        left = dict.fromkeys(MEMBERS_OWN, 0)
        for lot in have.values():
            if lot.unit == unit:
                left[lot.account] += lot.remaining
        if left[Account.AVAILABLE] - owed.get(unit, 0) != balance.available:
            yield f"The open lots of {unit} are not its balance."
        if left[Account.PENDING] != balance.pending:
            yield f"The pending lots of {unit} are not what is pending."


def _lines(connection: Connection, member_id: str) -> dict[int, list[sa.Row[tuple[object, ...]]]]:
    rows: dict[int, list[sa.Row[tuple[object, ...]]]] = defaultdict(list)
    line = tables.entry_line
    for row in connection.execute(
        sa.select(line).where(line.c.member_id == member_id).order_by(line.c.number, line.c.line)
    ):
        rows[row.number].append(row)
    return rows


def _is_readable(row: sa.Row[tuple[object, ...]], lines: list[sa.Row[tuple[object, ...]]]) -> bool:
    """Whether an entry speaks the ledger's words; one that was forged may not."""
    return (
        row.formula in hashing.KNOWN
        and row.kind in _KINDS
        and all(line.account in _ACCOUNTS for line in lines)
    )


def _hash(row: sa.Row[tuple[object, ...]], lines: list[sa.Row[tuple[object, ...]]]) -> str:
    return hashing.chained(
        member_id=row.member_id,
        number=row.number,
        brand_id=row.brand_id,
        programme_id=row.programme_id,
        event=kept.event_of(row),
        lines=[
            hashing.line_facts(
                unit=line.unit,
                account=line.account,
                amount=line.amount,
                expires_at=line.expires_at,
                confirm_at=line.confirm_at,
                funder=line.funder,
                why=line.why,
                formula=row.formula,
            )
            for line in lines
        ],
        recorded_at=row.recorded_at,
        previous_hash=row.previous_hash,
        formula=row.formula,
    )


def _line(row: sa.Row[tuple[object, ...]]) -> Line:
    return Line(
        unit=row.unit,
        account=Account(row.account),
        amount=row.amount,
        expires_at=row.expires_at,
        confirm_at=row.confirm_at,
        funder=row.funder,
    )


def _balances(lines: list[Line]) -> dict[str, Balance]:
    sums: dict[str, dict[Account, int]] = {}
    for line in lines:
        sums.setdefault(line.unit, dict.fromkeys(Account, 0))[line.account] += line.amount
    return {
        unit: Balance(
            available=of[Account.AVAILABLE],
            pending=of[Account.PENDING],
            lifetime=-of[Account.ISSUED],
        )
        for unit, of in sums.items()
    }
