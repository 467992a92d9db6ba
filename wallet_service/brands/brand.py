"""A brand and its locations."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.brands import levels, tables
from wallet_service.brands.levels import Level, LevelName

# Addresses of the console that belong to no brand.
RESERVED = frozenset({"sign-in", "sign-out", "account", "invitation", "prove", "kit", "brands"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Whose passes these are. `language` is spoken where a person's own is unknown."""

    brand_id: str
    slug: str
    name: str
    language: str
    time_zone: str
    contact_email: str
    contact_phone: str = ""
    website: str = ""
    security_level: str = LevelName.SHOP

    @property
    def level(self) -> Level:
        return levels.level(self.security_level)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A shop of a brand."""

    brand_id: str
    location_id: str
    name: str
    address: str = ""
    time_zone: str | None = None
    opening: Mapping[str, Any] = field(default_factory=dict)


_BRAND = [column for column in tables.brand.c if column.name != "created_at"]
_LOCATION = [
    column for column in tables.location.c if column.name not in ("created_at", "ended_at")
]


def add(
    connection: Connection,
    *,
    name: str,
    language: str = "en",
    time_zone: str = "Europe/Helsinki",
    contact_email: str,
    contact_phone: str = "",
    website: str = "",
) -> Brand:
    """Add a brand. `time_zone` is a name of the IANA database."""
    brand = Brand(
        brand_id=ids.new_id(),
        slug=_free_slug(connection, name),
        name=name,
        language=language,
        time_zone=ZoneInfo(time_zone).key,
        contact_email=contact_email,
        contact_phone=contact_phone,
        website=website,
    )
    row = {column.name: getattr(brand, column.name) for column in _BRAND}
    connection.execute(sa.insert(tables.brand).values(**row, created_at=clock.now()))
    return brand


def get(connection: Connection, brand_id: str) -> Brand:
    """The brand of an id. Raises LookupError."""
    row = connection.execute(sa.select(*_BRAND).where(tables.brand.c.brand_id == brand_id)).first()
    if row is None:
        raise LookupError("There is no such brand.")
    return Brand(**row._mapping)


def by_slug(connection: Connection, slug: str) -> Brand | None:
    """The brand at an address of the console, or None."""
    row = connection.execute(sa.select(*_BRAND).where(tables.brand.c.slug == slug)).first()
    return None if row is None else Brand(**row._mapping)


def every(connection: Connection) -> tuple[Brand, ...]:
    """All brands of this installation, oldest first."""
    rows = connection.execute(sa.select(*_BRAND).order_by(tables.brand.c.brand_id))
    return tuple(Brand(**row._mapping) for row in rows)


def the_first(connection: Connection) -> Brand | None:
    """The brand of this installation, or None before `init`."""
    row = connection.execute(sa.select(*_BRAND).order_by(tables.brand.c.brand_id).limit(1)).first()
    return None if row is None else Brand(**row._mapping)


def add_location(
    connection: Connection, brand_id: str, *, name: str, address: str = ""
) -> Location:
    """Add a shop to a brand."""
    location = Location(brand_id=brand_id, location_id=ids.new_id(), name=name, address=address)
    connection.execute(
        sa.insert(tables.location).values(
            brand_id=brand_id,
            location_id=location.location_id,
            name=name,
            address=address,
            opening={},
            created_at=clock.now(),
        )
    )
    return location


def locations(connection: Connection, brand_id: str) -> tuple[Location, ...]:
    """The shops of a brand, oldest first."""
    rows = connection.execute(
        sa.select(*_LOCATION)
        .where(tables.location.c.brand_id == brand_id, tables.location.c.ended_at.is_(None))
        .order_by(tables.location.c.location_id)
    )
    return tuple(Location(**row._mapping) for row in rows)


def slug_of(name: str) -> str:
    """A name as part of an address: lower case, ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "shop"


def _free_slug(connection: Connection, name: str) -> str:
    wanted, number = slug_of(name), 1
    slug = wanted
    while slug in RESERVED or by_slug(connection, slug) is not None:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
