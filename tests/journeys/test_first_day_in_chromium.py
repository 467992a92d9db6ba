"""The first day of a shop, all of it by its pages: an owner's invitation, a member, a till, a
stamp, and what that changed on the phone and in the console; on both engines, without the API."""

import re
from collections.abc import Callable, Iterator

import pytest
from looking import Watched, watch
from playwright.sync_api import Browser, Page, expect
from stories import PIN, Served

from wallet_service.access import invitations
from wallet_service.starting import let_owner_in

pytestmark = pytest.mark.browser

EMAIL = "outi@kielo.example"
PASSWORD = "a plum in every winter coat"


@pytest.fixture
def window(served: Served, browser: Browser) -> Iterator[Callable[[], Page]]:
    """Opens one browser more; in the end none of them may have anything to complain of."""
    opened: list[Watched] = []

    def open_window() -> Page:
        opened.append(watch(browser, served.url))
        return opened[-1].page

    yield open_window
    for each in opened:
        each.close()
    assert [fault for each in opened for fault in each.complaints] == []


def test_a_shop_opens_and_its_first_stamp_reaches_the_phone(
    served: Served, window: Callable[[], Page]
) -> None:
    desk, phone, counter = window(), window(), window()

    sign_in_for_the_first_time(desk, the_owners_link(served))
    link = add_a_member(desk)
    code = code_of(desk)

    put_on_the_phone(phone, link)
    pair_the_till(desk, counter, served.url)
    stamp(counter, code)

    # The phone says so on its lock screen, with nobody touching it.
    expect(phone.get_by_text("1 of 10. Nine more and the bouquet is on us.").first).to_be_visible()
    expect(phone.get_by_text("1/10").first).to_be_visible()

    # And the desk sees who did what, and what the phone has of it.
    desk.get_by_role("link", name="Members", exact=True).first.click()
    desk.get_by_role("link", name="Aino Koskela").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("1 of 10 stamps")
    happened = desk.get_by_role("region", name="What happened")
    expect(happened).to_contain_text("Stamped")
    expect(happened).to_contain_text("Sanna")
    phones = desk.get_by_role("region", name="On the phone")
    expect(phones).not_to_contain_text("Not added yet")
    expect(phones).to_contain_text("1 of 10. Nine more and the bouquet is on us.")


def the_owners_link(served: Served) -> str:
    """What `init` shows whoever opens a shop."""
    wallet = served.running.wallet
    _, token = wallet.database.run(
        let_owner_in, wallet.keyring, served.brand, name="Outi", email=EMAIL
    )
    return invitations.url(served.url, token)


def sign_in_for_the_first_time(desk: Page, link: str) -> None:
    """Take the invitation up, go, and come back with the password."""
    desk.goto(link)
    expect(desk.get_by_role("heading", name="Kielo invites you")).to_be_visible()
    desk.locator("[name=password]").fill(PASSWORD)
    desk.locator("[name=again]").fill(PASSWORD)
    desk.get_by_role("button", name="Take up the invitation").click()
    expect(desk).to_have_url(re.compile("/console/kielo$"))

    desk.get_by_role("button", name="Sign out").first.click()
    desk.get_by_label("E-mail").fill(EMAIL)
    desk.locator("[name=password]").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in", exact=True).click()
    expect(desk).to_have_url(re.compile("/console/kielo$"))


def add_a_member(desk: Page) -> str:
    """Aino, and the link that is shown with her card."""
    desk.get_by_role("link", name="Add a member").first.click()
    desk.get_by_label("First name").fill("Aino")
    desk.get_by_label("Last name").fill("Koskela")
    desk.get_by_role("button", name="Add, and show the card").click()
    expect(desk.get_by_role("heading", name="The card of Aino")).to_be_visible()
    return desk.locator("#link").inner_text()


def code_of(desk: Page) -> str:
    """The code of the card, as her page says it."""
    desk.get_by_role("link", name="To the page of Aino").click()
    expect(desk.get_by_text("Not added yet.")).to_be_visible()
    return desk.locator("dt:has-text('Card code') + dd").inner_text()


def put_on_the_phone(phone: Page, link: str) -> None:
    """She opens her link, and puts the card on her phone."""
    phone.goto(link)
    phone.get_by_role("button", name="Add to the practice iPhone").click()
    expect(phone).to_have_url(re.compile("/phones"))
    expect(phone.get_by_text("0/10").first).to_be_visible()


def pair_the_till(desk: Page, counter: Page, url: str) -> None:
    """The settings show a code; it is typed on the device at the counter."""
    desk.get_by_role("link", name="Settings", exact=True).first.click()
    desk.get_by_role("link", name="Tills", exact=True).first.click()
    desk.get_by_role("link", name="Counter").click()
    desk.get_by_role("button", name="Show a code").click()
    code = desk.locator("#pairing-code").inner_text()

    counter.goto(f"{url}/till")
    counter.get_by_label("Pairing code").fill(code)
    counter.get_by_role("button", name="Pair").click()
    counter.get_by_role("link", name="Sanna").click()
    for digit in PIN:
        counter.get_by_role("button", name=digit, exact=True).click()
    counter.get_by_role("button", name="Start").click()


def stamp(counter: Page, code: str) -> None:
    """Sanna types what the card says, and stamps it."""
    counter.get_by_label("Card code").fill(code)
    counter.get_by_role("button", name="Find").click()
    expect(counter.get_by_role("heading", name="Aino K.")).to_be_visible()
    counter.get_by_role("button", name="+1 stamp").click()
    expect(counter.get_by_role("heading", name="Stamped")).to_be_visible()
