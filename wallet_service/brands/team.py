"""The team: who works for a brand now, looked up in every way that somebody asks."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.brands import tables
from wallet_service.brands.colleague import Staff, of_row
from wallet_service.brands.roles import Intention


def by_name(connection: Connection, brand_id: str, name: str) -> Staff | None:
    """Who works here under this name, in any case."""
    wanted = name.strip().casefold()
    return next((each for each in of(connection, brand_id) if each.name.casefold() == wanted), None)


def of(connection: Connection, brand_id: str) -> tuple[Staff, ...]:
    """Those who work for a brand now, by name."""
    rows = connection.execute(
        sa.select(tables.staff)
        .where(tables.staff.c.brand_id == brand_id, tables.staff.c.ended_at.is_(None))
        .order_by(tables.staff.c.name, tables.staff.c.staff_id)
    )
    return tuple(of_row(row) for row in rows)


def at_the_till(connection: Connection, brand_id: str, location_id: str) -> tuple[Staff, ...]:
    """Those who may stand at a till of this location, by name."""
    return tuple(
        each
        for each in of(connection, brand_id)
        if each.has_pin and each.may(Intention.TILL_SERVE) and each.works_at(location_id)
    )


def of_account(connection: Connection, account_id: str) -> tuple[Staff, ...]:
    """What an account is in each brand that it works for now, the oldest brand first."""
    rows = connection.execute(
        sa.select(tables.staff)
        .where(tables.staff.c.account_id == account_id, tables.staff.c.ended_at.is_(None))
        .order_by(tables.staff.c.brand_id)
    )
    return tuple(of_row(row) for row in rows)


def get(connection: Connection, brand_id: str, staff_id: str) -> Staff | None:
    """One who works for a brand now, or None."""
    row = connection.execute(
        sa.select(tables.staff).where(
            tables.staff.c.brand_id == brand_id,
            tables.staff.c.staff_id == staff_id,
            tables.staff.c.ended_at.is_(None),
        )
    ).first()
    return None if row is None else of_row(row)


def locked(connection: Connection, brand_id: str) -> dict[str, datetime]:
    """Whose PIN is locked, by staff id, and until when."""
    rows = connection.execute(
        sa.select(tables.staff.c.staff_id, tables.staff.c.locked_until).where(
            tables.staff.c.brand_id == brand_id,
            tables.staff.c.ended_at.is_(None),
            tables.staff.c.locked_until > clock.now(),
        )
    )
    return {row.staff_id: row.locked_until for row in rows}
