"""The main journey as people do it: a link, a phone, a till, a banner; on both engines."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from stories import PIN, Served

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("WALLET_PICTURES")


@pytest.fixture
def pages(browser: Browser) -> Iterator[tuple[Page, Page]]:
    """Two windows side by side, one of them a till; neither may complain of anything."""
    complaints: list[str] = []
    contexts = [browser.new_context(locale="en-GB") for _ in range(2)]
    opened = [context.new_page() for context in contexts]
    for page in opened:
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened[0], opened[1]
    for context in contexts:
        context.close()
    assert complaints == []


def test_a_link_a_phone_a_stamp_and_a_banner(served: Served, pages: tuple[Page, Page]) -> None:
    desk, counter = pages
    aino = served.member("Aino", family_name="Koskela")

    # She opens her closed link, and puts the card on her phone.
    desk.goto(aino["link"])
    expect(desk.get_by_role("heading", name="Aino")).to_be_visible()
    desk.get_by_role("button", name="Add to the practice iPhone").click()
    expect(desk).to_have_url(re.compile("/phones"))
    expect(desk.get_by_text("0/10").first).to_be_visible()
    keep(desk, "added")

    # A cashier pairs the till and stamps her.
    counter.goto(f"{served.url}/till")
    counter.get_by_label("Pairing code").fill(served.pairing)
    counter.get_by_role("button", name="Pair").click()
    counter.get_by_role("link", name="Sanna").click()
    for digit in PIN:
        counter.get_by_role("button", name=digit, exact=True).click()
    counter.get_by_role("button", name="Start").click()
    counter.get_by_label("Card code").fill(aino["code"])
    counter.get_by_role("button", name="Find").click()
    expect(counter.get_by_role("heading", name="Aino K.")).to_be_visible()
    counter.get_by_role("button", name="+1 stamp").click()
    expect(counter.get_by_role("heading", name="Stamped")).to_be_visible()
    keep(counter, "stamped")

    # The phone is pushed, fetches, and says so on its lock screen, with nobody touching it.
    expect(desk.get_by_text("1 of 10. Nine more and the bouquet is on us.").first).to_be_visible()
    expect(desk.get_by_text("1/10").first).to_be_visible()
    keep(desk, "banner")

    # A mistake is taken back within ten seconds, and the phone says that too.
    counter.get_by_role("button", name=re.compile("Undo")).click()
    expect(desk.get_by_text("0/10").first).to_be_visible()


def keep(page: Page, name: str) -> None:
    """A picture for whoever wants to look: WALLET_PICTURES names the folder."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))
