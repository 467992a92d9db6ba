"""Where it happens: the location that a body names, or else the key's own; and at which till, by
whom.

A till and a person may be ours, by their ids: then they must be of the key's places. Anything else
is the caller's own name for them, and is kept apart from ours, whatever it says.
"""

from typing import Protocol

from sqlalchemy import Connection

from wallet_service.brands import location, roles, staff, tills
from wallet_service.brands.api_keys import ApiKey
from wallet_service.brands.tills import UnknownTill
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.sales import Counter, told


class Told(Protocol):
    """A body that says where it comes from."""

    @property
    def location(self) -> str | None: ...
    @property
    def till(self) -> str | None: ...
    @property
    def staff(self) -> str | None: ...


class OtherLocation(Refusal):
    """The key speaks for other locations of the brand."""

    code = "other_location"


class LocationNeeded(Refusal):
    """The key speaks for several locations, and the body names none."""

    code = "location_needed"


def counter(connection: Connection, key: ApiKey, body: Told) -> Counter:
    """Who tells us. Raises UnknownLocation, OtherLocation, LocationNeeded."""
    where = _where(connection, key, body.location)
    # No place: everywhere, for a key as for a person.
    places = key.locations if where is None else frozenset({where})
    return Counter(
        brand_id=key.brand_id,
        source=key.source,
        location_id=where,
        till_id=_till(connection, key, body.till, places),
        staff_id=_staff(connection, key, body.staff, places),
        unhurried=key.unhurried,
    )


def _till(
    connection: Connection, key: ApiKey, named: str | None, places: frozenset[str]
) -> str | None:
    if named is None:
        return None
    try:
        till = tills.get(connection, key.brand_id, named)
    except UnknownTill:
        return told.theirs(named)
    if not roles.reaches(places, till.location_id):
        raise OtherLocation(phrase("This till may not speak for that shop."))
    return till.till_id


def _staff(
    connection: Connection, key: ApiKey, named: str | None, places: frozenset[str]
) -> str | None:
    if named is None:
        return None
    who = staff.get(connection, key.brand_id, named)
    if who is None:
        return told.theirs(named)
    if places and not any(who.works_at(place) for place in places):
        raise OtherLocation(phrase("This till may not speak for somebody of another shop."))
    return who.staff_id


def _where(connection: Connection, key: ApiKey, named: str | None) -> str | None:
    if named is None:
        if len(key.locations) > 1:
            raise LocationNeeded(phrase("This till must say in which shop it stands."))
        return key.own_location
    location.get(connection, key.brand_id, named)
    if key.locations and named not in key.locations:
        raise OtherLocation(phrase("This till may not speak for that shop."))
    return named
