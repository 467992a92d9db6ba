"""A whole service for whole stories: its port, its worker, its pretend Apple and its phones."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import requests

from wallet_service import config, keys, migrations
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand, api_keys, locations, staff, the_first, tills
from wallet_service.brands.roles import Role
from wallet_service.phones import outbox
from wallet_service.practice.iphone import IPhone
from wallet_service.running import Running
from wallet_service.starting import Shop, open_shop
from wallet_service.wallet import Wallet

PIN = "2468"


@dataclass(kw_only=True)
class Served:
    """A running shop, and what a story asks of it."""

    running: Running
    brand: Brand
    api_key: str
    pairing: str
    _session: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        return self.running.url

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """One call of the API, with the shop's own key."""
        return self._session.request(
            method,
            f"{self.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.api_key}", **headers},
            timeout=20,
        )

    def member(self, given_name: str = "Aino", **facts: Any) -> dict[str, Any]:
        """A new member, as the API answers."""
        answer = self.call("POST", "/members", {"given_name": given_name, **facts})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def stamp(self, code: str, event_id: str, count: int = 1) -> dict[str, Any]:
        """One stamp, as a POS gives it."""
        body = {"event_id": event_id, "code": code, "count": count}
        answer = self.call("POST", "/stamps", body)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    def waiting(self) -> int:
        """How many passes are still to be delivered."""
        with self.running.wallet.database.read() as connection:
            return outbox.waiting(connection)[0]

    def phone(self, key: str = "aino") -> IPhone:
        """One of the service's own practice phones."""
        phones = self.running.wallet.phones
        assert phones is not None
        found = phones.get(key)
        assert found is not None
        return found.phone


def until(true: Callable[[], object], seconds: float = 15, what: str = "it") -> None:
    """Wait until something holds; looking, never guessing how long it takes."""
    deadline = monotonic() + seconds
    while not true():
        assert monotonic() < deadline, f"{what} did not come to hold within {seconds} s"
        sleep(0.01)


def serve(database_url: str, folder: Path, **environment: str) -> tuple[Running, Brand, str, str]:
    """Open a florist's shop in a database and run it on a free port."""
    settings = config.load(
        None,
        environment={
            "WALLET_SERVICE__DATABASE__URL": database_url,
            "WALLET_SERVICE__SERVICE__CERTS": str(folder / "certs"),
            "WALLET_SERVICE__SERVICE__SECRET_KEY_FILE": str(folder / "secret.keys"),
            **environment,
        },
    )
    keys.make(folder / "secret.keys")
    made: list[tuple[Brand, str, str]] = []

    def open_the_shop(wallet: Wallet) -> None:
        migrations.upgrade(wallet.database)
        wallet.database.run(
            open_shop,
            Shop(name="Kielo", contact_email="hei@kielo.example", website="https://kielo.example/"),
            folder,
        )
        with wallet.database.write() as connection:
            brand = the_first(connection)
            assert brand is not None
            staff.add(
                connection,
                wallet.keyring,
                brand.brand_id,
                "Sanna",
                role=Role.CASHIER,
                pin=PIN,
                actor=COMMAND,
            )
            (shop,) = locations(connection, brand.brand_id)
            till = tills.add(connection, brand.brand_id, shop.location_id, "Counter", actor=COMMAND)
            code = tills.pairing_code(connection, till, actor=COMMAND)
            _, secret = api_keys.create(
                connection,
                brand.brand_id,
                name="story",
                scopes=api_keys.ALL,
                unhurried=True,
                actor=COMMAND,
            )
        made.append((brand, secret, code))

    running = Running(settings, port=0, before=open_the_shop)
    return running, *made[0]
