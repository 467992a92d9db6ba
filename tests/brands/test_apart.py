"""Two brands in one installation: whatever is another's is nowhere to be found."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from factories import KEYRING, a_brand, a_cashier, a_till
from sqlalchemy import Connection

from wallet_service import audit, brands
from wallet_service.access import hiring
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand, Location, api_keys, location, staff, tables, tills
from wallet_service.brands.api_keys import ApiKey
from wallet_service.brands.roles import Role
from wallet_service.brands.staff import Staff
from wallet_service.brands.tills import Till
from wallet_service.db import Database
from wallet_service.errors import Refusal


@dataclass(frozen=True, kw_only=True)
class Belongings:
    """What a brand has of each kind."""

    brand: Brand
    shop: Location
    second: Location
    person: Staff
    till: Till
    key: ApiKey


def opened(connection: Connection, name: str) -> Belongings:
    brand = a_brand(connection, name)
    (shop,) = brands.locations(connection, brand.brand_id)
    key, _ = api_keys.create(
        connection, brand.brand_id, name="POS", scopes=["sales"], actor=COMMAND
    )
    return Belongings(
        brand=brand,
        shop=shop,
        second=location.add(connection, brand.brand_id, name="Second", actor=COMMAND),
        person=a_cashier(connection, brand),
        till=a_till(connection, brand),
        key=key,
    )


@pytest.fixture
def kielo(database: Database) -> Belongings:
    return database.run(opened, "Kielo")


@pytest.fixture
def rove(database: Database) -> Belongings:
    return database.run(opened, "Rove")


Call = Callable[[Connection, str, Belongings], object]

# Every function that takes a brand and an id, called with one brand's id and the other's thing.
FINDS_NOTHING: dict[str, Call] = {
    "staff.get": lambda c, mine, its: staff.get(c, mine, its.person.staff_id),
}
REFUSES: dict[str, Call] = {
    "location.get": lambda c, mine, its: location.get(c, mine, its.shop.location_id),
    "location.known": lambda c, mine, its: location.known(c, mine, [its.shop.location_id]),
    "location.change": lambda c, mine, its: location.change(
        c, replace(its.shop, brand_id=mine, name="Mine"), actor=COMMAND
    ),
    "location.end": lambda c, mine, its: location.end(
        c, replace(its.second, brand_id=mine), actor=COMMAND
    ),
    "tills.get": lambda c, mine, its: tills.get(c, mine, its.till.till_id),
    "tills.add": lambda c, mine, its: tills.add(
        c, mine, its.shop.location_id, "Mine", actor=COMMAND
    ),
    "tills.change": lambda c, mine, its: tills.change(
        c, replace(its.till, brand_id=mine, name="Mine"), actor=COMMAND
    ),
    "tills.end": lambda c, mine, its: tills.end(c, replace(its.till, brand_id=mine), actor=COMMAND),
    "tills.pairing_code": lambda c, mine, its: tills.pairing_code(
        c, replace(its.till, brand_id=mine), actor=COMMAND
    ),
    "api_keys.get": lambda c, mine, its: api_keys.get(c, mine, its.key.key_id),
    "api_keys.create": lambda c, mine, its: api_keys.create(
        c, mine, name="Mine", scopes=["sales"], locations=[its.shop.location_id], actor=COMMAND
    ),
    "api_keys.replace": lambda c, mine, its: api_keys.replace(
        c, replace(its.key, brand_id=mine), actor=COMMAND
    ),
    "api_keys.end": lambda c, mine, its: api_keys.end(
        c, replace(its.key, brand_id=mine), actor=COMMAND
    ),
    "staff.add": lambda c, mine, its: staff.add(
        c,
        KEYRING,
        mine,
        "Mine",
        role=Role.CASHIER,
        locations=[its.shop.location_id],
        actor=COMMAND,
    ),
    "staff.change": lambda c, mine, its: staff.change(
        c, replace(its.person, brand_id=mine, name="Mine"), actor=COMMAND
    ),
    "staff.set_pin": lambda c, mine, its: staff.set_pin(
        c, KEYRING, replace(its.person, brand_id=mine), "9876", actor=COMMAND
    ),
    "staff.unlock": lambda c, mine, its: staff.unlock(
        c, replace(its.person, brand_id=mine), actor=COMMAND
    ),
    "staff.end": lambda c, mine, its: staff.end(
        c, replace(its.person, brand_id=mine), actor=COMMAND
    ),
    "hiring.let_go": lambda c, mine, its: hiring.let_go(
        c, replace(its.person, brand_id=mine), actor=COMMAND
    ),
}


def everything(database: Database, of: Belongings) -> list[object]:
    with database.read() as connection:
        return [
            connection.execute(sa.select(table).where(table.c.brand_id == of.brand.brand_id)).all()
            for table in (tables.location, tables.staff, tables.till, tables.api_key)
        ] + [audit.read(connection, of.brand.brand_id)]


@pytest.mark.parametrize("name", FINDS_NOTHING)
def test_anothers_is_not_found(
    database: Database, kielo: Belongings, rove: Belongings, name: str
) -> None:
    with database.read() as connection:
        assert FINDS_NOTHING[name](connection, kielo.brand.brand_id, kielo) is not None
        assert FINDS_NOTHING[name](connection, kielo.brand.brand_id, rove) is None


@pytest.mark.parametrize("name", REFUSES)
def test_anothers_is_refused_and_untouched(
    database: Database, kielo: Belongings, rove: Belongings, name: str
) -> None:
    before = everything(database, rove), everything(database, kielo)
    with pytest.raises(Refusal):
        database.run(REFUSES[name], kielo.brand.brand_id, rove)
    assert (everything(database, rove), everything(database, kielo)) == before
    database.run(REFUSES[name], kielo.brand.brand_id, kielo)  # one's own is not


def test_every_function_of_a_brand_and_an_id_is_tried() -> None:
    """Whoever adds a function that changes something of a brand adds it here."""
    changing = {
        f"{room.__name__.rpartition('.')[2]}.{name}"
        for room in (location, tills, api_keys, staff)
        for name, function in vars(room).items()
        if callable(function)
        and getattr(function, "__module__", "") == room.__name__
        and "actor" in getattr(function, "__annotations__", {})
        and not name.startswith("_")
    }
    # These two only add something under the brand that is named.
    assert changing - {"location.add"} <= set(REFUSES)


def test_lists_hold_ones_own_alone(database: Database, kielo: Belongings, rove: Belongings) -> None:
    with database.read() as connection:
        mine = kielo.brand.brand_id
        assert {each.brand_id for each in brands.locations(connection, mine)} == {mine}
        assert {each.brand_id for each in staff.of(connection, mine)} == {mine}
        assert {each.brand_id for each in tills.of(connection, mine)} == {mine}
        assert {each.till.brand_id for each in tills.standing(connection, mine)} == {mine}
        assert {each.brand_id for each in api_keys.of(connection, mine)} == {mine}
        assert staff.by_name(connection, mine, "Sanna") == kielo.person


def test_two_brands_of_one_name_have_an_address_each(database: Database, kielo: Belongings) -> None:
    with database.write() as connection:
        again = a_brand(connection, "Kielo")
        odd = [a_brand(connection, name) for name in ("Account", "7", "!", "Æble & Ø")]
    assert (kielo.brand.slug, again.slug) == ("kielo", "kielo-2")
    assert [brand.slug for brand in odd] == ["account-2", "shop-7", "shop", "aeble-o"]
    renamed = database.run(brands.change, replace(again, name="Rosa"), actor=COMMAND)
    assert renamed.slug == "kielo-2"
