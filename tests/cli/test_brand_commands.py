"""Brands, people, shops, tills and keys at the prompt: two brands in one folder, strictly apart."""

import re

import pytest
from shell import Shell

LINK = re.compile(r"^http://\S+/console/invitation/[\w-]{43}$", re.MULTILINE)


@pytest.fixture
def two(shop: Shell) -> Shell:
    """Rosa, and Vuokko in the same installation."""
    shop.well("brand", "add", "Vuokko", "--email", "hei@vuokko.example", "--owner", "Outi")
    return shop


def test_a_shop_is_opened_with_an_owner_who_is_invited_once(shell: Shell) -> None:
    said = shell.well("init", "--name", "Rosa", "--owner", "Anna", "--owner-email", "a@b.example")
    assert len(LINK.findall(said)) == 1
    assert "Anna  (owner; everywhere; invited)" in shell.well("staff", "list")


def test_a_second_brand_has_all_that_is_its_own(two: Shell) -> None:
    assert two.well("brand", "list").splitlines() == [
        "rosa  (Rosa; fi; level shop)",
        "vuokko  (Vuokko; en; level shop)",
    ]
    assert (two.folder / "designs" / "vuokko" / "design.toml").is_file()
    assert "Outi" in two.well("staff", "list", "--brand", "vuokko")
    assert "Outi" not in two.well("staff", "list", "--brand", "rosa")


def test_of_several_brands_the_one_that_is_meant_is_asked_for(two: Shell) -> None:
    for words in (
        ["staff", "list"],
        ["till", "pair"],
        ["location", "add", "Harbour"],
        ["api-key", "create", "--name", "POS"],
        ["design", "apply", "designs/rosa"],
        ["audit", "verify"],
        ["brand", "level", "chain"],
    ):
        assert two.badly(*words) == "Which brand? Say --brand with one of: rosa, vuokko."
    assert two.badly("staff", "list", "--brand", "kielo") == (
        "There is no brand kielo; there are: rosa, vuokko."
    )


def test_what_is_done_to_one_brand_leaves_the_other(two: Shell) -> None:
    two.well("api-key", "create", "--name", "POS", "--brand", "rosa")
    assert "POS" not in two.well("api-key", "list", "--brand", "vuokko")
    two.well("api-key", "create", "--name", "POS", "--brand", "vuokko")
    two.well("api-key", "end", "POS", "--brand", "rosa")
    assert "POS" in two.well("api-key", "list", "--brand", "vuokko")
    assert "made the key POS" in two.well("audit", "list", "--brand", "vuokko")
    assert "ended the key POS" not in two.well("audit", "list", "--brand", "vuokko")


def test_a_brand_that_cannot_be_leaves_nothing_behind(shop: Shell) -> None:
    assert "no e-mail address" in shop.badly("brand", "add", "Vuokko", "--email", "nobody")
    assert shop.well("brand", "list").splitlines() == ["rosa  (Rosa; fi; level shop)"]
    assert not (shop.folder / "designs" / "vuokko").exists()


# ---- people --------------------------------------------------------------------------------------


def test_whoever_is_no_cashier_is_invited(shop: Shell) -> None:
    said = shop.well("staff", "add", "Jenni", "--role", "marketer", "--email", "jenni@rosa.example")
    assert "to nobody else; it works once" in said
    assert LINK.search(said)
    assert "Jenni  (marketer; everywhere; invited)" in shop.well("staff", "list")
    again = shop.well("staff", "invite", "Jenni", "--email", "jenni@rosa.example")
    assert LINK.search(again)[0] != LINK.search(said)[0]
    assert shop.badly("staff", "add", "Matti", "--role", "manager") == (
        "A manager signs in; say --email."
    )


def test_a_manager_may_have_both_and_a_place(shop: Shell) -> None:
    shop.well("location", "add", "Harbour", "--time-zone", "Europe/Mariehamn")
    said = shop.well(
        *("staff", "add", "Matti", "--role", "manager", "--email", "m@rosa.example"),
        *("--location", "Harbour", "--pin-file", "-"),
        typed="2468",
    )
    assert "Matti can work at Rosa, Harbour." in said
    assert LINK.search(said)
    assert "Matti  (manager; Harbour; invited, has a PIN)" in shop.well("staff", "list")
    assert "Harbour  (Europe/Mariehamn; No hours said yet)" in shop.well("location", "list")
    assert (
        shop.badly("location", "end", "Harbour")
        == "Harbour still has: Matti. Move or end them first."
    )
    shop.well("staff", "end", "Matti")
    assert shop.well("location", "end", "Harbour").strip() == "Harbour is closed."
    assert shop.badly("location", "end", "Rosa") == (
        "This is the last shop; a brand has at least one."
    )


def test_the_last_owner_stays(shop: Shell) -> None:
    assert "Anna is the last owner" in shop.badly("staff", "end", "Anna")


def test_who_is_not_locked_needs_no_unlocking(shop: Shell) -> None:
    shop.well("staff", "add", "Sanna", "--pin-file", "-", typed="2468")
    assert shop.well("staff", "unlock", "Sanna").strip() == "Sanna was not locked."


def test_nobody_is_helped_back_who_does_not_sign_in(shop: Shell) -> None:
    assert shop.badly("staff", "recover", "nobody@rosa.example") == (
        "Nobody signs in with nobody@rosa.example."
    )


# ---- keys, tills, levels, the log ----------------------------------------------------------------


def test_a_key_may_speak_for_some_shops(shop: Shell) -> None:
    shop.well("location", "add", "Harbour")
    shop.well(
        *("api-key", "create", "--name", "POS", "--scopes", "sales,members:read"),
        *("--location", "Harbour", "--location", "Rosa"),
    )
    assert shop.well("api-key", "list").strip() == (
        "POS  (members:read, sales; Harbour, Rosa; never used)"
    )
    assert "There is no shop Nowhere" in shop.badly(
        "api-key", "create", "--name", "Two", "--location", "Nowhere"
    )


def test_a_key_is_replaced_under_its_name(shop: Shell) -> None:
    old = shop.well("api-key", "create", "--name", "POS").strip()
    new = shop.well("api-key", "replace", "POS").strip()
    assert re.fullmatch(r"wk_[0-9a-z]{8}_[\w-]{43}", new)
    assert new != old
    assert len(shop.well("api-key", "list").splitlines()) == 1
    assert shop.badly("api-key", "replace", "CRM") == "There is no living key of the name CRM."


def test_a_till_is_listed_and_ended(shop: Shell) -> None:
    shop.well("till", "pair", "--name", "Bar")
    assert shop.well("till", "list").strip() == "Bar  (Rosa; not paired)"
    shop.well("till", "end", "bar")
    assert shop.well("till", "list") == ""
    assert shop.badly("till", "end", "Bar") == "There is no till Bar in Rosa."


def test_a_level_is_chosen_and_says_what_it_does(shop: Shell) -> None:
    said = shop.well("brand", "level", "strict")
    assert "Rosa is at the level strict now." in said
    assert "second factor" in said
    assert "at the level strict already" in shop.well("brand", "level", "strict")
    assert "security: Rosa is at the level strict." in shop.well("doctor")
    assert "6 to eight digits" in shop.badly(
        "staff", "add", "Sanna", "--pin-file", "-", typed="2468"
    )


def test_the_log_tells_what_was_done_and_is_whole(shop: Shell) -> None:
    shop.well("till", "pair")
    shop.well("design", "apply", "designs/rosa")
    lines = [line.split("  ")[-1] for line in shop.well("audit", "list").splitlines()]
    assert lines[:2] == [
        "The command line asked for a code to pair the till Counter",
        "The command line added the till Counter in Rosa",
    ]
    assert lines[-1] == "The command line opened Rosa"
    assert "each as it was written" in shop.well("audit", "verify")
    assert len(shop.well("audit", "list", "--last", "2").splitlines()) == 2
