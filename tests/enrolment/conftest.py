"""A florist, and a member of hers."""

import pytest
from factories import a_brand, a_member

from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled


@pytest.fixture
def brand(database: Database) -> Brand:
    """Kielo, the florist."""
    with database.write() as connection:
        return a_brand(connection)


@pytest.fixture
def aino(database: Database, brand: Brand) -> Enrolled:
    """Aino, a member with a card."""
    with database.write() as connection:
        return a_member(connection, brand, "Aino", "Koskela")
