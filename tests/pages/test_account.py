"""One's own account: how one signs in, and where, changed by oneself."""

import re
from datetime import timedelta

import pytest
from anna import ANOTHER, PASSWORD, CodesApp, codes_on, with_password

from wallet_service import audit, clock


@pytest.fixture
def anna(shop):
    return with_password(shop)


@pytest.fixture
def window(shop, anna):
    """Anna's browser; she is signed in."""
    return signed_in(shop)


def signed_in(shop, agent="", app=None):
    window = shop.window()
    if agent:
        window._client.environ_base["HTTP_USER_AGENT"] = agent
    window.open("/console")
    window.press("Sign in", email="anna@kielo.example", password=PASSWORD)
    if app is not None:
        window.press("Sign in", code=app.code())
    assert window.path != "/console"
    return window


def is_in(window):
    window.open("/console/account")
    return window.path == "/console/account"


def test_name_and_language_are_changed_and_the_address_is_only_shown(window):
    window.open("/console/account")
    assert "You sign in as anna@kielo.example." in window.words
    window.press("Save", name="Anna Virtanen", language="en")
    assert window.value_of("name") == "Anna Virtanen"
    assert window.value_of("language") == "en"


def test_whoever_changes_their_name_is_called_so_where_they_were_called_by_it(shop, window):
    window.open("/console/account")
    window.press("Save", name="Anna Virtanen")
    with shop.wallet.database.read() as connection:
        lines = audit.read(connection, shop.brand.brand_id)
    assert "Anna is called Anna Virtanen now" in [each.say.say("en") for each in lines]
    # A name that somebody else has here stays theirs.
    window.open("/console/account")
    window.press("Save", name="Sanna")
    window.open(shop.root)
    assert "Anna Virtanen" in window.words


@pytest.mark.parametrize("name", ["", "x" * 61, "\x07"])
def test_a_name_that_is_none_is_refused_beside_its_field(window, name):
    window.open("/console/account")
    window.press("Save", name=name)
    assert window.status == 422
    assert window.error_at("name")


def test_another_password_signs_every_other_browser_out(shop, window):
    elsewhere = signed_in(shop)
    before = window.cookies()["console"]
    window.open("/console/account/password")
    window.press("Keep", old="wrong", password=ANOTHER, again=ANOTHER)
    assert window.error_at("old") == "That is not your present password."
    window.press("Keep", old=PASSWORD, password=ANOTHER, again=ANOTHER)
    assert window.path == "/console/account"
    assert window.cookies()["console"] != before
    assert not is_in(elsewhere)
    with shop.wallet.database.read() as connection:
        lines = [each.say.say("en") for each in audit.read(connection, shop.brand.brand_id)]
    assert lines[0] == "Anna chose a new password"


def app_on(page):
    """The app, as it was told by what stands below the QR code."""
    typed = next(each.words for each in page.all("code")).replace(" ", "")
    return CodesApp(f"otpauth://totp/x?secret={typed}")


def test_codes_are_turned_on_with_what_the_app_shows_and_spare_codes_are_shown_once(shop, window):
    elsewhere = signed_in(shop)
    window.open("/console/account")
    window.follow("Turn codes on")
    assert window.page.all("svg")
    app = app_on(window.page)
    window.press("Turn codes on", code="000000")
    assert "That is not the code that the app shows now." in window.error_at("code")
    assert app_on(window.page) == app, "a reload shows the same secret"
    answer = window.press("Turn codes on", code=app.code())
    assert window.title == "Your spare codes"
    assert answer.headers["Cache-Control"] == "no-store"
    spare = [each.words for each in window.page.all("code")]
    assert len(spare) == 10

    assert not is_in(elsewhere)
    assert is_in(window)
    assert "On; 10 spare codes left." in window.words
    assert all(code not in window.text for code in spare)
    clock.advance(timedelta(seconds=30))
    signed_in(shop, app=app)
    other = shop.window()
    other.open("/console")
    other.press("Sign in", email="anna@kielo.example", password=PASSWORD)
    other.press("Sign in", code=spare[0])
    other.open("/console/account")
    assert "On; 9 spare codes left." in other.words


def test_codes_are_turned_off_and_new_spare_codes_made(shop, anna):
    with shop.wallet.database.write() as connection:
        app, old = codes_on(connection, anna)
    clock.advance(timedelta(seconds=30))
    window = signed_in(shop, app=app)
    window.open("/console/account/second-factor")
    window.press("Make ten new ones")
    new = [each.words for each in window.page.all("code")]
    assert len(new) == 10
    assert not set(new) & set(old)
    window.open("/console/account/second-factor")
    window.press("Turn codes off")
    assert "Off. With them, a stolen password opens nothing." in window.words
    signed_in(shop)


def test_where_one_is_signed_in_is_shown_and_ended_one_by_one(shop, window, agents):
    phone = signed_in(shop, agents["android"])
    window.open("/console/account")
    assert "Chrome on Android" in window.words
    assert "This browser, since" in window.words
    window.press("Sign out Chrome on Android")
    assert is_in(window)
    assert not is_in(phone)


def test_and_all_at_once(shop, window):
    others = [signed_in(shop) for _ in range(2)]
    window.open("/console/account")
    window.press("Sign out everywhere else")
    assert [is_in(each) for each in (window, *others)] == [True, False, False]


def test_a_session_of_somebody_else_is_not_there(shop, window):
    from wallet_service.access import sessions
    from wallet_service.brands.roles import Role

    other = shop.as_(Role.MANAGER)
    with shop.wallet.database.read() as connection:
        matti = sessions.of_token(connection, other.cookies()["console"])
    window.open("/console/account")
    form = re.search(r'action="(/console/account/sessions/[^/]+/end)"', window.text)[1]
    theirs = re.sub(r"sessions/[^/]+", f"sessions/{matti.session_id}", form)
    token = window.page.all("input")[0]["value"]
    assert window._client.post(theirs, data={"csrf_token": token}).status_code == 404
    assert other.open("/console/account").request.path == "/console/account"


def test_passkeys_say_why_they_are_not_on_offer_at_an_address_of_figures(shop, window):
    client = shop.app.test_client()
    client.set_cookie("console", window.cookies()["console"], domain="127.0.0.1")
    there = {"base_url": "http://127.0.0.1:8080"}
    page = client.get("/console/account/passkeys", **there).text
    assert "Passkeys are not on offer here" in page
    assert "http://localhost:8080/console" in page
    assert "passkeys.js" not in page
    token = re.search(
        r'name="csrf_token" value="(.*?)"', client.get("/console/prove", **there).text
    )
    for path in ("/console/account/passkeys/ask", "/console/sign-in/passkey/ask"):
        asked = client.post(path, headers={"X-CSRFToken": token[1]}, **there)
        assert asked.status_code == 404


def test_passkeys_are_on_offer_at_localhost_but_not_without_script(window):
    window.open("/console/account/passkeys")
    (form,) = [each for each in window.page.all("form") if each["data-passkey"]]
    assert form.has("hidden")
    assert "Adding a passkey needs JavaScript" in window.words
