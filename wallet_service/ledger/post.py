"""Post: the one writer of the ledger."""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db, members
from wallet_service.language import phrase
from wallet_service.ledger import hash as hashing
from wallet_service.ledger import lots, tables
from wallet_service.ledger.entry import Account, Entry, Event, Line, unbalanced
from wallet_service.ledger.errors import NotEnough, Unbalanced
from wallet_service.ledger.lots import Lot, LotKey, Use


def post(connection: Connection, member_id: str, event: Event, lines: Sequence[Line]) -> Entry:
    """Write one entry.

    The only function that writes to the ledger. `lines` sum to zero per unit. Raises NotEnough
    when a balance would go below zero; whether the event came before is `idempotency.once`'s
    matter. Whoever calls it leaves word in the outbox, once for all that one event brings.
    """
    if faults := unbalanced(lines):
        raise Unbalanced(faults)
    # Lock the member, not the entries: two tills may scan one card at the same moment, and the
    # second must see the balance the first left behind.
    member = members.lock(connection, member_id)
    number = member.entries + 1
    undone = _uses_of(connection, member_id, event.reverses)
    # A gain opens a lot and asks for none, however many points somebody has saved up.
    used = {line.unit for line in lines if line.account is Account.AVAILABLE and line.amount < 0}
    before = _lots(connection, member_id, open_of=used, also=[use.lot for use in undone])
    after = lots.apply(
        before,
        number,
        lines,
        location_id=event.location_id,
        undone=undone,
        undone_number=event.reverses,
    )
    if after.short:
        raise NotEnough(
            phrase("There is not enough on the card for that."),
            units=sorted(after.short),
        )
    now = clock.now()
    digest = hashing.chained(
        member_id=member_id,
        number=number,
        brand_id=member.brand_id,
        programme_id=member.programme_id,
        event=event,
        lines=[hashing.line_facts(line) for line in lines],
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
    _write_entry(connection, entry)
    _write_lots(connection, entry, before, after.lots, after.uses)
    _write_balances(connection, entry)
    members.set_head(connection, member_id, number, digest)
    return entry


def _uses_of(connection: Connection, member_id: str, number: int | None) -> list[Use]:
    if number is None:
        return []
    use = tables.lot_use
    rows = connection.execute(
        sa.select(use)
        .where(use.c.member_id == member_id, use.c.number == number)
        .order_by(use.c.lot_number, use.c.lot_line)
    )
    return [
        Use(number=row.number, lot=(row.lot_number, row.lot_line), unit=row.unit, amount=row.amount)
        for row in rows
    ]


def _lots(
    connection: Connection, member_id: str, *, open_of: Collection[str], also: Sequence[LotKey]
) -> dict[LotKey, Lot]:
    """The open lots of some units, and those that an undone entry had used up."""
    lot = tables.lot
    wanted: list[sa.ColumnElement[bool]] = []
    if open_of:
        wanted.append((lot.c.remaining > 0) & lot.c.unit.in_(sorted(open_of)))
    if also:
        wanted.append(sa.tuple_(lot.c.number, lot.c.line).in_(also))
    if not wanted:
        return {}
    rows = connection.execute(sa.select(lot).where(lot.c.member_id == member_id, sa.or_(*wanted)))
    return {(row.number, row.line): _lot(row) for row in rows}


def _lot(row: sa.Row[tuple[object, ...]]) -> Lot:
    return Lot(
        number=row.number,
        line=row.line,
        unit=row.unit,
        amount=row.amount,
        remaining=row.remaining,
        expires_at=row.expires_at,
        location_id=row.location_id,
        funder=row.funder,
    )


def _write_entry(connection: Connection, entry: Entry) -> None:
    event = entry.event
    connection.execute(
        sa.insert(tables.entry).values(
            member_id=entry.member_id,
            number=entry.number,
            brand_id=entry.brand_id,
            programme_id=entry.programme_id,
            kind=event.kind.value,
            source=event.source,
            key=event.key,
            part=event.part,
            sale_id=event.sale_id,
            reverses=event.reverses,
            rule_version=event.rule_version,
            location_id=event.location_id,
            till_id=event.till_id,
            staff_id=event.staff_id,
            occurred_at=event.occurred_at,
            recorded_at=entry.recorded_at,
            formula=entry.formula,
            previous_hash=entry.previous_hash,
            hash=entry.hash,
        )
    )
    if entry.lines:
        connection.execute(
            sa.insert(tables.entry_line),
            [
                {
                    "member_id": entry.member_id,
                    "number": entry.number,
                    "line": place,
                    "brand_id": entry.brand_id,
                    "unit": line.unit,
                    "account": line.account.value,
                    "amount": line.amount,
                    "expires_at": line.expires_at,
                    "funder": line.funder,
                    "why": line.why.as_json() if line.why else None,
                }
                for place, line in enumerate(entry.lines)
            ],
        )


def _write_lots(
    connection: Connection,
    entry: Entry,
    before: Mapping[LotKey, Lot],
    after: Mapping[LotKey, Lot],
    uses: Sequence[Use],
) -> None:
    lot = tables.lot
    opened = [each for key, each in after.items() if key not in before]
    if opened:
        connection.execute(
            sa.insert(lot),
            [
                {
                    "member_id": entry.member_id,
                    "brand_id": entry.brand_id,
                    "number": each.number,
                    "line": each.line,
                    "unit": each.unit,
                    "amount": each.amount,
                    "remaining": each.remaining,
                    "expires_at": each.expires_at,
                    "location_id": each.location_id,
                    "funder": each.funder,
                }
                for each in opened
            ],
        )
    if not uses:
        return
    connection.execute(
        sa.insert(tables.lot_use),
        [
            {
                "member_id": entry.member_id,
                "brand_id": entry.brand_id,
                "number": use.number,
                "lot_number": use.lot[0],
                "lot_line": use.lot[1],
                "unit": use.unit,
                "amount": use.amount,
            }
            for use in uses
        ],
    )
    connection.execute(
        sa.update(lot)
        .where(
            lot.c.member_id == sa.bindparam("of_member"),
            lot.c.number == sa.bindparam("of_number"),
            lot.c.line == sa.bindparam("of_line"),
        )
        .values(remaining=sa.bindparam("left")),
        [
            {
                "of_member": entry.member_id,
                "of_number": use.lot[0],
                "of_line": use.lot[1],
                "left": after[use.lot].remaining,
            }
            for use in uses
        ],
    )


def _write_balances(connection: Connection, entry: Entry) -> None:
    changes: dict[str, dict[Account, int]] = {}
    for line in entry.lines:
        of_unit = changes.setdefault(line.unit, dict.fromkeys(Account, 0))
        of_unit[line.account] += line.amount
    if not changes:
        return
    balance = tables.balance
    insert = db.insert(connection, balance)
    figures = ("available", "pending", "lifetime")
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["member_id", "unit"],
            set_={name: balance.c[name] + insert.excluded[name] for name in figures},
        ),
        [
            {
                "member_id": entry.member_id,
                "unit": unit,
                "brand_id": entry.brand_id,
                "available": change[Account.AVAILABLE],
                "pending": change[Account.PENDING],
                # What was issued and not reversed: both go through the one label.
                "lifetime": -change[Account.ISSUED],
            }
            for unit, change in sorted(changes.items())
        ],
    )
