"""Written: an entry, its lots and its sums, put into the database. `post` alone calls this."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import db
from wallet_service.ledger import tables
from wallet_service.ledger.entry import Account, Entry
from wallet_service.ledger.lots import Lot, LotKey, Use


def entry(connection: Connection, entry: Entry) -> None:
    """Write an entry and its lines."""
    event = entry.event
    connection.execute(
        _ENTRY,
        {
            "member_id": entry.member_id,
            "number": entry.number,
            "brand_id": entry.brand_id,
            "programme_id": entry.programme_id,
            "kind": event.kind.value,
            "source": event.source,
            "key": event.key,
            "part": event.part,
            "sale_id": event.sale_id,
            "reverses": event.reverses,
            "confirms": event.confirms,
            "rule_version": event.rule_version,
            "location_id": event.location_id,
            "till_id": event.till_id,
            "staff_id": event.staff_id,
            "occurred_at": event.occurred_at,
            "recorded_at": entry.recorded_at,
            "formula": entry.formula,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        },
    )
    if entry.lines:
        connection.execute(
            _LINE,
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
                    "confirm_at": line.confirm_at,
                    "funder": line.funder,
                    "why": line.why.as_json() if line.why else None,
                }
                for place, line in enumerate(entry.lines)
            ],
        )


def lots(
    connection: Connection,
    entry: Entry,
    before: Mapping[LotKey, Lot],
    after: Mapping[LotKey, Lot],
    uses: Sequence[Use],
) -> None:
    """Write the lots that an entry opened, its uses, and what they left."""
    opened = [each for key, each in after.items() if key not in before]
    if opened:
        connection.execute(
            _LOT,
            [
                {
                    "member_id": entry.member_id,
                    "brand_id": entry.brand_id,
                    "number": each.number,
                    "line": each.line,
                    "unit": each.unit,
                    "account": each.account.value,
                    "amount": each.amount,
                    "remaining": each.remaining,
                    "expires_at": each.expires_at,
                    "confirm_at": each.confirm_at,
                    "location_id": each.location_id,
                    "funder": each.funder,
                }
                for each in opened
            ],
        )
    if not uses:
        return
    connection.execute(
        _USE,
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
        _LEFT,
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


def balances(connection: Connection, entry: Entry) -> None:
    """Move the sums that are kept of the lines."""
    changes: dict[str, dict[Account, int]] = {}
    for line in entry.lines:
        of_unit = changes.setdefault(line.unit, dict.fromkeys(Account, 0))
        of_unit[line.account] += line.amount
    if not changes:
        return
    connection.execute(
        _moved(connection),
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


@db.built_once
def _moved(connection: Connection) -> sa.Executable:
    insert = db.insert(connection, tables.balance)
    figures = ("available", "pending", "lifetime")
    return insert.on_conflict_do_update(
        index_elements=["member_id", "unit"],
        set_={name: tables.balance.c[name] + insert.excluded[name] for name in figures},
    )


_ENTRY = sa.insert(tables.entry)
_LINE = sa.insert(tables.entry_line)
_LOT = sa.insert(tables.lot)
_USE = sa.insert(tables.lot_use)
_LEFT = (
    sa.update(tables.lot)
    .where(
        tables.lot.c.member_id == sa.bindparam("of_member"),
        tables.lot.c.number == sa.bindparam("of_number"),
        tables.lot.c.line == sa.bindparam("of_line"),
    )
    .values(remaining=sa.bindparam("left"))
)
