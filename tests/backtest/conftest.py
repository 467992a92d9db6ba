"""A shop whose sales are tried by other rules."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from factories import a_brand

from wallet_service import brands, clock
from wallet_service.db import Database
from wallet_service.sales import Counter

sys.path.insert(0, str(Path(__file__).parent))

from tried_shop import NOW, Shop


@pytest.fixture
def shop(database: Database, driven_clock: object) -> Shop:
    clock.set_to(NOW - timedelta(days=500))
    with database.write() as connection:
        brand = a_brand(connection)
        [place] = brands.locations(connection, brand.brand_id)
    counter = Counter(
        brand_id=brand.brand_id, source="till:1", location_id=place.location_id, unhurried=True
    )
    return Shop(database=database, brand=brand, counter=counter)


@pytest.fixture
def kahvila(shop: Shop) -> Callable[[str], Shop]:
    """The shop, with the rules of a file."""

    def following(toml: str) -> Shop:
        shop.follow(toml)
        return shop

    return following
