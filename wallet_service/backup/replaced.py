"""What the database that is being replaced knows, and a backup of an earlier day does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from wallet_service import sqlite
from wallet_service.db import Database
from wallet_service.members.tables import erasure
from wallet_service.phones.tables import device, issued_pass, pass_type, registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Somebody was forgotten, and must stay so."""

    member_id: str
    brand_id: str
    erased_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A device that shows a pass and wants to be told."""

    member_id: str
    pass_id: str
    device_library_identifier: str
    push_token: str
    told_at: datetime
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Who was erased, which phones there are, and how new the passes are that they may hold."""

    registered: tuple[Registered, ...] = ()
    erasures: tuple[Erasure, ...] = ()
    last_modified: int = 0
    update_tags: Mapping[str, int] = field(default_factory=dict)


def look_at(database: Database) -> Replaced | None:
    """What must outlive a database; None where there is none, or none that can still be read."""
    if database.file is not None and not database.file.exists:
        return None
    try:
        with database.read() as connection:
            if not sa.inspect(connection).has_table(erasure.name):
                return None
            return _look(connection)
    except (SQLAlchemyError, sqlite.module().Error):
        return None


def _look(connection: Connection) -> Replaced:
    rows = connection.execute(sa.select(erasure).order_by(erasure.c.member_id))
    tags = connection.execute(sa.select(pass_type.c.pass_type_identifier, pass_type.c.update_tag))
    newest = connection.execute(sa.select(sa.func.max(issued_pass.c.last_modified))).scalar()
    theirs = connection.execute(
        sa.select(
            *(registration.c[name] for name in ("member_id", "pass_id", "registered_at")),
            *(device.c[name] for name in ("device_library_identifier", "push_token", "told_at")),
        )
        .join_from(registration, device)
        .order_by(registration.c.member_id, registration.c.pass_id)
    )
    return Replaced(
        registered=tuple(Registered(**row._mapping) for row in theirs),
        erasures=tuple(Erasure(**row._mapping) for row in rows),
        last_modified=newest or 0,
        update_tags={row.pass_type_identifier: row.update_tag for row in tags},
    )
