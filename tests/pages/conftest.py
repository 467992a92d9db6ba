"""A shop with its doors open: Kielo the florist, Sanna at the till, Aino with a card."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from factories import KEYRING, a_brand, a_cashier, a_member, a_till
from flask import Flask
from flask.testing import FlaskClient
from waitress.server import create_server
from werkzeug.test import TestResponse

from passes.design import Design
from wallet_service import clock, ids, pages, sales, web
from wallet_service.brands import Brand, designs, tills
from wallet_service.brands.staff import Staff
from wallet_service.brands.tills import Till
from wallet_service.config import Config
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.sales import Counter, StampsTold
from wallet_service.shipped import shipped
from wallet_service.wallet import Wallet

SECRET = "a key of the tests, long enough to be taken"

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36"
)
COMPUTER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/22F76 Instagram 390.0.0.22.85"
)


@pytest.fixture
def agents() -> dict[str, str]:
    """What browsers call themselves."""
    return {
        "iphone": IPHONE, "android": ANDROID, "computer": COMPUTER, "instagram": INSTAGRAM
    }  # fmt: skip


@dataclass
class Shop:
    """All that a story needs of the shop."""

    wallet: Wallet
    app: Flask
    brand: Brand
    till: Till
    sanna: Staff
    aino: Enrolled

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
        return url.removeprefix(self.wallet.config.base_url)

    def card_link(self, member: Enrolled | None = None) -> str:
        who = member or self.aino
        with self.wallet.database.read() as connection:
            url = self.wallet.links.card_url(connection, who.member_id, who.person_id)
        return url.removeprefix(self.wallet.config.base_url)

    def pairing_code(self) -> str:
        return self.wallet.database.run(tills.pairing_code, self.till)

    def have(self, member: Enrolled | None = None) -> int:
        """How many stamps are on the card."""
        who = member or self.aino
        with self.wallet.database.read() as connection:
            scan = sales.at_the_counter(connection, self.brand.brand_id, who.code)
        assert scan.stamps is not None
        return scan.stamps.have


@pytest.fixture(scope="session")
def certs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Practice keys, made once."""
    return tmp_path_factory.mktemp("certs")


@pytest.fixture(scope="session")
def kielo() -> Design:
    return Design.unpack(Design.load(shipped("templates", "designs", "kielo")).pack())


def open_shop(database: Database, url: str, certs: Path, kielo: Design) -> Shop:
    config = Config.model_validate(
        {"service": {"url": url, "secret_key": SECRET, "certs": str(certs)}}
    )
    wallet = Wallet.open(config)
    wallet.database.close()
    wallet.database = database
    assert wallet.keyring.current_id == KEYRING.current_id
    app = Flask("shop", static_folder=None, template_folder=None)
    web.install(app, wallet)
    pages.install(app, practice=False)
    with database.write() as connection:
        brand = a_brand(connection, contact_phone="+358 9 555 0100")
        designs.apply(connection, brand.brand_id, "kielo", kielo)
        return Shop(
            wallet=wallet,
            app=app,
            brand=brand,
            till=a_till(connection, brand),
            sanna=a_cashier(connection, brand),
            aino=a_member(connection, brand, joined_at=clock.now() - timedelta(days=30)),
        )


@pytest.fixture
def shop(sqlite_database: Database, certs: Path, kielo: Design, driven_clock: object) -> Shop:
    return open_shop(sqlite_database, "http://127.0.0.1:8080", certs, kielo)


class Window:
    """A browser without scripts: it opens pages, fills their forms in and presses buttons."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.answer: TestResponse

    def open(self, path: str, **headers: str) -> TestResponse:
        self.answer = self._client.get(path, headers=headers, follow_redirects=True)
        return self.answer

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def path(self) -> str:
        return self.answer.request.path

    @property
    def title(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.S)
        return re.sub(r"<.*?>", "", found[1]).strip() if found else ""

    def press(self, button: str, **fields: str) -> TestResponse:
        """Send the form whose button has these words."""
        form = next(
            form
            for form in re.findall(r"<form.*?</form>", self.text, re.S)
            if re.search(rf"<button[^>]*>.*?{re.escape(button)}", form, re.S)
        )
        values = {
            re.search(r'name="(.*?)"', field)[1]: re.search(r'value="(.*?)"', field)[1]  # type: ignore[index]
            for field in re.findall(r'<input type="hidden".*?>', form)
        }
        action = re.search(r'action="(.*?)"', form)[1]  # type: ignore[index]
        self.answer = self._client.post(action, data=values | fields, follow_redirects=True)
        return self.answer

    def follow(self, words: str) -> TestResponse:
        """Follow the link that has these words in it."""
        link = next(
            link
            for link in re.findall(r"<a .*?</a>", self.text, re.S)
            if words in re.sub(r"<.*?>", "", link)
        )
        return self.open(re.search(r'href="(.*?)"', link)[1])  # type: ignore[index]


@pytest.fixture
def window(shop: Shop) -> Window:
    return Window(shop.app.test_client())


@pytest.fixture
def till(shop: Shop, window: Window) -> Window:
    """A browser that is a till, with Sanna at it."""
    window.open("/till")
    window.press("Pair", code=shop.pairing_code())
    window.follow("Sanna")
    window.press("Start", pin="1234")
    assert "Scan" in window.title
    return window


@pytest.fixture
def served(sqlite_database: Database, certs: Path, kielo: Design) -> Iterator[Shop]:
    """The shop on a real port, for Chromium."""
    server = create_server(Flask("nobody"), host="127.0.0.1", port=0)
    url = f"http://127.0.0.1:{server.effective_port}"
    shop = open_shop(sqlite_database, url, certs, kielo)
    server.application = shop.app
    thread = threading.Thread(target=server.run)
    thread.start()
    yield shop
    server.close()
    thread.join()
