"""Settings of the brand, its shops, tills and security, as those who run it use them."""

import re
from datetime import date, time

import markup
import pytest
from shopfront import Shop
from werkzeug.test import TestResponse
from window import Window

from wallet_service import audit, brands
from wallet_service.brands import Location, staff, tills
from wallet_service.brands.opening import Hours
from wallet_service.brands.roles import Role


def told(shop: Shop) -> str:
    """The last line of the audit log."""
    with shop.wallet.database.read() as connection:
        return audit.read(connection, shop.brand.brand_id, limit=1)[0].say.say("en")


def shops(shop: Shop) -> dict[str, Location]:
    with shop.wallet.database.read() as connection:
        return {each.name: each for each in brands.locations(connection, shop.brand.brand_id)}


@pytest.fixture
def owner(shop: Shop) -> Window:
    return shop.as_(Role.OWNER)


def at(shop: Shop, path: str = "") -> str:
    return f"{shop.root}/settings{path}"


def press_twice(window: Window, button: str, **fields: str | list[str]) -> TestResponse:
    """Press a button, and load its answer again; what the second time brings."""
    page = window.page
    form = markup.form_of(page, window._button(page, button))
    assert form is not None
    values = markup.filled(page, form)
    for name, value in fields.items():
        values.setlist(name, [value] if isinstance(value, str) else value)
    window.press(button, **fields)
    return window._client.post(window.answer.request.path, data=values)


# ---- what there is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (
            Role.OWNER,
            ["Brand", "Shops", "Staff", "Tills", "API keys", "Security", "What happened"],
        ),
        (Role.MANAGER, ["Brand", "Shops", "Staff", "Tills", "Security", "What happened"]),
        (Role.MARKETER, ["Brand", "Shops"]),
        (Role.AGENCY, ["Brand"]),
    ],
)
def test_each_role_finds_the_settings_that_are_its_own(
    shop: Shop, role: Role, sees: list[str]
) -> None:
    window = shop.as_(role)
    window.open(at(shop))
    assert [each.words for each in window.page.all("h2")] == sees


def test_the_settings_say_how_they_stand(shop: Shop, owner: Window) -> None:
    owner.open(at(shop))
    assert "Kielo speaks English" in owner.words
    assert "Not paired yet: Counter." in owner.words
    assert "Level shop" in owner.words


# ---- the brand -----------------------------------------------------------------------------------


def test_the_owner_renames_the_brand_and_the_log_says_so(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/brand"))
    owner.press("Save the brand", name="Kielo & Co", contact_phone="+358 9 1")
    assert "Saved." in owner.words
    assert owner.value_of("name") == "Kielo & Co"
    assert owner.path == at(shop, "/brand"), "the address stays"
    assert told(shop).startswith("Outi changed the telephone number")


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Please fill this in."),
        ("name", "Kie{lo", "without quotes, braces"),
        ("contact_email", "nobody", "no e-mail address"),
        ("website", "javascript:alert(1)", "no address of pages"),
        ("time_zone", "Mars/Olympus", "no time zone"),
    ],
)
def test_what_a_brand_cannot_be_stands_beside_its_field(
    shop: Shop, owner: Window, field: str, typed: str, says: str
) -> None:
    owner.open(at(shop, "/brand"))
    before = told(shop)
    assert owner.press("Save the brand", **{field: typed}).status_code == 422
    assert says in owner.error_at(field)
    assert owner.value_of(field) == typed
    assert told(shop) == before


def test_an_agency_reads_and_does_not_change(shop: Shop) -> None:
    window = shop.as_(Role.AGENCY)
    window.open(at(shop, "/brand"))
    assert "Only an owner changes these." in window.words
    assert not [each for each in window.page.all("input") if each["name"] == "name"]


# ---- shops ---------------------------------------------------------------------------------------


def test_a_shop_is_added_with_its_hours(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/locations"))
    owner.follow("Add a shop")
    owner.press(
        "Save the shop",
        name="Töölö",
        time_zone="Europe/Mariehamn",
        mon="10–18",
        sat="10.30 - 16",
        sun="18-02",
        **{"special-0-day": "2026-12-24", "special-1-day": "2026-12-23", "special-1-hours": "9-21"},
    )
    assert "Töölö is a shop of Kielo." in owner.words
    assert "Mon 10:00–18:00, Sat 10:30–16:00, Sun 18:00–02:00" in owner.words
    made = shops(shop)["Töölö"]
    assert made.time_zone == "Europe/Mariehamn"
    assert not made.opening.is_open_on(date(2026, 12, 24))
    assert made.opening.hours_on(date(2026, 12, 23)) == Hours(opens=time(9), closes=time(21))
    assert told(shop) == "Outi added the shop Töölö"


def test_hours_are_shown_as_they_were_kept_and_taken_away_by_emptying(
    shop: Shop, owner: Window
) -> None:
    place = shops(shop)["Kielo, Kallio"]
    here = at(shop, f"/locations/{place.location_id}")
    owner.open(here)
    owner.press("Save the shop", mon="00-24", **{"special-0-day": "2026-12-24"})
    assert told(shop) == "Outi changed the opening days of Kielo, Kallio"
    owner.open(here)
    assert owner.value_of("mon") == "00:00–00:00"
    assert owner.value_of("special-0-day") == "2026-12-24"
    owner.press("Save the shop", mon="", **{"special-0-day": ""})
    assert not shops(shop)["Kielo, Kallio"].opening.is_said


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("mon", "at ten", "Hours are written as"),
        ("mon", "25–26", "Hours are written as"),
        ("tue", "10–10", "same moment"),
        ("special-0-hours", "10–12", "Say which day"),
        ("name", "  ", "A shop's name has"),
    ],
)
def test_hours_that_cannot_be_are_said_and_kept(
    shop: Shop, owner: Window, field: str, typed: str, says: str
) -> None:
    place = shops(shop)["Kielo, Kallio"]
    owner.open(at(shop, f"/locations/{place.location_id}"))
    assert owner.press("Save the shop", **{field: typed}).status_code == 422
    assert says in owner.words
    assert owner.value_of(field) == typed
    assert shops(shop)["Kielo, Kallio"] == place


def test_the_last_shop_stays_and_one_that_is_used_too(shop: Shop, owner: Window) -> None:
    place = shops(shop)["Kielo, Kallio"]
    here = at(shop, f"/locations/{place.location_id}")
    owner.open(here)
    assert owner.press("Close it for good").status_code == 409
    assert "last shop" in owner.words
    owner.open(at(shop, "/locations/new"))
    owner.press("Save the shop", name="Töölö")
    owner.open(here)
    owner.press("Close it for good")
    assert "Kielo, Kallio still has: Counter" in owner.words
    owner.open(at(shop, f"/locations/{shops(shop)['Töölö'].location_id}"))
    owner.press("Close it for good")
    assert "Töölö is closed." in owner.words
    assert list(shops(shop)) == ["Kielo, Kallio"]


# ---- tills ---------------------------------------------------------------------------------------


def code_on(window: Window) -> str:
    (found,) = [each.words for each in window.page.all("code") if each["id"] == "pairing-code"]
    return found


def test_a_till_is_added_and_a_device_is_paired_with_its_code(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/tills"))
    owner.follow("Add a till")
    owner.press("Add the till", name="Bar")
    assert owner.title == "Bar"
    owner.press("Show a code")
    assert re.fullmatch(r"[0-9A-Z]{4} [0-9A-Z]{4}", code_on(owner))
    assert owner.answer.headers["Cache-Control"] == "no-store"
    assert code_on(owner).replace(" ", "") not in owner.answer.request.url

    device = shop.window()
    device.open("/till")
    device.press("Pair", code=code_on(owner))
    assert device.title == "Who is on?"
    owner.open(at(shop, "/tills"))
    assert "Paired today" in owner.words


def test_loading_the_code_again_shows_no_second_one(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, f"/tills/{shop.till.till_id}"))
    again = press_twice(owner, "Show a code")
    first = code_on(owner)
    assert again.status_code == 409
    assert "makes no second one" in again.text
    device = shop.window()
    device.open("/till")
    device.press("Pair", code=first)
    assert device.status == 200


def test_a_till_is_moved_and_ended(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/locations/new"))
    owner.press("Save the shop", name="Töölö")
    owner.open(at(shop, f"/tills/{shop.till.till_id}"))
    owner.press("Save", location_id=shops(shop)["Töölö"].location_id)
    assert told(shop) == "Outi moved the till Counter from Kielo, Kallio to Töölö"
    owner.open(at(shop, f"/tills/{shop.till.till_id}"))
    owner.press("End it for good")
    assert "No tills yet" in owner.words
    assert told(shop) == "Outi ended the till Counter"
    assert owner.open(at(shop, f"/tills/{shop.till.till_id}")).status_code == 404


def test_a_manager_of_another_shop_does_not_pair_this_one(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/locations/new"))
    owner.press("Save the shop", name="Töölö")
    manager = shop.as_(Role.MANAGER)
    limit(shop, "Matti", "Töölö")
    manager.open(at(shop, f"/tills/{shop.till.till_id}"))
    assert "You work at other places" in manager.words
    with shop.wallet.database.read() as connection:
        before = tills.standing(connection, shop.brand.brand_id)
    manager.open(at(shop, "/tills"))  # has a form's token
    token = next(e["value"] for e in manager.page.all("input") if e["name"] == "csrf_token")
    answer = manager._client.post(
        at(shop, f"/tills/{shop.till.till_id}/pair"), data={"csrf_token": token, "once": "x"}
    )
    assert answer.status_code == 409
    with shop.wallet.database.read() as connection:
        assert tills.standing(connection, shop.brand.brand_id) == before


def limit(shop: Shop, name: str, place: str) -> None:
    """Let somebody work at one shop alone."""
    from dataclasses import replace

    with shop.wallet.database.write() as connection:
        who = staff.by_name(connection, shop.brand.brand_id, name)
        assert who is not None
        there = replace(who, locations=frozenset({shops(shop)[place].location_id}))
        staff.change(connection, there, actor=audit.COMMAND)


# ---- security ------------------------------------------------------------------------------------


def test_a_level_is_explained_before_it_is_chosen(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/security"))
    for words in ("Shop", "Chain", "Strict", "Somebody else may sit down at a screen"):
        assert words in owner.words
    owner.follow("Choose chain")
    assert "asked to set up a second factor" in owner.words
    assert "Sign-ins end sooner: after 2 hours" in owner.words
    owner.press("Choose chain")
    assert "The level of security is chain now." in owner.words
    assert told(shop) == "Outi raised the level of security from shop to chain"
    with shop.wallet.database.read() as connection:
        assert brands.get(connection, shop.brand.brand_id).level.second_factor


def test_a_milder_level_says_that_it_is_one(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/security/chain"))
    owner.press("Choose chain")
    owner.open(at(shop, "/security/shop"))
    assert "This is milder than now." in owner.words
    owner.press("Choose shop")
    assert told(shop) == "Outi lowered the level of security from chain to shop"


def test_what_a_stricter_level_does_to_oneself_is_said_before(shop: Shop, owner: Window) -> None:
    words = "You have no second factor: you will set one up next."
    alone = shop.as_(Role.OWNER, factors="password")
    alone.open(at(shop, "/security/chain"))
    assert words in alone.words
    # By a passkey one has come in with two factors already.
    owner.open(at(shop, "/security/chain"))
    assert words not in owner.words


def test_strict_takes_two_who_have_joined_and_is_lowered_by_two(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/security/strict"))
    owner.press("Choose strict")
    assert owner.status == 422
    assert "This level needs two people who may decide" in owner.words

    manager = shop.as_(Role.MANAGER)
    owner.press("Choose strict")
    assert "The level of security is strict now." in owner.words
    owner.open(at(shop, "/security/shop"))
    assert "A second person must agree" in owner.words
    owner.press("Ask for it")
    assert "Asked for." in owner.words
    manager.open(shop.root)
    assert "the level of security lowered to shop" in manager.words
    manager.follow("Read and decide")
    assert "Member" not in [each.words for each in manager.page.all("dt")]
    manager.press("Agree, and do it")
    assert told(shop) == "Outi lowered the level of security from strict to shop"


def test_the_level_takes_a_proof_and_an_owner(shop: Shop) -> None:
    unproved = shop.as_(Role.OWNER, proved=False)
    unproved.open(at(shop, "/security/chain"))
    assert unproved.path == "/console/prove"
    assert shop.as_(Role.MANAGER).open(at(shop, "/security/chain")).status_code == 403
    assert shop.as_(Role.OWNER).open(at(shop, "/security/lax")).status_code == 404


# ---- what happened -------------------------------------------------------------------------------


def test_what_happened_is_read_page_by_page(shop: Shop, owner: Window) -> None:
    for number in range(60):
        owner.open(at(shop, "/brand"))
        owner.press("Save the brand", contact_phone=f"+358 {number}")
    owner.open(at(shop, "/audit"))
    assert "Outi changed the telephone number for members to +358 59" in owner.words
    assert not re.search(r"\+358 5(?!\d)", owner.words)
    owner.follow("Earlier")
    assert re.search(r"\+358 5(?!\d)", owner.words)
    assert "Kielo" in owner.words
    owner.follow("Later")
    assert "+358 59" in owner.words


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "٣", "0"])
def test_a_page_of_the_log_that_cannot_be_is_still_a_page(
    shop: Shop, owner: Window, before: str
) -> None:
    assert owner.open(at(shop, f"/audit?before={before}")).status_code == 200
