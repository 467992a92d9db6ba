"""An installation of the first release goes on with the second's schema: nothing is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from factories import KEYRING

from wallet_service import append_only, audit, brands, migrations
from wallet_service.brands import api_keys, pin, pin_check, staff, tills
from wallet_service.brands.opening import UNSAID
from wallet_service.brands.roles import Role
from wallet_service.db import Database

NOW = int(datetime(2026, 5, 4, 12, tzinfo=UTC).timestamp() * 1_000_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database at the first release's schema."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'old.db'}")
        assert database.file is not None
        database.file.make()
    else:
        server = request.getfixturevalue("postgres")
        name, url = server.empty()
        database = Database(url)
    with migrations._alone(database) as connection:
        command.upgrade(migrations._alembic(connection), "0001")
        for table in ("entry", "entry_line", "lot_use", "programme_version"):
            for statement in append_only.statements(connection.dialect.name, table):
                connection.execute(sa.text(statement))
    yield database
    database.close()
    if request.param == "postgresql":
        server.drop(name)


def insert(database: Database, table: str, **values: object) -> None:
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    with database.write() as connection:
        connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)


def a_shop(database: Database, brand_id: str, name: str) -> None:
    """A brand as the first release kept it: a shop, Sanna, one who left, a till, two keys."""
    insert(
        database, "brand", brand_id=brand_id, name=name, language="fi", time_zone="Europe/Helsinki",
        contact_email="hei@kielo.example", contact_phone="", website="", created_at=NOW,
    )  # fmt: skip
    insert(
        database, "location", brand_id=brand_id, location_id=f"{brand_id}-shop", name="Kallio",
        address="Vaasankatu 1", created_at=NOW,
    )  # fmt: skip
    for who, ended in (("sanna", None), ("otto", NOW)):
        insert(
            database, "staff", brand_id=brand_id, staff_id=f"{brand_id}-{who}", name=who,
            pin_hash=pin.kept(KEYRING, f"{brand_id}-{who}", "2468"), pin_attempts=2,
            created_at=NOW, ended_at=ended,
        )  # fmt: skip
    insert(
        database, "till", brand_id=brand_id, till_id=f"{brand_id}-till",
        location_id=f"{brand_id}-shop", name="Counter", secret_hash="hash", paired_at=NOW, shift=7,
        created_at=NOW,
    )  # fmt: skip
    for key, place in (("anywhere", None), ("there", f"{brand_id}-shop")):
        insert(
            database, "api_key", brand_id=brand_id, key_id=f"{brand_id}{key}", name=key,
            secret_hash=api_keys._hash("proof"), scopes='["sales"]', location_id=place,
            source=f"key:{key}", unhurried=0 if database.is_sqlite else False, created_at=NOW,
        )  # fmt: skip


def test_a_shop_of_the_first_release_goes_on(old: Database) -> None:
    for brand_id, name in (("b1", "Kielo"), ("b2", "Kielo"), ("b3", "Account"), ("b4", "50 %")):
        a_shop(old, brand_id, name)
    migrations.upgrade(old)
    migrations.upgrade(old)
    migrations.require_head(old)

    with old.read() as connection:
        there = brands.every(connection)
        assert [(each.slug, each.security_level) for each in there] == [
            ("kielo", "shop"), ("kielo-2", "shop"), ("account-2", "shop"), ("shop-50", "shop"),
        ]  # fmt: skip
        brand = there[0]
        assert (brand.name, brand.language) == ("Kielo", "fi")

        (shop,) = brands.locations(connection, "b1")
        assert (shop.name, shop.address, shop.opening) == ("Kallio", "Vaasankatu 1", UNSAID)
        assert shop.zone(brand.zone) == brand.zone

        (sanna,) = staff.of(connection, "b1")
        assert (sanna.name, sanna.role, sanna.locations) == ("sanna", Role.CASHIER, frozenset())
        assert (sanna.has_pin, sanna.account_id) == (True, None)

        (till,) = tills.of(connection, "b1")
        assert (till.name, till.shift, till.location_id) == ("Counter", 7, "b1-shop")
        assert till.shift_staff_id is None

        keys = {key.name: key for key in api_keys.of(connection, "b1")}
        assert keys["anywhere"].locations == frozenset()
        assert keys["there"].own_location == "b1-shop"
        assert {key.source for key in keys.values()} == {"key:anywhere", "key:there"}
        assert api_keys.by_secret(connection, "wk_b1there_proof") == keys["there"]
        assert audit.read(connection, "b1") == ()
        assert migrations.missing_triggers(connection) == []
    assert pin_check.check(old, KEYRING, "b1", "b1-sanna", "2468").staff == sanna
