"""Whose passes these are: brands, their locations, staff, tills, API keys and designs."""

from wallet_service.brands.brand import (
    Brand,
    add,
    by_slug,
    change,
    every,
    get,
    set_level,
    the_first,
    the_only,
)
from wallet_service.brands.location import Location
from wallet_service.brands.location import add as add_location
from wallet_service.brands.location import of as locations

__all__ = [
    "Brand",
    "Location",
    "add",
    "add_location",
    "by_slug",
    "change",
    "every",
    "get",
    "locations",
    "set_level",
    "the_first",
    "the_only",
]
