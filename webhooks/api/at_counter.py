"""Where it happens: the location that a body names, or else the key's own."""

from typing import Protocol

from sqlalchemy import Connection

from wallet_service.brands import location
from wallet_service.brands.api_keys import ApiKey
from wallet_service.errors import Refusal
from wallet_service.language import phrase
from wallet_service.sales import Counter


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


def counter(connection: Connection, key: ApiKey, told: Told) -> Counter:
    """Who tells us. Raises UnknownLocation, OtherLocation, LocationNeeded."""
    return Counter(
        brand_id=key.brand_id,
        source=key.source,
        location_id=_where(connection, key, told.location),
        till_id=told.till,
        staff_id=told.staff,
    )


def _where(connection: Connection, key: ApiKey, named: str | None) -> str | None:
    if named is None:
        if len(key.locations) > 1:
            raise LocationNeeded(phrase("This till must say in which shop it stands."))
        return key.own_location
    location.get(connection, key.brand_id, named)
    if key.locations and named not in key.locations:
        raise OtherLocation(phrase("This till may not speak for that shop."))
    return named
