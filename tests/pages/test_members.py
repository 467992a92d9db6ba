"""Members in the console: found, added, given their card, corrected and erased, without script."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from factories import a_brand, a_member
from playwright.sync_api import expect
from shopfront import Shop
from window import Window

from wallet_service import audit, brands, clock, members
from wallet_service.audit import COMMAND
from wallet_service.brands.levels import LevelName
from wallet_service.brands.roles import Role
from wallet_service.enrolment import Enrolled
from wallet_service.members import consents

As = Callable[..., Window]


@pytest.fixture
def owner(as_: As) -> Window:
    return as_(Role.OWNER)


def page_of(shop: Shop, who: Enrolled | None = None) -> str:
    return f"{shop.root}/members/{(who or shop.aino).member_id}"


# ---- found --------------------------------------------------------------------------------------


def test_the_list_says_what_each_has_and_when_they_were_here(shop: Shop, owner: Window) -> None:
    shop.stamp(7)
    owner.open(f"{shop.root}/members")
    assert owner.status == 200
    assert "1 member" in owner.title
    assert "Aino Koskela" in owner.words
    assert "7 of 10" in owner.words
    assert "yesterday" in owner.words
    assert "not added" in owner.words


def test_a_full_card_is_told_by_its_coupon(shop: Shop, owner: Window) -> None:
    shop.stamp(10)
    owner.open(page_of(shop))
    assert "Aino Koskela has a full card:" in owner.words
    owner.press("Correct", way="down", amount="1", unit="stamps", reason="Once too many")
    assert owner.status == 422
    assert "Take back the visit that filled the card." in owner.words


@pytest.mark.parametrize("typed", ["aino", "KOSK", "koskela ain", "aino@example", "+358 40"])
def test_a_member_is_found_by_what_staff_know(shop: Shop, owner: Window, typed: str) -> None:
    shop.newcomer("Mikko", family_name="Laakso")
    who = shop.newcomer("Aino", family_name="Koskela", email="aino@example.org", phone="+358 40 1")
    owner.open(f"{shop.root}/members")
    owner.press("Find", q=typed)
    assert page_of(shop, who) in owner.text
    assert "Mikko" not in owner.words


def test_letters_beyond_ascii_are_found_in_any_case(shop: Shop, owner: Window) -> None:
    shop.newcomer("Åsa", family_name="Öhman")
    owner.open(f"{shop.root}/members?q=åSA ÖH")
    assert "Åsa Öhman" in owner.words


def test_a_whole_card_code_goes_straight_to_the_page(shop: Shop, owner: Window) -> None:
    owner.open(f"{shop.root}/members?q={shop.aino.code.lower()}")
    assert owner.path == page_of(shop)
    owner.open(f"{shop.root}/search?q={shop.aino.code}")
    assert owner.path == page_of(shop)


def test_nobody_found_names_who_is_near_and_offers_to_add(shop: Shop, owner: Window) -> None:
    shop.newcomer("Mirjami", family_name="Korpi")
    owner.open(f"{shop.root}/members?q=mirjam korpi")
    owner.open(f"{shop.root}/members?q=Mirjamo")
    assert "Nobody by “Mirjamo”" in owner.words
    assert "Mirjami Korpi" in owner.words
    owner.follow("Add Mirjamo")
    assert owner.value_of("given_name") == "Mirjamo"


def test_a_search_is_text_and_nothing_else(shop: Shop, owner: Window) -> None:
    for typed in ("%", "_", "' OR 1=1 --", "<script>alert(1)</script>", "a" * 5000):
        owner.open(f"{shop.root}/members?{urlencode({'q': typed})}")
        assert owner.status == 200
        assert _listed(owner) == []
        assert "<script>alert" not in owner.text


def test_pages_follow_each_other_in_every_order(shop: Shop, owner: Window) -> None:
    names = [f"Member{number:02}" for number in range(58)]
    for number, name in enumerate(names):
        who = shop.newcomer(name, joined_at=clock.now() - timedelta(days=60 - number))
        if number % 7 == 0:
            shop.stamp(1, who)
    for order in ("", "?by=seen", "?by=joined"):
        owner.open(f"{shop.root}/members{order}")
        seen = [_listed(owner)]
        assert "1–25 of 59" in owner.words
        for words in ("26–50 of 59", "51–59 of 59"):
            owner.follow("Later")
            assert words in owner.words
            seen.append(_listed(owner))
        flat = [each for page in seen for each in page]
        assert len(flat) == len(set(flat)) == 59
        for back in (seen[1], seen[0]):
            owner.follow("Earlier")
            assert _listed(owner) == back
        assert "1–25 of 59" in owner.words


def test_a_cursor_that_is_not_ours_is_as_none(shop: Shop, owner: Window) -> None:
    odd = ("x", "~", "a~b", "a~2026-13-45", "x~0001-01-01T00:00:00%2B14:00", "%00", "%0Aa")
    for cursor in odd:
        for order in ("name", "seen", "joined", "nonsense"):
            owner.open(f"{shop.root}/members?by={order}&after={cursor}&n=zwölf")
            assert owner.status == 200


def _listed(window: Window) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+/members/([^"]+)"', window.text)


# ---- added --------------------------------------------------------------------------------------


def test_a_member_is_added_and_the_card_is_there_to_take(shop: Shop, as_: As) -> None:
    marketer = as_(Role.MARKETER)
    marketer.open(f"{shop.root}/members/new")
    marketer.press("Add, and show the card", given_name="Ilona", family_name="Salo", language="sv")
    assert marketer.path.endswith("/link")
    assert "Ilona is a member now." in marketer.words
    link = re.search(r"http://127\.0\.0\.1:8080/c/\w+", marketer.text)
    assert link
    assert "<svg" in marketer.text
    assert shop.window().open(urlsplit(link[0]).path).status_code == 200
    marketer.follow("Print")
    assert 'lang="sv"' in marketer.text
    assert "Ilona" in marketer.words


def test_a_second_press_adds_nobody_twice(shop: Shop, owner: Window) -> None:
    owner.open(f"{shop.root}/members/new")
    event = owner.value_of("event")
    owner.press("Add, and show the card", given_name="Ilona")
    first = owner.path
    owner.open(f"{shop.root}/members/new")
    owner.press("Add, and show the card", given_name="Ilona", event=event)
    assert owner.path == first
    # A form that was kept open and filled in for somebody else is somebody else.
    owner.open(f"{shop.root}/members/new")
    owner.press("Add, and show the card", given_name="Pekka", event=event)
    assert owner.path != first


def test_no_consent_is_ticked_before_somebody_says_yes(shop: Shop, owner: Window) -> None:
    owner.open(f"{shop.root}/members/new")
    boxes = [each for each in owner.page.all("input") if each["name"] == "consents"]
    assert len(boxes) == 4
    assert not any(each.has("checked") for each in boxes)
    owner.press("Add, and show the card", given_name="Ilona", consents=["email"])
    member_id = owner.path.split("/")[-2]
    with shop.wallet.database.read() as connection:
        view = members.read(connection, shop.brand.brand_id, member_id)
        [answer] = consents.history(connection, member_id, view.person.person_id)
    assert (answer.channel, answer.granted, answer.source) == ("email", True, "console")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("given_name", ""),
        ("given_name", "a" * 101),
        ("given_name", "Ai\u202eno"),
        ("email", "no address"),
        ("phone", "call me"),
        ("birthday", "2126-01-01"),
        ("birthday", "yesterday"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    shop: Shop, owner: Window, field: str, typed: str
) -> None:
    owner.open(f"{shop.root}/members/new")
    owner.press(
        "Add, and show the card", **{"given_name": "Ilona", "family_name": "S", field: typed}
    )
    assert owner.status == 422
    assert owner.error_at(field)
    assert owner.value_of("family_name") == "S"


def test_an_address_that_is_taken_says_whose_page_it_is(shop: Shop, owner: Window) -> None:
    who = shop.newcomer("Outi", family_name="Aho", email="outi@example.org")
    owner.open(f"{shop.root}/members/new")
    owner.press("Add, and show the card", given_name="Outi", email="OUTI@example.org")
    assert owner.status == 422
    assert "member already" in owner.error_at("email")
    owner.follow("Go to Outi Aho")
    assert owner.path == page_of(shop, who)


# ---- the page -----------------------------------------------------------------------------------


def test_the_page_tells_what_happened_and_why(shop: Shop, owner: Window) -> None:
    shop.stamp(7)
    owner.open(page_of(shop))
    assert "7 of 10 stamps" in owner.title
    assert "7 stamps at the counter" in owner.words
    assert "Not added yet." in owner.words
    assert 'class="pass store' in owner.text


def test_a_stamp_by_hand_stands_with_its_reason_and_who_gave_it(shop: Shop, owner: Window) -> None:
    owner.open(page_of(shop))
    owner.press("Give", count="2", reason="The card was at home")
    assert owner.path == page_of(shop)
    assert shop.have() == 2
    for words in ("Stamped by hand", "2 stamps by hand", "“The card was at home”", "Outi"):
        assert words in owner.words


def test_the_stamp_that_fills_the_card_brings_the_coupon(shop: Shop, owner: Window) -> None:
    shop.stamp(9)
    owner.open(page_of(shop))
    owner.press("Give", count="1", reason="Forgotten yesterday")
    assert "10 of 10. A bouquet is on us." in owner.words
    assert "brought: A bouquet" in owner.words


def test_a_double_press_counts_once(shop: Shop, owner: Window) -> None:
    owner.open(page_of(shop))
    event = owner.value_of("event")
    for _press in range(2):
        owner.open(page_of(shop))
        owner.press("Give", count="1", reason="The card was at home", event=event)
    assert shop.have() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"count": "0", "reason": "why not"}, "count"),
        ({"count": "21", "reason": "why not"}, "count"),
        ({"count": "many", "reason": "why not"}, "count"),
        ({"count": "1", "reason": ""}, "reason"),
        ({"count": "1", "reason": "x"}, "reason"),
    ],
)
def test_stamps_by_hand_that_cannot_be_are_refused(
    shop: Shop, owner: Window, fields: dict[str, str], field: str
) -> None:
    owner.open(page_of(shop))
    owner.press("Give", **fields)
    assert owner.status == 422
    assert shop.have() == 0
    beside = [each.words for each in owner.page.all("p") if each["id"].endswith("-error")]
    assert beside or "notice bad" in owner.text


def test_a_balance_is_corrected_and_the_card_says_so(shop: Shop, owner: Window) -> None:
    shop.stamp(5)
    owner.open(page_of(shop))
    owner.press("Correct", way="down", amount="2", unit="stamps", reason="Counted twice")
    assert shop.have() == 3
    for words in ("Corrected: 3 of 10 stamps.", "−2 stamps, corrected by Outi", "“Counted twice”"):
        assert words in owner.words
    owner.press("Correct", way="down", amount="9", unit="stamps", reason="Too much")
    assert owner.status == 422
    assert shop.have() == 3
    assert "There is not enough on the card" in owner.words


def test_a_visit_is_taken_back_with_a_reason(shop: Shop, owner: Window) -> None:
    shop.stamp(3)
    owner.open(page_of(shop))
    owner.follow("Take back")
    assert "Take this back?" in owner.title
    owner.press("Take it back", reason="Another member’s")
    assert owner.path == page_of(shop)
    assert shop.have() == 0
    assert "Another member’s" in owner.words
    # It is not offered again, and its old page is gone.
    assert "take-back?" not in owner.text


def test_details_are_corrected_and_consents_withdrawn(shop: Shop, owner: Window) -> None:
    owner.open(f"{page_of(shop)}/details")
    owner.press("Save", given_name="Aina", email="aina@example.org", consents=["pass", "email"])
    assert "Aina Koskela" in owner.title
    owner.open(f"{page_of(shop)}/details")
    owner.press("Save", consents=["pass"])
    owner.open(page_of(shop))
    assert "offers by e-mail: no" in owner.words
    assert "offers on the card: yes" in owner.words
    owner.open(f"{shop.root}/members?q=aina")
    assert "Aina Koskela" in owner.words


def test_a_new_link_ends_the_one_before(shop: Shop, owner: Window) -> None:
    old = shop.link()
    owner.open(f"{page_of(shop)}/link")
    owner.press("New link")
    assert shop.window().open(old).status_code == 404
    assert shop.window().open(shop.link()).status_code == 200
    assert old not in owner.text


# ---- erased -------------------------------------------------------------------------------------


def test_erasing_says_what_goes_and_leaves_nobody(shop: Shop, owner: Window) -> None:
    owner.open(page_of(shop))
    owner.press("Give", count="1", reason="Told me on the street")
    owner.open(f"{page_of(shop)}/erase")
    assert "deleted for good" in owner.words
    owner.press("Erase for good")
    assert owner.path == f"{shop.root}/members"
    assert owner.open(page_of(shop)).status_code == 404
    owner.open(f"{shop.root}/members?q=Aino")
    assert "Aino Koskela" not in owner.words
    with shop.wallet.database.read() as connection:
        log = audit.read(connection, shop.brand.brand_id)
        assert log[0].say.say("en") == "Outi erased a member"
        assert "Aino" not in str(log)


def test_erasing_asks_who_it_is_when_that_was_shown_long_ago(shop: Shop, as_: As) -> None:
    owner = as_(Role.OWNER, proved=False)
    owner.open(f"{page_of(shop)}/erase")
    assert owner.path == "/console/prove"
    assert parse_qs(owner.answer.request.query_string.decode())["next"] == [
        f"{page_of(shop)}/erase"
    ]


# ---- the second person --------------------------------------------------------------------------


def test_at_a_strict_level_another_decides_in_the_console(shop: Shop, as_: As) -> None:
    shop.wallet.database.run(brands.set_level, shop.brand.brand_id, LevelName.STRICT, actor=COMMAND)
    matti, outi = as_(Role.MANAGER), as_(Role.OWNER)
    matti.open(page_of(shop))
    matti.press("Give", count="2", reason="The card was at home")
    assert "Asked for." in matti.words
    assert "Waits for a second person" in matti.words
    assert shop.have() == 0
    matti.open(shop.root)
    matti.follow("Look")
    assert "somebody else decides" in matti.words
    assert "Agree" not in [each.words for each in matti.page.all("button")]

    outi.open(shop.root)
    assert "Waits for a second person: 2 stamps given by hand" in outi.words
    outi.follow("Read and decide")
    assert "The card was at home" in outi.words
    outi.press("Agree, and do it")
    assert shop.have() == 2


def test_a_refusal_is_read_on_the_members_page(shop: Shop, as_: As) -> None:
    shop.wallet.database.run(brands.set_level, shop.brand.brand_id, LevelName.STRICT, actor=COMMAND)
    matti, outi = as_(Role.MANAGER), as_(Role.OWNER)
    matti.open(f"{page_of(shop)}/erase")
    matti.press("Ask for the erasure")
    outi.open(shop.root)
    outi.follow("Read and decide")
    outi.press("Refuse", reason="")
    assert outi.status == 422
    outi.press("Refuse", reason="Aino is still here")
    matti.open(page_of(shop))
    assert "Not agreed to: a member erased, “Aino is still here”" in matti.words


# ---- whose --------------------------------------------------------------------------------------


def test_another_brands_member_is_not_here(shop: Shop, owner: Window) -> None:
    with shop.wallet.database.write() as connection:
        stranger = a_member(connection, a_brand(connection, "Rove"), "Vieras", "Outolainen")
    for path in ("", "/link", "/link/print", "/details", "/erase", "/take-back?source=a&key=b"):
        assert owner.open(page_of(shop, stranger) + path).status_code == 404
    for path in ("members?q=Vieras", "search?q=Vieras", f"members?q={stranger.code}"):
        owner.open(f"{shop.root}/{path}")
        assert "Outolainen" not in owner.words


def test_a_marketer_sees_and_adds_but_gives_nothing_away(shop: Shop, as_: As) -> None:
    marketer = as_(Role.MARKETER)
    shop.stamp(2)
    marketer.open(page_of(shop))
    said = [each.words for each in marketer.page.all("button", "a")]
    for words in ("Give", "Correct", "Take back", "Erase Aino"):
        assert words not in said
    assert "Correct details" in said


# ---- with script --------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_list_follows_what_is_typed(served: Shop, page_as: Callable[..., object]) -> None:
    served.newcomer("Mikko", family_name="Laakso")
    page = page_as(Role.MARKETER).goto(f"{served.root}/members")  # type: ignore[attr-defined]
    page.get_by_label("Name, e-mail, phone or card code").press_sequentially("mik")
    expect(page.locator("#people")).to_contain_text("1 member by “mik”")
    expect(page.locator("#people")).not_to_contain_text("Aino")
    assert page.url.endswith("/members?q=mik")


def test_a_code_that_is_being_typed_leaves_the_list_a_list(shop: Shop, owner: Window) -> None:
    shop.newcomer("Mikko")
    owner.open(f"{shop.root}/members?q={shop.aino.code}", **{"HX-Request": "true"})
    assert owner.path == f"{shop.root}/members"
    assert _listed(owner) == [shop.aino.member_id]


@pytest.mark.browser
def test_the_dialog_says_what_goes_before_it_goes(
    served: Shop, page_as: Callable[..., object]
) -> None:
    page = page_as(Role.OWNER).goto(page_of(served))  # type: ignore[attr-defined]
    dialog = page.locator("dialog#erase")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Erase Aino").click()
    expect(dialog).to_contain_text("deleted for good")
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Erase Aino").click()
    dialog.get_by_role("button", name="Erase for good").click()
    page.wait_for_url("**/members")
    expect(page.locator("main")).to_contain_text("Erased.")
