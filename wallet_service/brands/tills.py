"""Tills: devices at a counter, let in once with a pairing code, and who stands at each."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, ids
from wallet_service.audit import Actor
from wallet_service.brands import location, reach, tables, words
from wallet_service.brands.pairing import (
    PAIRING_LASTS,
    WrongPairingCode,
    by_secret,
    pair,
    pairing_code,
)
from wallet_service.brands.shift import TOUCHED_EVERY, begin_shift, end_shift, touch
from wallet_service.brands.till import (
    Standing,
    Till,
    TillRefused,
    UnknownTill,
    get,
    mine,
    of,
    standing,
    tell,
)
from wallet_service.language import phrase

__all__ = [
    "PAIRING_LASTS",
    "TOUCHED_EVERY",
    "Standing",
    "Till",
    "TillRefused",
    "UnknownTill",
    "WrongPairingCode",
    "add",
    "begin_shift",
    "by_secret",
    "change",
    "end",
    "end_shift",
    "get",
    "of",
    "pair",
    "pairing_code",
    "standing",
    "touch",
]


def add(
    connection: Connection, brand_id: str, location_id: str, name: str, *, actor: Actor
) -> Till:
    """Add a till to a location; it still has to be paired.

    Raises TillRefused, UnknownLocation, NotYours.
    """
    till = Till(
        brand_id=brand_id, till_id=ids.new_id(), location_id=location_id, name=name.strip(), shift=0
    )
    place = location.get(connection, brand_id, location_id)
    reach.require_places(connection, brand_id, actor, (location_id,))
    _check(connection, till)
    connection.execute(
        sa.insert(tables.till).values(
            brand_id=brand_id,
            till_id=till.till_id,
            location_id=location_id,
            name=till.name,
            shift=till.shift,
            created_at=clock.now(),
        )
    )
    say = phrase("{who} added the till {till} in {place}", till=till.name, place=place.name)
    tell(connection, till, actor, say)
    return till


def change(connection: Connection, till: Till, *, actor: Actor) -> Till:
    """Make a till's name and place what `till` says now; the device at it stays.

    Raises UnknownTill, TillRefused, UnknownLocation, NotYours.
    """
    before = get(connection, till.brand_id, till.till_id)
    after = replace(before, name=till.name.strip(), location_id=till.location_id)
    if after == before:
        return before
    places = (before.location_id, after.location_id)
    reach.require_places(connection, till.brand_id, actor, places)
    old, new = (location.get(connection, till.brand_id, each) for each in places)
    _check(connection, after)
    connection.execute(mine(till).values(name=after.name, location_id=after.location_id))
    if before.name != after.name:
        say = phrase("{who} renamed the till {old} to {new}", old=before.name, new=after.name)
        tell(connection, till, actor, say)
    if old != new:
        tell(
            connection,
            till,
            actor,
            phrase(
                "{who} moved the till {till} from {old} to {new}",
                till=after.name,
                old=old.name,
                new=new.name,
            ),
        )
    return after


def end(connection: Connection, till: Till, *, actor: Actor) -> None:
    """End a till: its device is out at once. Raises UnknownTill, NotYours."""
    before = get(connection, till.brand_id, till.till_id)
    reach.require_places(connection, till.brand_id, actor, (before.location_id,))
    connection.execute(
        mine(till).values(ended_at=clock.now(), pairing_hash=None, pairing_expires_at=None)
    )
    tell(connection, till, actor, phrase("{who} ended the till {till}", till=before.name))


def _check(connection: Connection, till: Till) -> None:
    if not words.is_name(till.name):
        raise TillRefused(
            phrase("A till's name has 1 to 60 characters, without quotes, braces or <>."),
            field="name",
        )
    for other in of(connection, till.brand_id):
        is_there = other.location_id == till.location_id and other.till_id != till.till_id
        if is_there and other.name.casefold() == till.name.casefold():
            raise TillRefused(
                phrase("There is a till {name} in this shop already.", name=till.name), field="name"
            )
