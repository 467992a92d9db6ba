"""As told: a sale's own rows, kept as a till said it and as the rules saw it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.ledger import Entry
from wallet_service.sales import tables
from wallet_service.sales.told import Sale, StampsTold


def keep(
    connection: Connection,
    entry: Entry,
    what: Sale | StampsTold,
    context: Mapping[str, Any] | None,
    recorded_at: datetime,
) -> None:
    """Write the sale, its lines, and what the rules looked at besides."""
    event = entry.event
    sale = what if isinstance(what, Sale) else None
    connection.execute(
        _SALE,
        {
            "member_id": entry.member_id,
            "source": event.source,
            "sale_id": event.key,
            "brand_id": entry.brand_id,
            "programme_id": entry.programme_id,
            "entry": entry.number,
            "amount": sale.paid if sale else None,
            "currency": sale.currency if sale else None,
            "stamps": what.count if isinstance(what, StampsTold) else None,
            "location_id": event.location_id,
            "till_id": event.till_id,
            "staff_id": event.staff_id,
            "occurred_at": event.occurred_at,
            "recorded_at": recorded_at,
            "context": context,
        },
    )
    if sale is None or not sale.lines:
        return
    connection.execute(
        _LINE,
        [
            {
                "member_id": entry.member_id,
                "source": event.source,
                "sale_id": event.key,
                "line": place,
                "brand_id": entry.brand_id,
                "product": goods.product,
                "category": goods.category,
                "quantity": goods.quantity,
                "price": goods.price,
            }
            for place, goods in enumerate(sale.lines)
        ],
    )


_SALE = sa.insert(tables.sale)
_LINE = sa.insert(tables.sale_line)
