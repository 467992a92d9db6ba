"""Finding things by the names that people type, and saying which there are."""

import sys
from collections.abc import Iterable
from typing import TextIO

import click
from sqlalchemy import Connection

from wallet_service.brands import Location, api_keys, locations, staff, tills
from wallet_service.brands.api_keys import ApiKey
from wallet_service.brands.staff import Staff
from wallet_service.brands.tills import Till
from wallet_service.errors import StartError


def person(connection: Connection, brand_id: str, name: str) -> Staff:
    """Who works here under this name. Raises StartError."""
    found = staff.by_name(connection, brand_id, name)
    if found is None:
        names = _listed(each.name for each in staff.of(connection, brand_id))
        raise StartError(f"Nobody of the name {name} works here; there are: {names}.")
    return found


def place(connection: Connection, brand_id: str, name: str | None) -> Location:
    """The shop of this name, or the only one there is. Raises StartError."""
    known = locations(connection, brand_id)
    names = _listed(each.name for each in known)
    if name is None:
        if len(known) == 1:
            return known[0]
        raise StartError(f"Which shop? Say --location with one of: {names}.")
    for each in known:
        if same(each.name, name):
            return each
    raise StartError(f"There is no shop {name}; there are: {names}. `location add` makes one.")


def places(connection: Connection, brand_id: str, names: Iterable[str]) -> frozenset[str]:
    """The ids of these shops. Raises StartError."""
    return frozenset(place(connection, brand_id, name).location_id for name in names)


def key(connection: Connection, brand_id: str, name: str) -> ApiKey:
    """The living key of this name. Raises StartError."""
    found = api_keys.by_name(connection, brand_id, name)
    if found is None:
        raise StartError(f"There is no living key of the name {name}.")
    return found


def till(connection: Connection, brand_id: str, name: str, location_id: str) -> Till | None:
    """The till of this name in a shop, or None."""
    return next(
        (
            each
            for each in tills.of(connection, brand_id)
            if each.location_id == location_id and same(each.name, name)
        ),
        None,
    )


def names_of(connection: Connection, brand_id: str, location_ids: Iterable[str]) -> str:
    """Some shops by name, or "everywhere"."""
    known = {each.location_id: each.name for each in locations(connection, brand_id)}
    return ", ".join(sorted(known.get(each, "?") for each in location_ids)) or "everywhere"


def pin(pin_file: TextIO | None) -> str:
    """A PIN, asked for or read; never an argument, as whoever lists processes would read it."""
    if pin_file is not None:
        return pin_file.read(64).strip()
    if not sys.stdin.isatty():
        raise StartError("There is nobody to ask for the PIN; give --pin-file.")
    return str(click.prompt("PIN", hide_input=True, confirmation_prompt=True))


def same(one: str, other: str) -> bool:
    """Whether two names are the same to a person."""
    return one.strip().casefold() == other.strip().casefold()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none yet"
