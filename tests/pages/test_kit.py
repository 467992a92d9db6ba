"""The kit: every part of the console, well in every way, and alive without script."""

from collections.abc import Callable
from contextlib import closing

import markup
import pytest
from looking import Watched, look_at, watch
from playwright.sync_api import Browser, expect
from shopfront import Shop
from window import Window

from wallet_service.brands.roles import Role


@pytest.fixture
def kit(as_: Callable[..., Window]) -> Window:
    window = as_(Role.MARKETER)
    window.open("/console/kit")
    return window


def test_the_kit_reads_without_script(kit: Window) -> None:
    assert kit.title.startswith("Plain HTML looks right by itself")
    assert markup.faults(kit.text) == []


def test_a_field_is_read_with_its_hint_and_its_error(kit: Window) -> None:
    (email,) = (each for each in kit.page.all("input") if each["name"] == "email")
    told = {each["id"]: each.words for each in kit.page.all("p")}
    assert [told[each] for each in email["aria-describedby"].split()] == [
        "Stands on the back of every card.",
        "This is no e-mail address. It needs an @ and what comes after it.",
    ]
    assert email["aria-invalid"] == "true"
    assert email["value"] == "hei.kielo"


def test_a_field_that_may_be_left_empty_says_so(kit: Window) -> None:
    labels = {each["for"]: each.words for each in kit.page.all("label")}
    assert labels["phone"] == "Telephone may be left empty"
    assert labels["name"] == "Name of the shop"


def test_a_chart_has_its_figures_in_a_table_the_newest_first(kit: Window) -> None:
    (chart,) = (
        each for each in kit.page.all("figure") if "Visits, day by day" in each.words
    )  # fmt: skip
    (image, *_) = chart.all("svg")
    words = {each["id"]: each.words for each in kit.page.all("title", "figcaption")}
    assert words[image["aria-labelledby"]] == "Visits, day by day"
    assert words[image["aria-describedby"]].startswith("Last Saturday was the best")
    head, newest, *_ = ([cell.words for cell in row.all("th", "td")] for row in chart.all("tr"))
    assert head == ["Day", "Visits", "Usual"]
    assert newest == ["Tue 24", "35", "38"]


@pytest.mark.browser
def test_the_kit_is_well_in_every_way(page_as: Callable[..., Watched]) -> None:
    at = page_as(Role.MARKETER)
    at.goto("/console/kit")
    look_at(at, "kit")


@pytest.mark.browser
def test_a_dialog_and_the_way_on_open_without_script(served: Shop, browser: Browser) -> None:
    with closing(watch(browser, served.url, java_script_enabled=False)) as at:
        at.keep(dict([served.signed_in(Role.MARKETER)]))
        page = at.goto("/console/kit")
        page.get_by_role("button", name="Open it as it opens").click()
        sure = page.locator("#sure")
        expect(sure).to_be_visible()
        sure.get_by_role("button", name="Keep her").click()
        expect(sure).to_be_hidden()
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.get_by_role("link", name="Things to take")).to_be_hidden()
        page.get_by_role("button", name="More").click()
        expect(page.get_by_role("link", name="Things to take")).to_be_visible()


@pytest.mark.browser
def test_a_slash_begins_a_search(page_as: Callable[..., Watched]) -> None:
    page = page_as(Role.MARKETER).goto("/console/kit")
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.get_by_label("Search")).to_have_value("a/b")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Search")).not_to_be_focused()


@pytest.mark.browser
def test_keys_go_where_they_say_and_can_be_turned_off(
    page_as: Callable[..., Watched], served: Shop
) -> None:
    page = page_as(Role.OWNER).goto(f"{served.root}/settings")
    page.get_by_role("button", name="Turn keys off").click()
    page.reload()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.get_by_role("button", name="Turn keys on").click()
    page.keyboard.type("gm")
    expect(page.get_by_role("heading", level=1)).to_contain_text("member")
