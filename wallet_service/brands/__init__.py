"""Whose passes these are: brands, their locations, staff, tills, API keys and designs."""

from wallet_service.brands.brand import (
    Brand,
    Location,
    add,
    add_location,
    by_slug,
    every,
    get,
    locations,
    the_first,
)

__all__ = [
    "Brand",
    "Location",
    "add",
    "add_location",
    "by_slug",
    "every",
    "get",
    "locations",
    "the_first",
]
