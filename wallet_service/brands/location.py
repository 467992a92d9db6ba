"""A brand's locations: its shops, where they are and when they are open."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock, ids
from wallet_service.audit import Actor
from wallet_service.brands import reach, tables, words
from wallet_service.brands.opening import UNSAID, Opening
from wallet_service.errors import Refusal
from wallet_service.language import Phrase, phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A shop of a brand. `time_zone` None: the brand's own."""

    brand_id: str
    location_id: str
    name: str
    address: str = ""
    time_zone: str | None = None
    opening: Opening = UNSAID

    def zone(self, of_brand: ZoneInfo) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.time_zone) if self.time_zone else of_brand


class LocationRefused(Refusal):
    """A shop cannot be called that, or be there."""

    code = "bad_location"


class UnknownLocation(Refusal):
    """The brand has no such location."""

    code = "unknown_location"


class LocationInUse(Refusal):
    """Tills or keys still stand there, or it is the last."""

    code = "location_in_use"


_COLUMNS = [column for column in tables.location.c if column.name not in ("created_at", "ended_at")]


def add(
    connection: Connection,
    brand_id: str,
    *,
    name: str,
    address: str = "",
    time_zone: str | None = None,
    opening: Opening = UNSAID,
    actor: Actor,
) -> Location:
    """Add a shop to a brand. Raises LocationRefused, NotYours."""
    location = Location(
        brand_id=brand_id,
        location_id=ids.new_id(),
        name=name.strip(),
        address=address.strip(),
        time_zone=time_zone or None,
        opening=opening,
    )
    _check(connection, location)
    reach.require_places(connection, brand_id, actor, ())
    connection.execute(sa.insert(tables.location).values(**_row(location), created_at=clock.now()))
    _tell(connection, location, actor, phrase("{who} added the shop {place}", place=location.name))
    return location


def of(connection: Connection, brand_id: str) -> tuple[Location, ...]:
    """The shops of a brand, oldest first."""
    rows = connection.execute(
        sa.select(*_COLUMNS)
        .where(tables.location.c.brand_id == brand_id, tables.location.c.ended_at.is_(None))
        .order_by(tables.location.c.location_id)
    )
    return tuple(_location(row) for row in rows)


def get(connection: Connection, brand_id: str, location_id: str) -> Location:
    """A living shop of a brand. Raises UnknownLocation."""
    row = connection.execute(
        sa.select(*_COLUMNS).where(
            tables.location.c.brand_id == brand_id,
            tables.location.c.location_id == location_id,
            tables.location.c.ended_at.is_(None),
        )
    ).first()
    if row is None:
        raise UnknownLocation(phrase("We do not know this shop."))
    return _location(row)


def known(
    connection: Connection, brand_id: str, location_ids: Collection[str]
) -> tuple[Location, ...]:
    """The living shops of these ids. Raises UnknownLocation when there is no such one."""
    return tuple(get(connection, brand_id, each) for each in sorted(set(location_ids)))


def change(connection: Connection, location: Location, *, actor: Actor) -> Location:
    """Make a shop what `location` says now. Raises UnknownLocation, LocationRefused, NotYours."""
    before = get(connection, location.brand_id, location.location_id)
    after = replace(
        location,
        name=location.name.strip(),
        address=location.address.strip(),
        time_zone=location.time_zone or None,
    )
    if after == before:
        return before
    reach.require_places(connection, location.brand_id, actor, (location.location_id,))
    _check(connection, after)
    connection.execute(_mine(location).values(**_row(after)))
    for sentence in _changes(before, after):
        _tell(connection, after, actor, sentence)
    return after


def end(connection: Connection, location: Location, *, actor: Actor) -> None:
    """Close a shop for good. Raises UnknownLocation, LocationInUse, NotYours."""
    reach.require_places(connection, location.brand_id, actor, (location.location_id,))
    # All of them are held, so that two that are ended at once do not leave none.
    held = connection.execute(
        sa.select(tables.location.c.location_id)
        .where(
            tables.location.c.brand_id == location.brand_id, tables.location.c.ended_at.is_(None)
        )
        .order_by(tables.location.c.location_id)
        .with_for_update()
    )
    living = set(held.scalars())
    if location.location_id not in living:
        raise UnknownLocation(phrase("We do not know this shop."))
    if len(living) == 1:
        raise LocationInUse(phrase("This is the last shop; a brand has at least one."))
    if standing := _standing(connection, location):
        raise LocationInUse(
            phrase(
                "{place} still has: {things}. Move or end them first.",
                things=", ".join(standing),
                place=location.name,
            )
        )
    connection.execute(_mine(location).values(ended_at=clock.now()))
    _tell(connection, location, actor, phrase("{who} closed {place}", place=location.name))


def _standing(connection: Connection, location: Location) -> list[str]:
    """What is bound to a shop: tills, keys, and people who work nowhere else, by name."""
    mine = location.location_id
    names = []
    for each in (tables.till, tables.api_key, tables.staff):
        rows = connection.execute(
            sa.select(each).where(each.c.brand_id == location.brand_id, each.c.ended_at.is_(None))
        )
        for row in rows:
            bound = [row.location_id] if each is tables.till else row.locations
            if mine in bound:
                names.append(row.name)
    return names


def _check(connection: Connection, location: Location) -> None:
    if not words.is_name(location.name):
        raise LocationRefused(
            phrase("A shop's name has 1 to 60 characters, without quotes, braces or <>."),
            field="name",
        )
    if not words.is_line(location.address):
        raise LocationRefused(
            phrase("An address has at most 120 characters, without quotes, braces or <>."),
            field="address",
        )
    if location.time_zone and location.time_zone not in available_timezones():
        raise LocationRefused(
            phrase("{name} is no time zone, as Europe/Helsinki is.", name=location.time_zone),
            field="time_zone",
        )
    for other in of(connection, location.brand_id):
        same = other.name.casefold() == location.name.casefold()
        if same and other.location_id != location.location_id:
            raise LocationRefused(
                phrase("There is a shop {name} already.", name=location.name), field="name"
            )


def _changes(before: Location, after: Location) -> list[Phrase]:
    sentences = []
    if before.name != after.name:
        sentences.append(
            phrase("{who} renamed the shop {old} to {new}", old=before.name, new=after.name)
        )
    if before.address != after.address:
        sentences.append(
            phrase(
                "{who} changed the address of {place} to {address}",
                place=after.name,
                address=after.address or "–",
            )
        )
    if before.time_zone != after.time_zone:
        sentences.append(
            phrase(
                "{who} changed the time zone of {place} to {zone}",
                place=after.name,
                zone=after.time_zone or phrase("the brand's own"),
            )
        )
    if before.opening != after.opening:
        sentences.append(phrase("{who} changed the opening days of {place}", place=after.name))
    return sentences


def _mine(location: Location) -> sa.Update:
    return sa.update(tables.location).where(
        tables.location.c.brand_id == location.brand_id,
        tables.location.c.location_id == location.location_id,
    )


def _row(location: Location) -> dict[str, object]:
    return {column.name: getattr(location, column.name) for column in _COLUMNS} | {
        "opening": location.opening.as_json()
    }


def _location(row: sa.Row[tuple[object, ...]]) -> Location:
    kept = dict(row._mapping)
    return Location(**kept | {"opening": Opening.from_json(kept["opening"])})


def _tell(connection: Connection, location: Location, actor: Actor, say: Phrase) -> None:
    audit.write(
        connection,
        location.brand_id,
        actor,
        say,
        what="location.changed",
        subject=location.location_id,
    )
