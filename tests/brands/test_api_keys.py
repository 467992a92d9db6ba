"""Keys of a POS or a CRM: shown once, ended by name, and no wider than they were made."""

import pytest
import sqlalchemy as sa

from wallet_service import audit, brands
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand, api_keys, tables
from wallet_service.brands.api_keys import ApiKey, UnknownKey, UnknownScope
from wallet_service.db import Database


def made(database: Database, brand: Brand, **facts: object) -> tuple[ApiKey, str]:
    with database.write() as connection:
        return api_keys.create(
            connection,
            brand.brand_id,
            **{"name": "POS", "scopes": ["members", "sales:read"], "actor": COMMAND, **facts},
        )


def opened(database: Database, secret: str) -> ApiKey | None:
    with database.read() as connection:
        return api_keys.by_secret(connection, secret)


def test_a_key_opens_what_it_was_made_for(database: Database, brand: Brand) -> None:
    key, secret = made(database, brand)
    assert opened(database, secret) == key
    assert key.may("members")
    assert key.may("members:read")
    assert key.may("sales:read")
    assert not key.may("sales")
    assert not key.may("ledger:read")


def test_a_secret_is_shown_once_and_never_kept(database: Database, brand: Brand) -> None:
    _, secret = made(database, brand)
    with database.read() as connection:
        row = connection.execute(sa.select(tables.api_key)).one()
    assert secret.rpartition("_")[2] not in str(row)
    assert secret not in str(row)


@pytest.mark.parametrize("broken", ["", "wk_", "wk__", "wk_nobody_nothing", "ä", "x" * 9999])
def test_a_secret_that_is_none_opens_nothing(database: Database, brand: Brand, broken: str) -> None:
    made(database, brand)
    assert opened(database, broken) is None


def test_one_wrong_character_opens_nothing(database: Database, brand: Brand) -> None:
    _, secret = made(database, brand)
    assert opened(database, secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None
    assert opened(database, "xx" + secret[2:]) is None
    assert opened(database, secret + "A") is None


def test_an_ended_key_is_out_and_the_new_one_speaks_for_the_same_source(
    database: Database, brand: Brand
) -> None:
    first, old = made(database, brand, source="pos-1")
    with database.write() as connection:
        key, new = api_keys.replace(connection, first, actor=COMMAND)
    assert opened(database, old) is None
    assert opened(database, new) == key
    assert key.source == "pos-1"


def test_a_keys_source_is_its_shop_when_nothing_else_is_said(
    database: Database, brand: Brand
) -> None:
    with database.read() as connection:
        (shop,) = brands.locations(connection, brand.brand_id)
    till_one, _ = made(database, brand, locations=[shop.location_id], name="one")
    till_two, _ = made(database, brand, locations=[shop.location_id], name="two")
    elsewhere, _ = made(database, brand)
    assert till_one.source == till_two.source
    assert elsewhere.source != till_one.source


def test_a_scope_that_does_not_exist_is_named(database: Database, brand: Brand) -> None:
    with pytest.raises(UnknownScope, match="everything") as refused:
        made(database, brand, scopes=["members", "everything"])
    assert refused.value.code == "unknown_scope"


def test_a_key_that_the_service_keeps_to_itself_is_told_of_once(
    database: Database, brand: Brand
) -> None:
    key, first = made(database, brand)
    for _ in range(3):
        with database.write() as connection:
            secret = api_keys.fresh_secret(connection, key)
    assert opened(database, first) is None
    assert opened(database, secret) == key
    with database.read() as connection:
        assert (
            sum(each.what == "key.changed" for each in audit.read(connection, brand.brand_id)) == 1
        )
        assert api_keys.of(connection, brand.brand_id) == (key,)
    with database.write() as connection:
        api_keys.end(connection, key, actor=COMMAND)
    with database.write() as connection, pytest.raises(UnknownKey):
        api_keys.fresh_secret(connection, key)
