"""What a brand's places, tills and people are called, those who went too: for what happened."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.brands import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by id; empty for what nobody knows."""

    locations: Mapping[str, str]
    tills: Mapping[str, str]
    staff: Mapping[str, str]

    def place(self, location_id: str | None) -> str:
        return self.locations.get(location_id or "", "")

    def till(self, till_id: str | None) -> str:
        return self.tills.get(till_id or "", "")

    def person(self, staff_id: str | None) -> str:
        return self.staff.get(staff_id or "", "")


def of(connection: Connection, brand_id: str) -> Names:
    """Every name of a brand."""

    def named(table: sa.Table, key: str) -> dict[str, str]:
        rows = connection.execute(
            sa.select(table.c[key], table.c.name).where(table.c.brand_id == brand_id)
        )
        return {row[0]: row[1] for row in rows}

    return Names(
        locations=named(tables.location, "location_id"),
        tills=named(tables.till, "till_id"),
        staff=named(tables.staff, "staff_id"),
    )
