"""Every page, looked at: axe, the console, headings, widths; and what it is without script."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import markup
import pytest
from addresses import Belongings
from looking import Watched, look_at, settle, sideways, watch
from places import NO_PAGE, PLACES, Place
from playwright.sync_api import Browser
from shopfront import Shop, on_a_port
from window import Window

from passes.design import Design
from wallet_service.brands.roles import Role
from wallet_service.db import Database
from wallet_service.web import doors
from wallet_service.web.doors import Kind

MACHINES = {Kind.KEY, Kind.DEVICE}

places = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)


@pytest.fixture(scope="module")
def lived_in(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, certs: Path, kielo: Design
) -> Iterator[Shop]:
    """One shop for all that only look: a dozen members, some with stamps and coupons."""
    file = tmp_path_factory.mktemp("lived-in") / "wallet.db"
    shutil.copy(sqlite_template, file)
    with on_a_port(Database(f"sqlite:///{file}"), certs, kielo) as shop:
        shop.stamp(7)
        for number, name in enumerate(
            ("Mikko", "Linnéa", "Ville-Veikko", "Saga", "Onni", "Åsa", "Eeva", "Pekka", "Noora")
        ):
            shop.stamp(number * 2 + 1, shop.newcomer(name, language=("fi", "sv", "en")[number % 3]))
        yield shop
        shop.wallet.database.close()


def opened_by(place: Place, shop: Shop) -> Window:
    """The script-less browser of whoever opens a place."""
    if isinstance(place.who, Role):
        return shop.as_(place.who)
    if not isinstance(place.who, str):
        return place.who(shop)
    window = shop.window()
    if place.who in ("paired", "till"):
        window.open("/till")
        window.press("Pair", code=shop.pairing_code())
    if place.who == "till":
        window.follow("Sanna")
        window.press("Start", pin="1234")
    return window


def address_of(place: Place, shop: Shop, window: Window) -> str:
    if place.comes is not None:
        return place.comes(shop, window)
    (rule,) = shop.app.url_map.iter_rules(place.endpoint)
    return Belongings(shop).path(rule)


def come(place: Place, shop: Shop, browser: Browser) -> tuple[Watched, str]:
    """Chromium at a place, and the place's address."""
    window = opened_by(place, shop)
    path = address_of(place, shop, window)
    at = watch(browser, shop.url, user_agent=place.agent)
    at.keep(window.cookies())
    at.goto(path)
    if place.then is not None:
        place.then(at.page, shop)
    return at, path


@pytest.mark.browser
@places
def test_a_page_is_well_in_every_way(place: Place, lived_in: Shop, browser: Browser) -> None:
    at, path = come(place, lived_in, browser)
    try:
        assert at.status == place.status
        look_at(at, place.name)
        # Finnish has the longest words, and the wall of a narrow phone shows it.
        finnish = watch(browser, lived_in.url, user_agent=place.agent, locale="fi-FI")
        finnish.keep(at.cookies())
        finnish.goto(path)
        settle(finnish.page)
        assert sideways(finnish.page) == []
        finnish.close()
    finally:
        at.close()


@places
def test_a_page_reads_and_saves_without_script(place: Place, lived_in: Shop) -> None:
    window = opened_by(place, lived_in)
    window.open(address_of(place, lived_in, window), **{"User-Agent": place.agent})
    assert window.title
    assert place.script or markup.faults(window.text) == []


def test_every_page_is_looked_at(lived_in: Shop) -> None:
    app = lived_in.app
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and (door := doors.of(app, rule.endpoint)) is not None
        and door.kind not in MACHINES
    }
    looked_at = {place.endpoint for place in PLACES}
    # A page without a place: add it to tests/pages/places.py, where one line is enough.
    assert pages - looked_at - NO_PAGE == set()
    assert looked_at - pages - {""} == {
        endpoint for endpoint in looked_at if endpoint and _only_posts(lived_in, endpoint)
    }


def _only_posts(shop: Shop, endpoint: str) -> bool:
    rules = list(shop.app.url_map.iter_rules(endpoint))
    return bool(rules) and all("GET" not in (rule.methods or ()) for rule in rules)
