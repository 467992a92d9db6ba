"""Signing in to the console without scripts: password, code, links; and where one lands."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from anna import ANOTHER, PASSWORD, codes_on, with_password
from factories import a_brand, a_cashier

from wallet_service import clock
from wallet_service.access import invitations, recovery
from wallet_service.brands import levels
from wallet_service.brands.roles import Role


@pytest.fixture
def anna(shop):
    return with_password(shop)


def sign_in(window, email="anna@kielo.example", password=PASSWORD):
    return window.press("Sign in", email=email, password=password)


def put_level(shop, name):
    with shop.wallet.database.write() as connection:
        connection.execute(sa.text("UPDATE brand SET security_level = :name"), {"name": name})
    return levels.level(name)


def test_one_form_with_address_and_password_whose_first_button_signs_in(shop, anna, window):
    window.open("/console")
    form = window.page.all("form")[0]
    shown = [each["name"] for each in form.all("input") if each["type"] != "hidden"]
    assert shown == ["email", "password"]
    assert form.all("button")[0].words == "Sign in"
    sign_in(window)
    assert window.path == shop.root


def test_the_way_back_is_kept_through_password_and_code(shop, anna, window):
    with shop.wallet.database.write() as connection:
        app, _ = codes_on(connection, anna)
    clock.advance(timedelta(seconds=30))
    window.open("/console/account/password")
    assert window.path == "/console"
    sign_in(window)
    assert (window.path, window.title) == ("/console/sign-in/code", "Your code")
    window.press("Sign in", code="000000")
    assert "That code is not right" in window.error_at("code")
    window.press("Sign in", code=app.code())
    assert window.path == "/console/account/password"


def test_what_was_typed_is_kept_but_for_the_password(window, anna):
    window.open("/console")
    assert sign_in(window, password="wrong").status_code == 422
    assert window.value_of("email") == "anna@kielo.example"
    assert window.value_of("password") == ""
    assert window.error_at("password") == "The address or the password is not right."
    assert window.press("Sign in", email="", password="").status_code == 422
    assert window.error_at("email") == "Please fill this in."


def test_whoever_is_signed_in_finds_their_shop_and_the_last_one_first(shop, anna, window):
    with shop.wallet.database.write() as connection:
        rove = a_brand(connection, "Rove")
        link = invitations.invite(connection, rove, a_cashier(connection, rove, "Anna"), anna.email)
        invitations.accept_as(connection, link, anna)
    window.open("/console")
    sign_in(window)
    assert window.path == "/console/kielo"
    window.open("/console/rove")
    window.open("/console")
    assert window.path == "/console/rove"


def test_somebody_without_a_shop_is_told_so_kindly(shop, anna, window):
    with shop.wallet.database.write() as connection:
        connection.execute(sa.text("UPDATE staff SET ended_at = 1"))
    window.open("/console")
    sign_in(window)
    assert (window.status, window.title) == (200, "Hello, Anna")
    assert "no shop has you on its staff now" in window.words
    window.press("Sign out")
    assert "You are signed out." in window.words


def test_no_code_is_asked_without_a_password_before(window, anna):
    window.open("/console/sign-in/code")
    assert window.path == "/console"


def test_a_code_that_comes_too_late_begins_again(shop, anna, window):
    with shop.wallet.database.write() as connection:
        app, _ = codes_on(connection, anna)
    window.open("/console")
    sign_in(window)
    clock.advance(timedelta(minutes=5))
    window.press("Sign in", code=app.code())
    assert window.title == "Sign in"
    assert "That took too long, or too many tries. Begin again." in window.words


def test_pages_speak_the_language_that_the_account_says(shop, anna, window):
    window.open("/console")
    sign_in(window)
    window.open("/console/account")
    window.press("Save", language="fi")
    assert window.page.all("html")[0]["lang"] == "fi"


def test_a_level_that_asks_for_more_than_a_password_sends_to_where_it_is_set_up(shop, anna, window):
    put_level(shop, "chain")
    window.open("/console")
    sign_in(window)
    assert window.path == "/console/account/second-factor"
    assert "Your shop’s level of security asks for more than a password." in window.words


# ---- links --------------------------------------------------------------------------------------


def invited(shop, email="otto@kielo.example"):
    with shop.wallet.database.write() as connection:
        person = a_cashier(connection, shop.brand, "Otto", "4321")
        return f"/console/invitation/{invitations.invite(connection, shop.brand, person, email)}"


def test_an_invitation_is_taken_up_with_a_name_and_a_password(shop, window):
    link = invited(shop)
    window.open(link)
    assert window.title == "Kielo invites you"
    assert "You sign in as otto@kielo.example." in window.words
    assert window.value_of("name") == "Otto"
    window.press("Take up", name="Otto Laine", password=ANOTHER, again=ANOTHER)
    assert window.path == shop.root
    window.open(link)
    assert (window.status, window.title) == (404, "This link opens nothing")


def test_what_is_wrong_with_the_password_stands_beside_it(shop, window):
    window.open(invited(shop))
    window.press("Take up", password="short", again="short")
    assert "at least 12 characters" in window.error_at("password")
    window.press("Take up", password=ANOTHER, again=PASSWORD)
    assert "not the same" in window.error_at("again")
    window.press("Take up", password="otto kielo otto", again="otto kielo otto")
    assert "what others try first" in window.error_at("password")
    assert window.status == 422
    assert window.value_of("name") == "Otto"
    window.press("Take up", password=ANOTHER, again=ANOTHER)
    assert window.path == shop.root


def test_whoever_has_an_account_signs_in_and_comes_back(shop, anna, window):
    with shop.wallet.database.write() as connection:
        rove = a_brand(connection, "Rove")
        person = a_cashier(connection, rove, "Anna V.")
        link = f"/console/invitation/{invitations.invite(connection, rove, person, anna.email)}"
    window.open(link)
    window.follow("Sign in")
    sign_in(window)
    assert window.path == link
    window.press("Take up the invitation")
    assert window.path == "/console/rove"


def test_an_invitation_for_somebody_else_says_so(shop, anna, window):
    with_password(shop, Role.MANAGER, "Matti")
    link = invited(shop, "matti@kielo.example")
    window.open("/console")
    sign_in(window)
    window.open(link)
    assert "the invitation is for somebody else" in window.words
    token = window.page.all("input")[0]["value"]
    answer = window._client.post(f"{link}/account", data={"csrf_token": token})
    assert answer.status_code == 409
    window.press("Sign out")
    window.open(link)
    assert "There is an account with this address already." in window.words


def test_a_way_back_leads_to_the_form_with_a_new_password(shop, anna, window):
    token = shop.wallet.database.run(recovery.begin, anna)
    window.open(f"/console/sign-in/recovery/{token}")
    assert window.title == "A new password"
    window.press("Keep", password=ANOTHER, again=ANOTHER)
    assert "The new password stands. Sign in with it." in window.words
    sign_in(window, password=ANOTHER)
    assert window.path == shop.root
    assert window.open(f"/console/sign-in/recovery/{token}").status_code == 404


def test_a_way_back_that_takes_codes_away_says_so(shop, anna, window):
    with shop.wallet.database.write() as connection:
        codes_on(connection, anna)
    plain = shop.wallet.database.run(recovery.begin, anna)
    window.open(f"/console/sign-in/recovery/{plain}")
    assert "The code of your app is asked for as before." in window.words
    whole = shop.wallet.database.run(recovery.begin, anna, whole=True)
    window.open(f"/console/sign-in/recovery/{whole}")
    assert "takes away the codes of your app and all your passkeys" in window.words


# ---- is it you? ---------------------------------------------------------------------------------


def test_what_is_grave_asks_for_the_password_again_after_a_while(shop, anna, window):
    window.open("/console")
    sign_in(window)
    clock.advance(shop.brand.level.proof_lasts + timedelta(seconds=1))
    window.open("/console/account/second-factor")
    assert (window.path, window.title) == ("/console/prove", "Is it you?")
    window.press("It is me", password="wrong")
    assert window.error_at("password") == "That is not your password."
    window.press("It is me", password=PASSWORD)
    assert window.path == "/console/account/second-factor"
