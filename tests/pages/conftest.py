"""A shop with its doors open: Kielo the florist, Sanna at the till, Aino with a card."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from agents import ANDROID, COMPUTER, INSTAGRAM, IPHONE
from looking import Watched, watch
from playwright.sync_api import Browser
from shopfront import Shop, on_a_port, open_shop
from window import Window

from passes.design import Design
from wallet_service.brands.roles import Role
from wallet_service.db import Database

# What the pages' tests share beyond fixtures lies beside this file.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def agents() -> dict[str, str]:
    """What browsers call themselves."""
    return {
        "iphone": IPHONE, "android": ANDROID, "computer": COMPUTER, "instagram": INSTAGRAM
    }  # fmt: skip


@pytest.fixture
def shop(sqlite_database: Database, certs: Path, kielo: Design, driven_clock: object) -> Shop:
    return open_shop(sqlite_database, "http://127.0.0.1:8080", certs, kielo)


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
def as_(shop: Shop) -> Callable[..., Window]:
    """The browser of somebody signed in: `as_(Role.MARKETER)` is Anna the marketer's.

    `as_(Role.OWNER, brand=another)` works for another brand alone; `proved=False` showed the
    passkey long ago; `factors="password"` came in with that alone.
    """
    return shop.as_


@pytest.fixture
def served(sqlite_database: Database, certs: Path, kielo: Design) -> Iterator[Shop]:
    """The shop on a real port, for Chromium."""
    with on_a_port(sqlite_database, certs, kielo) as shop:
        yield shop


@pytest.fixture
def page_as(served: Shop, browser: Browser) -> Iterator[Callable[..., Watched]]:
    """A page of Chromium for somebody: `page_as(Role.MARKETER)`; nobody without a role.

    At the end of the test its console must be empty.
    """
    opened: list[Watched] = []

    def open_page(role: Role | None = None, name: str = "", **facts: object) -> Watched:
        page = watch(browser, served.url)
        opened.append(page)
        if role is not None:
            page.keep(dict([served.signed_in(role, name, **facts)]))
        return page

    yield open_page
    for page in opened:
        page.close()
    assert [fault for page in opened for fault in page.complaints] == []
