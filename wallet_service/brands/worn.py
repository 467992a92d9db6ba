"""Which design a brand wears, and since when."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.brands import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """One version of a design, from when it was taken into use."""

    name: str
    version: int
    since: datetime


def history(connection: Connection, brand_id: str, limit: int = 10) -> tuple[Worn, ...]:
    """The last versions, the one that is worn now first."""
    version = tables.design_version.c
    rows = connection.execute(
        sa.select(version.name, version.version, version.created_at)
        .where(version.brand_id == brand_id)
        .order_by(version.version.desc())
        .limit(limit)
    )
    return tuple(Worn(name=row.name, version=row.version, since=row.created_at) for row in rows)
