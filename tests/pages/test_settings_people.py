"""Settings of the staff: somebody comes, changes and goes; links are shown once."""

import re

import pytest
from shopfront import Shop
from test_settings import at, limit, press_twice, told
from window import Window

from wallet_service import audit
from wallet_service.access import recovery, sessions
from wallet_service.brands import pin_check, staff
from wallet_service.brands.pin_check import ATTEMPTS_MAX
from wallet_service.brands.roles import Role
from wallet_service.brands.staff import Staff


@pytest.fixture
def owner(shop: Shop) -> Window:
    return shop.as_(Role.OWNER)


def person(shop: Shop, name: str) -> Staff | None:
    with shop.wallet.database.read() as connection:
        return staff.by_name(connection, shop.brand.brand_id, name)


def open_person(shop: Shop, window: Window, name: str) -> None:
    who = person(shop, name)
    assert who is not None
    window.open(at(shop, f"/staff/{who.staff_id}"))


def link_on(window: Window) -> str:
    (found,) = [each.words for each in window.page.all("code") if each["id"] == "staff-link"]
    return found


def add(window: Window, shop: Shop, **fields: object) -> None:
    window.open(at(shop, "/staff/new"))
    window.press("Add the person", **fields)


# ---- coming --------------------------------------------------------------------------------------


def test_a_cashier_gets_a_pin_and_stands_at_the_till(shop: Shop, owner: Window) -> None:
    add(owner, shop, name="Otto", role="cashier", pin="8642")
    assert "Otto works here now." in owner.words
    assert told(shop) == "Outi added Otto as cashier"
    device = shop.window()
    device.open("/till")
    device.press("Pair", code=shop.pairing_code())
    device.follow("Otto")
    device.press("Start", pin="8642")
    assert "Scan" in device.title


def test_a_marketer_is_invited_by_a_link_that_is_shown_once(shop: Shop, owner: Window) -> None:
    add(owner, shop, name="Jenni", role="marketer", email="jenni@kielo.example")
    link = link_on(owner)
    assert owner.title == "A link for Jenni"
    assert owner.answer.headers["Cache-Control"] == "no-store"
    token = link.rpartition("/")[2]
    assert token not in owner.answer.request.url
    with shop.wallet.database.read() as connection:
        lines = audit.read(connection, shop.brand.brand_id)
    assert not [each for each in lines if token in each.say.say("en")]
    owner.open(at(shop, "/staff"))
    assert "invited" in owner.words
    assert token not in owner.text

    new = shop.window()
    new.open(link.removeprefix(shop.url))
    assert new.value_of("name") == "Jenni"
    new.press(
        new.page.all("button")[-1].words,
        password="seven grey herons on a roof",
        again="seven grey herons on a roof",
    )
    assert person(shop, "Jenni").account_id is not None


def test_loading_the_answer_again_makes_nothing_a_second_time(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/staff/new"))
    again = press_twice(
        owner, "Add the person", name="Jenni", role="marketer", email="jenni@kielo.example"
    )
    first = link_on(owner)
    assert again.status_code == 409
    assert "It was made already" in again.text
    assert shop.window().open(first.removeprefix(shop.url)).status_code == 200


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"name": "Otto", "role": "cashier"}, "email", "or a PIN for the till"),
        ({"name": "Otto", "role": "cashier", "pin": "12"}, "pin", "four to eight digits"),
        ({"name": "sanna", "role": "cashier", "pin": "1234"}, "name", "works here already"),
        ({"name": "Otto", "role": "marketer", "pin": "1234"}, "pin", "does not stand at the till"),
        ({"name": "Otto", "role": "marketer", "email": "otto"}, "email", "no e-mail address"),
        ({"name": "", "role": "cashier", "pin": "1234"}, "name", "Please fill this in."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    shop: Shop, owner: Window, fields: dict[str, str], field: str, says: str
) -> None:
    before = told(shop)
    add(owner, shop, **fields)
    assert owner.status == 422
    assert says in owner.error_at(field)
    assert owner.value_of("name") == fields["name"]
    assert told(shop) == before


# ---- changing ------------------------------------------------------------------------------------


def test_a_cashier_becomes_a_manager(shop: Shop, owner: Window) -> None:
    open_person(shop, owner, "Sanna")
    owner.press("Save", role="manager")
    assert told(shop) == "Outi changed Sanna from cashier to manager"


def test_who_is_locked_out_is_let_in_again_and_gets_another_pin(shop: Shop, owner: Window) -> None:
    for _ in range(ATTEMPTS_MAX):
        pin_check.check(
            shop.wallet.database,
            shop.wallet.keyring,
            shop.brand.brand_id,
            shop.sanna.staff_id,
            "0000",
        )
    owner.open(at(shop, "/staff"))
    assert "locked out" in owner.words
    open_person(shop, owner, "Sanna")
    owner.press("Let Sanna try again")
    assert told(shop) == "Outi unlocked the PIN of Sanna"
    open_person(shop, owner, "Sanna")
    owner.press("Give this PIN", pin="97531")
    assert told(shop) == "Outi gave Sanna a new PIN"
    assert "97531" not in owner.text


def test_a_lost_password_takes_a_link_that_is_shown_once(shop: Shop, owner: Window) -> None:
    shop.colleague(Role.MARKETER)
    open_person(shop, owner, "Anna")
    owner.press("Make a link for a new password")
    assert re.search(r"/console/sign-in/recovery/[\w-]{40,}$", link_on(owner))
    assert told(shop) == "Outi gave Anna a link to choose a new password"


def test_who_lost_the_phone_too_gets_a_link_that_takes_codes_and_passkeys_away(
    shop: Shop, owner: Window
) -> None:
    shop.colleague(Role.MARKETER)
    open_person(shop, owner, "Anna")
    assert "Lost the phone too" in owner.words
    owner.press("Make a link for a new password", whole="y")
    link = link_on(owner)
    assert "their codes and passkeys are then gone" in owner.words
    assert told(shop) == (
        "Outi gave Anna a link to choose a new password; it takes away codes and passkeys"
    )
    with shop.wallet.database.read() as connection:
        assert recovery.read(connection, link.rsplit("/", 1)[1]).whole


def test_a_link_takes_a_proof(shop: Shop) -> None:
    unproved = shop.as_(Role.OWNER, proved=False)
    for path in ("/staff/new", f"/staff/{shop.sanna.staff_id}"):
        unproved.open(at(shop, path))
        assert unproved.path == "/console/prove"


def test_a_role_without_a_till_is_asked_for_an_address_alone(shop: Shop, owner: Window) -> None:
    add(owner, shop, name="Otto", role="marketer")
    assert owner.status == 422
    assert "This role signs in: give an e-mail address." in owner.error_at("email")
    assert "PIN" not in owner.error_at("email")


def test_who_is_invited_again_is_invited_by_the_same_address(shop: Shop, owner: Window) -> None:
    add(owner, shop, name="Jenni", role="marketer", email="jenni@kielo.example")
    open_person(shop, owner, "Jenni")
    assert owner.value_of("email") == "jenni@kielo.example"


# ---- going ---------------------------------------------------------------------------------------


def test_who_is_let_go_is_out_at_once(shop: Shop, owner: Window) -> None:
    marketer = shop.as_(Role.MARKETER)
    assert marketer.open(shop.root).status_code == 200
    account_id = person(shop, "Anna").account_id
    open_person(shop, owner, "Anna")
    owner.press("Let go for good")
    assert "Anna works here no more." in owner.words
    assert told(shop) == "Outi let Anna go"
    assert marketer.open(shop.root).request.path == "/console"
    with shop.wallet.database.read() as connection:
        assert sessions.of_account(connection, str(account_id)) == ()


def test_the_last_owner_stays(shop: Shop, owner: Window) -> None:
    open_person(shop, owner, "Outi")
    owner.press("Let go for good")
    assert owner.status == 409
    assert "Outi is the last owner" in owner.words
    open_person(shop, owner, "Outi")
    assert owner.press("Save", role="manager").status_code == 422
    assert "Outi is the last owner" in owner.words


# ---- whom one may change -------------------------------------------------------------------------


def test_a_manager_adds_cashiers_and_nobody_else(shop: Shop) -> None:
    manager = shop.as_(Role.MANAGER)
    manager.open(at(shop, "/staff/new"))
    assert [e["value"] for e in manager.page.all("input") if e["name"] == "role"] == ["cashier"]
    assert manager.press("Add the person", name="Otto", role="owner", pin="1234").status_code == 422
    assert person(shop, "Otto") is None
    manager.press("Add the person", name="Otto", role="cashier", pin="1234")
    assert person(shop, "Otto").role == Role.CASHIER


def test_a_manager_does_not_reach_an_owner(shop: Shop) -> None:
    outi, manager = shop.colleague(Role.OWNER), shop.as_(Role.MANAGER)
    manager.open(at(shop, f"/staff/{outi.staff_id}"))
    assert "Your role does not reach so far" in manager.words
    manager.open(at(shop, "/staff/new"))
    token = next(e["value"] for e in manager.page.all("input") if e["name"] == "csrf_token")
    for path, fields in (
        ("/end", {}),
        ("/pin", {"pin": "1234"}),
        ("/invite", {"email": "a@b.example", "once": "x"}),
        ("/recover", {"once": "x"}),
        ("/unlock", {}),
        ("", {"name": "Mine", "role": "cashier"}),
    ):
        answer = manager._client.post(
            at(shop, f"/staff/{outi.staff_id}{path}"), data={"csrf_token": token, **fields}
        )
        assert answer.status_code in (409, 422), path
    assert person(shop, "Outi") == outi


def test_a_manager_of_one_shop_sees_whom_they_may_change(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/locations/new"))
    owner.press("Save the shop", name="Töölö")
    manager = shop.as_(Role.MANAGER)
    limit(shop, "Matti", "Töölö")
    manager.open(at(shop, "/staff"))
    assert not [each for each in manager.page.all("a") if each.words == "Sanna"]
    manager.open(at(shop, "/staff/new"))
    manager.press("Add the person", name="Otto", role="cashier", pin="1234")
    assert "You work at other places" in manager.words


def test_another_brands_people_are_nowhere(shop: Shop, owner: Window) -> None:
    assert owner.open(at(shop, "/staff/01unknown")).status_code == 404


def test_the_roles_are_told_from_the_table(shop: Shop, owner: Window) -> None:
    owner.open(at(shop, "/staff/roles"))
    row = next(e for e in owner.page.all("tr") if "Make and end API keys" in e.words)
    assert row.words.endswith("owner")
    row = next(e for e in owner.page.all("tr") if "See members" in e.words)
    assert "owner, manager, marketer" in row.words
