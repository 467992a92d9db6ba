"""Where it happens: the location that a body names, or else the key's own."""

from typing import Protocol

from sqlalchemy import Connection

from wallet_service import brands
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


class UnknownLocation(Refusal):
    """The brand has no such location."""

    code = "unknown_location"


def counter(connection: Connection, key: ApiKey, told: Told) -> Counter:
    """Who tells us. Raises UnknownLocation."""
    if told.location is not None:
        known = {each.location_id for each in brands.locations(connection, key.brand_id)}
        if told.location not in known:
            raise UnknownLocation(phrase("We do not know this shop."))
    return Counter(
        brand_id=key.brand_id,
        source=key.source,
        location_id=told.location or key.location_id,
        till_id=told.till,
        staff_id=told.staff,
    )
