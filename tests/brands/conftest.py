"""A florist to work for."""

import pytest
from factories import a_brand

from wallet_service.brands import Brand
from wallet_service.db import Database


@pytest.fixture
def brand(database: Database) -> Brand:
    """Kielo, the florist."""
    with database.write() as connection:
        return a_brand(connection)
