"""What a member has: the cached sums of the ledger's lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.ledger import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What a member has of one unit. Lifetime is gained less reversed."""

    available: int = 0
    pending: int = 0
    lifetime: int = 0


def of_member(
    connection: Connection, member_id: str, units: Sequence[str] = ()
) -> dict[str, Balance]:
    """The balances of a member: every one of `units` in that order, zeros too."""
    rows = connection.execute(_ALL, {"of_member": member_id})
    found = {
        row.unit: Balance(available=row.available, pending=row.pending, lifetime=row.lifetime)
        for row in rows
    }
    return {unit: found.get(unit, Balance()) for unit in dict.fromkeys([*units, *sorted(found)])}


_ALL = sa.select(tables.balance).where(tables.balance.c.member_id == sa.bindparam("of_member"))
