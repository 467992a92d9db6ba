"""The API on a real database, with one florist and keys of several kinds."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import contract
import pytest
from flask import Flask
from flask.testing import FlaskClient

from wallet_service import brands, ids, programme, web
from wallet_service.audit import COMMAND
from wallet_service.brands import api_keys
from wallet_service.db import Database
from wallet_service.enrolment import Issuing
from wallet_service.keys import Keyring
from wallet_service.members.links import Links
from webhooks import api

URL = "http://127.0.0.1:8080"
FLORIST = Path(__file__).parents[2] / "templates" / "programmes" / "florist.toml"


@dataclass
class BareWallet:
    """What the API asks of the opened service, and nothing that signs or pushes."""

    database: Database
    keyring: Keyring
    config: Any = field(default_factory=lambda: SimpleNamespace(service=SimpleNamespace(url=URL)))

    @property
    def links(self) -> Links:
        return Links(keyring=self.keyring, base_url=URL)

    @property
    def issuing(self) -> Issuing:
        return Issuing(pass_type_identifier="pass.test", key_id=self.keyring.current_id)


@dataclass
class Caller:
    """Somebody with an API key."""

    client: FlaskClient
    secret: str

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}"} | options.pop("headers", {})
        if body is not None:
            options["json"] = body
        whole = f"/api/v1{path}"
        answer = self.client.open(whole, method=method, headers=headers, **options)
        contract.hold(self.client.application, method, answer)
        return answer

    def another(self) -> "Caller":
        """The same key, at another counter."""
        return Caller(client=self.client.application.test_client(), secret=self.secret)

    def enrol(self, **facts: Any) -> dict[str, Any]:
        answer = self("POST", "/members", {"given_name": "Aino", "family_name": "Koski"} | facts)
        assert answer.status_code == 201, answer.text
        return answer.json

    def stamps(self, member: dict[str, Any], count: int, event_id: str) -> dict[str, Any]:
        told = {"event_id": event_id, "code": member["code"], "count": count}
        answer = self("POST", "/stamps", told)
        assert answer.status_code == 200, answer.text
        return answer.json


@dataclass
class Shop:
    app: Flask
    brand_id: str
    location_id: str
    database: Database

    def key(self, *scopes: str, **options: Any) -> Caller:
        with self.database.write() as connection:
            _, secret = api_keys.create(
                connection,
                self.brand_id,
                scopes=scopes,
                # Stories go faster than a shop does.
                **{"name": ids.new_id(), "locations": [self.location_id], "actor": COMMAND}
                | {"unhurried": True}
                | options,
            )
        return Caller(client=self.app.test_client(), secret=secret)


def open_shop(database: Database, keyring: Keyring, name: str = "Kielo") -> Shop:
    app = Flask("api_only")
    web.install(app, BareWallet(database=database, keyring=keyring))
    api.install(app, "/api/v1")
    with database.write() as connection:
        brand = brands.add(
            connection, name=name, contact_email="hello@kielo.example", actor=COMMAND
        )
        shop = brands.add_location(connection, brand.brand_id, name="Kallio", actor=COMMAND)
        programme.apply(connection, brand.brand_id, FLORIST.read_text())
    return Shop(app=app, brand_id=brand.brand_id, location_id=shop.location_id, database=database)


@pytest.fixture
def shop(database: Database, keyring: Keyring) -> Shop:
    return open_shop(database, keyring)


@pytest.fixture
def pos(shop: Shop) -> Caller:
    """A POS whose key holds every scope."""
    return shop.key(*api_keys.ALL)


@pytest.fixture
def small_shop(sqlite_database: Database, keyring: Keyring) -> Shop:
    """A shop on SQLite alone, for what no database changes."""
    return open_shop(sqlite_database, keyring)


@pytest.fixture
def caller(small_shop: Shop) -> Caller:
    return small_shop.key(*api_keys.ALL)


@pytest.fixture
def two_shops(sqlite_database: Database, keyring: Keyring) -> tuple[Caller, Caller]:
    """Two brands in one database, each with a key that holds every scope."""
    kielo, rove = (open_shop(sqlite_database, keyring, name) for name in ("Kielo", "Rove"))
    return kielo.key(*api_keys.ALL), rove.key(*api_keys.ALL)
