"""A brand's designs, kept as versions told apart by their content."""

import pytest

from passes.design import Design
from wallet_service import brands
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand, designs
from wallet_service.db import Database
from wallet_service.shipped import shipped


@pytest.fixture(scope="module")
def kielo() -> Design:
    return Design.load(shipped("templates", "designs", "kielo"))


def test_before_the_first_design_a_sentence_says_what_to_do(
    database: Database, brand: Brand
) -> None:
    with database.read() as connection, pytest.raises(LookupError, match="design apply"):
        designs.current(connection, brand.brand_id)


def test_the_same_design_again_is_the_same_version(
    database: Database, brand: Brand, kielo: Design
) -> None:
    with database.write() as connection:
        first = designs.apply(connection, brand.brand_id, "kielo", kielo, actor=COMMAND)
        again = designs.apply(connection, brand.brand_id, "kielo", kielo, actor=COMMAND)
        now = designs.current(connection, brand.brand_id)
    assert first == again == 1
    assert now.content_hash == kielo.content_hash


def test_a_stored_design_is_the_one_that_was_applied(
    database: Database, brand: Brand, kielo: Design
) -> None:
    with database.write() as connection:
        designs.apply(connection, brand.brand_id, "kielo", kielo, actor=COMMAND)
    designs._kept.clear()
    with database.read() as connection:
        assert designs.by_hash(connection, kielo.content_hash).pack() == kielo.pack()
        with pytest.raises(LookupError):
            designs.by_hash(connection, "0" * 64)


def test_a_shop_keeps_its_own_facts(database: Database, brand: Brand) -> None:
    with database.read() as connection:
        assert brands.get(connection, brand.brand_id) == brand
        assert brands.the_first(connection) == brand
        assert brand.zone.key == "Europe/Helsinki"
        with pytest.raises(LookupError):
            brands.get(connection, "nobody")
