"""Post: the one writer of the ledger."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, members
from wallet_service.language import phrase
from wallet_service.ledger import hash as hashing
from wallet_service.ledger import kept, lots, tables, written
from wallet_service.ledger.entry import MEMBERS_OWN, Account, Entry, Event, Line, unbalanced
from wallet_service.ledger.errors import Astray, NotEnough, Unbalanced
from wallet_service.ledger.lots import Lot, LotKey, Use
from wallet_service.members import Member


def post(
    connection: Connection,
    member_id: str,
    event: Event,
    lines: Sequence[Line],
    *,
    may_owe: bool = False,
    held: Member | None = None,
    seen_at: datetime | None = None,
) -> Entry:
    """Write one entry.

    The only function that writes to the ledger. `lines` sum to zero per unit. Raises NotEnough
    when a balance would go below zero, unless it `may_owe`; what is gained next pays that first.
    `held` is the member from who has locked it and posted nothing since, `seen_at` when she was
    here, where that is news.
    Whether the event came before is `idempotency.once`'s matter. Whoever calls it leaves word in
    the outbox, once for all that one event brings.
    """
    if faults := unbalanced(lines):
        raise Unbalanced(faults)
    # Lock the member, not the entries: two tills may scan one card at the same moment, and the
    # second must see the balance the first left behind.
    member = held or members.lock(connection, member_id)
    number = member.entries + 1
    undone: tuple[Use, ...] = ()
    undone_numbers: tuple[int, ...] = ()
    if event.reverses is not None:
        undone = kept.left_of_uses(connection, member_id, event.reverses)
        confirmed_by = kept.confirmations(connection, member_id, event.reverses)
        undone_numbers = (event.reverses, *confirmed_by)
    owed = _owed(connection, member_id, lines)
    if _is_plain_use(event, lines):
        before = _used_first(connection, member_id, lines)
    else:
        # A gain opens a lot and asks for none, however many points somebody has saved up.
        used = {line.unit for line in lines if line.account in MEMBERS_OWN and line.amount < 0}
        also = [use.lot for use in undone]
        before = kept.lots_of(connection, member_id, open_of=used, also=also)
    after = lots.apply(
        before,
        number,
        lines,
        location_id=event.location_id,
        owed=owed,
        confirms=event.confirms,
        undone=undone,
        undone_numbers=undone_numbers,
    )
    if after.astray:
        raise Astray(after.astray)
    short = [unit for unit, amount in after.owed.items() if amount > owed.get(unit, 0)]
    if short and not may_owe:
        raise NotEnough(
            phrase("There is not enough on the card for that."),
            units=sorted(short),
        )
    now = clock.now()
    digest = hashing.chained(
        member_id=member_id,
        number=number,
        brand_id=member.brand_id,
        programme_id=member.programme_id,
        event=event,
        lines=[
            hashing.line_facts(
                unit=line.unit,
                account=line.account.value,
                amount=line.amount,
                expires_at=line.expires_at,
                confirm_at=line.confirm_at,
                funder=line.funder,
                why=line.why.as_json() if line.why else None,
            )
            for line in lines
        ],
        recorded_at=now,
        previous_hash=member.head,
    )
    entry = Entry(
        member_id=member_id,
        number=number,
        brand_id=member.brand_id,
        programme_id=member.programme_id,
        event=event,
        lines=tuple(lines),
        recorded_at=now,
        formula=hashing.FORMULA,
        previous_hash=member.head,
        hash=digest,
    )
    written.entry(connection, entry)
    written.lots(connection, entry, before, after.lots, after.uses)
    written.balances(connection, entry)
    members.set_head(connection, member_id, number, digest, seen_at)
    return entry


def _is_plain_use(event: Event, lines: Sequence[Line]) -> bool:
    """Whether an entry only takes from the balance, from whichever lots are used first."""
    if event.reverses is not None or event.confirms is not None:
        return False
    return all(
        line.account is Account.AVAILABLE and line.amount < 0 and line.expires_at is None
        for line in lines
        if line.account in MEMBERS_OWN
    )


def _used_first(connection: Connection, member_id: str, lines: Sequence[Line]) -> dict[LotKey, Lot]:
    wanted: dict[str, int] = {}
    for line in lines:
        if line.account is Account.AVAILABLE:
            wanted[line.unit] = wanted.get(line.unit, 0) - line.amount
    return {
        lot.key: lot
        for unit, amount in sorted(wanted.items())
        for lot in kept.first_lots(connection, member_id, unit, amount)
    }


def _owed(connection: Connection, member_id: str, lines: Sequence[Line]) -> dict[str, int]:
    """What a member owes of the units that are gained; nothing else asks."""
    units = {line.unit for line in lines if line.account is Account.AVAILABLE and line.amount > 0}
    if not units:
        return {}
    rows = connection.execute(_OWED, {"of_member": member_id})
    return {row.unit: -row.available for row in rows if row.unit in units}


_OWED = sa.select(tables.balance.c.unit, tables.balance.c.available).where(
    tables.balance.c.member_id == sa.bindparam("of_member"), tables.balance.c.available < 0
)
