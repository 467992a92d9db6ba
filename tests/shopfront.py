"""A shop with its doors open: Kielo the florist, its staff by name, and Aino with a card."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from factories import KEYRING, a_brand, a_cashier, a_colleague, a_member, a_till
from flask import Flask
from waitress.server import create_server
from window import Window

from passes.design import Design
from wallet_service import clock, ids, sales
from wallet_service.access import sessions
from wallet_service.app import create_app
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand, designs, tills
from wallet_service.brands.roles import Role
from wallet_service.brands.staff import Staff
from wallet_service.brands.tills import Till
from wallet_service.config import Config
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.pages.console import frame
from wallet_service.sales import Counter, StampsTold
from wallet_service.wallet import Wallet

SECRET = "a key of the tests, long enough to be taken"

# Who is meant when a test says "as the marketer".
NAMES = {
    Role.OWNER: "Outi",
    Role.MANAGER: "Matti",
    Role.MARKETER: "Anna",
    Role.CASHIER: "Sanna",
    Role.AGENCY: "Axel",
}


@dataclass
class Shop:
    """All that a story needs of the shop."""

    wallet: Wallet
    app: Flask
    brand: Brand
    till: Till
    sanna: Staff
    aino: Enrolled

    @property
    def url(self) -> str:
        return self.wallet.config.base_url

    @property
    def root(self) -> str:
        """Where the shop's pages of the console begin."""
        return f"/console/{self.brand.slug}"

    def window(self) -> Window:
        """A browser that has not been here before."""
        return Window(self.app.test_client())

    def as_(self, role: Role, name: str = "", **facts: object) -> Window:
        """The browser of somebody with this role in the brand, signed in."""
        window = self.window()
        window.keep(*self.signed_in(role, name, **facts))
        return window

    def colleague(self, role: Role, name: str = "", brand: Brand | None = None) -> Staff:
        """Somebody with this role who can sign in; the same again when asked for again."""
        at = brand or self.brand
        with self.wallet.database.write() as connection:
            return a_colleague(connection, at, role, name or NAMES[role])

    def signed_in(
        self,
        role: Role,
        name: str = "",
        *,
        brand: Brand | None = None,
        factors: str = "passkey",
        proved: bool = True,
    ) -> tuple[str, str]:
        """A session's cookie: its name and its value. `proved`: the passkey was shown just now."""
        person = self.colleague(role, name, brand)
        assert person.account_id is not None
        with self.wallet.database.write() as connection:
            token = sessions.begin(
                connection, person.account_id, factors=factors, browser="a browser of the tests"
            )
            if not proved:
                connection.execute(
                    sessions.tables.session.update()
                    .where(sessions.tables.session.c.account_id == person.account_id)
                    .values(proved_at=clock.now() - timedelta(days=1))
                )
        with self.app.app_context():
            return frame.cookie_name(), token

    def newcomer(self, given_name: str = "Ilona", **facts: object) -> Enrolled:
        """One more member."""
        with self.wallet.database.write() as connection:
            return a_member(connection, self.brand, given_name, **facts)

    def stamp(self, count: int, member: Enrolled | None = None) -> sales.Answer:
        """Stamps that were given elsewhere, the day before."""
        counter = Counter(brand_id=self.brand.brand_id, source="tests")
        told = StampsTold(
            event_id=ids.new_id(),
            code=(member or self.aino).code,
            count=count,
            occurred_at=clock.now() - timedelta(days=1),
        )
        return self.wallet.database.run(sales.stamp, counter, told)

    def link(self, member: Enrolled | None = None) -> str:
        who = member or self.aino
        with self.wallet.database.read() as connection:
            url = self.wallet.links.invitation_url(connection, who.member_id, who.person_id)
        return url.removeprefix(self.url)

    def card_link(self, member: Enrolled | None = None) -> str:
        who = member or self.aino
        with self.wallet.database.read() as connection:
            url = self.wallet.links.card_url(connection, who.member_id, who.person_id)
        return url.removeprefix(self.url)

    def pairing_code(self) -> str:
        return self.wallet.database.run(tills.pairing_code, self.till, actor=COMMAND)

    def have(self, member: Enrolled | None = None) -> int:
        """How many stamps are on the card."""
        who = member or self.aino
        with self.wallet.database.read() as connection:
            scan = sales.at_the_counter(connection, self.brand.brand_id, who.code)
        assert scan.stamps is not None
        return scan.stamps.have


def open_shop(
    database: Database, url: str, certs: Path, design: Design, name: str = "Kielo"
) -> Shop:
    """A shop in a migrated database, with the real application before it."""
    config = Config.model_validate(
        {"service": {"url": url, "secret_key": SECRET, "certs": str(certs)}}
    )
    wallet = Wallet.open(config)
    wallet.database.close()
    wallet.database = database
    assert wallet.keyring.current_id == KEYRING.current_id
    return furnish(wallet, create_app(config, wallet), design, name)


def furnish(wallet: Wallet, app: Flask, design: Design, name: str = "Kielo") -> Shop:
    """One brand more behind these doors, with all that belongs to it."""
    with wallet.database.write() as connection:
        brand = a_brand(connection, name, contact_phone="+358 9 555 0100")
        designs.apply(connection, brand.brand_id, "kielo", design, actor=COMMAND)
        return Shop(
            wallet=wallet,
            app=app,
            brand=brand,
            till=a_till(connection, brand),
            sanna=a_cashier(connection, brand),
            aino=a_member(connection, brand, joined_at=clock.now() - timedelta(days=30)),
        )


@contextmanager
def on_a_port(database: Database, certs: Path, design: Design) -> Iterator[Shop]:
    """The shop on a real port, for Chromium."""
    server = create_server(Flask("nobody"), host="127.0.0.1", port=0)
    shop = open_shop(database, f"http://127.0.0.1:{server.effective_port}", certs, design)
    server.application = shop.app
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield shop
    finally:
        # Closed by its own thread: closed by ours, it may just be waiting for what is gone.
        server.trigger.pull_trigger(server.close)
        thread.join()
