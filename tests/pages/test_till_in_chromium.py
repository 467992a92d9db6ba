"""The till in a real browser: the reader on its cable, keys, a coupon that is held."""

import re
from collections.abc import Iterator

import pytest
from addresses import bought
from playwright.sync_api import Page, expect
from ticketed import a_ticket

pytestmark = pytest.mark.browser


@pytest.fixture
def at_the_till(served, page: Page) -> Iterator[Page]:
    """Chromium as a paired till with Sanna at it; it must have nothing to complain of."""
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served.wallet.config.base_url}/till")
    page.get_by_role("textbox").fill(served.pairing_code())
    page.get_by_role("button").click()
    page.get_by_role("link", name="Sanna").click()
    for digit in "1234":
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Ready for the next card")).to_be_visible()
    yield page
    assert [each for each in complaints if "status of 404" not in each] == []


def press(page: Page, key: str) -> None:
    """A key, once the page's script hears keys: a person is never quicker than that."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def scan(page: Page, code: str) -> None:
    """A reader on a cable: keys, fast, and Enter."""
    page.wait_for_load_state()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type(code)
    press(page, "Enter")


def test_a_reader_is_heard_wherever_the_page_stands(served, at_the_till):
    page = at_the_till
    scan(page, served.aino.code)
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()
    scan(page, "LP1000000000000")
    expect(page.get_by_role("heading", name="We don’t know this card")).to_be_visible()
    scan(page, served.aino.code)
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()


def test_a_reader_may_type_into_the_field_too(served, at_the_till):
    page = at_the_till
    page.get_by_label("Card code").focus()
    page.keyboard.type(served.aino.code)
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()


def test_a_person_who_types_slowly_is_not_taken_for_a_reader(served, at_the_till):
    page = at_the_till
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type(served.aino.code, delay=300)
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Ready for the next card")).to_be_visible()


def test_enter_stamps_and_goes_on_and_escape_leaves(served, at_the_till):
    page = at_the_till
    scan(page, served.aino.code)
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Stamped")).to_be_visible()
    assert served.have() == 1
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Ready for the next card")).to_be_visible()
    scan(page, served.aino.code)
    expect(page.get_by_role("heading", name=re.compile("Again"))).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("heading", name="Ready for the next card")).to_be_visible()


def test_a_double_click_gives_one_stamp(served, at_the_till):
    page = at_the_till
    scan(page, served.aino.code)
    page.get_by_role("button", name="+1 stamp").dblclick()
    expect(page.get_by_role("heading", name="Stamped")).to_be_visible()
    assert served.have() == 1


def test_a_coupon_is_used_by_holding_and_not_by_an_elbow(served, at_the_till):
    page = at_the_till
    scan(page, served.stamp(10).brought[0])
    hold = page.get_by_role("button", name="Hold to use")
    hold.click()
    expect(page.get_by_role("button", name="Press once more to use it")).to_be_visible()
    page.get_by_role("button").last.hover()
    page.mouse.down()
    expect(page.get_by_role("heading", name="Used")).to_be_visible()
    page.mouse.up()


def test_a_coupon_is_used_by_two_presses_of_a_key(served, at_the_till):
    page = at_the_till
    scan(page, served.stamp(10).brought[0])
    page.get_by_role("button", name="Hold to use").focus()
    press(page, "Enter")
    expect(page.get_by_role("button", name="Press once more to use it")).to_be_visible()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Used")).to_be_visible()


def a_ticket_of_aino(shop, **facts):
    with shop.wallet.database.write() as connection:
        return a_ticket(connection, shop.brand.brand_id, shop.aino.member_id, **facts)


def test_a_scan_and_one_key_let_one_person_in(served, at_the_till):
    page = at_the_till
    scan(page, a_ticket_of_aino(served, admissions=2))
    expect(page.get_by_role("heading", name="Good ticket")).to_be_visible()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="In: 1")).to_be_visible()
    page.get_by_role("button", name="Undo for Aino K.").click()
    expect(page.get_by_role("heading", name="Taken back")).to_be_visible()


def test_a_group_is_chosen_by_a_thumb_and_comes_back_in(served, at_the_till):
    page, code = at_the_till, a_ticket_of_aino(served, admissions=4, re_entry=True)
    scan(page, code)
    page.get_by_text("3", exact=True).click()
    page.get_by_role("button", name="Let in").click()
    expect(page.get_by_role("heading", name="In: 3")).to_be_visible()
    scan(page, code)
    page.get_by_role("link", name="Was in before").click()
    page.get_by_text("2", exact=True).click()
    page.get_by_role("button", name="Let back in").click()
    expect(page.get_by_role("heading", name="Back in: 2")).to_be_visible()
    expect(page.get_by_text("Welcome back, all 2 of you.")).to_be_visible()


def test_goods_are_taken_back_by_holding_and_not_by_an_elbow(served, at_the_till):
    page = at_the_till
    bought(served, 1250)
    scan(page, served.aino.code)
    page.get_by_role("link", name="Goods back").click()
    page.get_by_role("link", name="12.50 €").click()
    page.get_by_role("button", name="All of it, 12.50 €").click()
    hold = page.get_by_role("button", name="Hold to take back 12.50 €")
    hold.click()
    expect(page.get_by_role("button", name="Press once more to take it back")).to_be_visible()
    assert served.have() == 1
    page.locator("[data-hold]").hover()
    page.mouse.down()
    expect(page.get_by_role("heading", name="12.50 € came back")).to_be_visible()
    page.mouse.up()
    assert served.have() == 0


def test_a_part_is_typed_with_the_thumb(served, at_the_till):
    page = at_the_till
    bought(served, 1250)
    page.goto(f"{served.url}/till/card/{served.aino.code}/return")
    page.get_by_role("link", name="12.50 €").click()
    page.get_by_role("link", name="Only a part").click()
    for key in ("5", ".", "5", "0"):
        page.locator(".keys").get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="What does it take back?").click()
    expect(page.get_by_role("heading", name="Aino K., 5.50 € back")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(served, at_the_till, width):
    page = at_the_till
    page.set_viewport_size({"width": width, "height": 800})
    root = served.wallet.config.base_url
    for path in ("/till", "/till/last", f"/till/card/{served.aino.code}", served.link(),
                 served.card_link(), "/c/unknown", "/nowhere", "/till/card?code=x"):  # fmt: skip
        page.goto(root + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


SCREENS = [(1280, 720), (1024, 768), (1024, 600), (390, 844), (844, 390), (320, 568)]


def cut(page: Page) -> list[tuple[int, int]]:
    """The screens on which the answer does not stand whole above the buttons."""
    found = []
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("(({scrollHeight: is, clientHeight: has}) => is > has)(answer)"):
            found.append((width, height))
    return found


def test_what_a_press_did_stands_whole_above_the_buttons(served, at_the_till):
    page = at_the_till
    page.emulate_media(reduced_motion="reduce")
    served.stamp(8)
    root = served.wallet.config.base_url
    pages = {}
    for title in ("Stamped", "Full"):
        page.goto(f"{root}/till/card/{served.aino.code}")
        page.get_by_role("button", name=re.compile("stamp")).last.click()
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        pages[title] = page.url
    for title, url in pages.items():
        page.goto(url)
        page.evaluate("window.answer = document.querySelector('.answer')")
        page.evaluate("document.fonts.ready")
        assert cut(page) == [], title


def test_a_members_page_weighs_little(served, page: Page):
    weights = {}

    def weigh(response):
        if "/assets/" in response.url:
            weights[response.url.rsplit("/", 1)[1]] = int(response.headers["content-length"])

    page.on("response", weigh)
    page.goto(served.wallet.config.base_url + served.link())
    styles = sum(size for name, size in weights.items() if name.endswith(".css"))
    assert styles <= 6 * 1024, weights
    assert not [name for name in weights if name.endswith(".js")]
