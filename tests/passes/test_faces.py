"""A pass in HTML: escaped once, sized to fit, the same words as on the phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from passes import faces, widths
from passes.card import Card, CardCoupon
from passes.design import Design

ASSETS = Path(__file__).parents[2] / "templates" / "assets"
URL = "/design/abc"


def words(markup: str) -> dict[str, str]:
    """What stands in each field, as a reader sees it."""
    tree = ElementTree.fromstring(re.sub(r"<(img|br)([^>]*)>", r"<\1\2/>", markup))
    return {
        place.get("data-field", ""): "".join(place.find("dd").itertext())  # type: ignore[union-attr]
        for place in tree.iter("div")
        if place.get("data-field")
    }


def test_the_front_says_what_the_phone_says(aino: Callable[..., Card], kielo: Design) -> None:
    front = faces.front(aino(language="fi"), kielo, URL)

    assert words(front) == {"member": "Aino", "rewards": "1", "stamps": "7/10", "news": aino().news}
    assert f'class="pass store {kielo.css_class}" lang="fi"' in front
    assert '<img src="/design/abc/strip-7.svg" alt="7/10 kukkaa on auki">' in front
    assert "<dt>Leimat</dt>" in front
    assert "7K3M X9Q2 TBVD" in front


@pytest.mark.parametrize(
    "name",
    ["<b>Bo</b>", "Ma'ayan O'Brien", "Bob &amp; Ann", '"x" onload="y"', "{{ 7*7 }}", "%@ %s {0}"],
)
def test_a_name_is_escaped_once(aino: Callable[..., Card], kielo: Design, name: str) -> None:
    card = aino(holder=name, news=name, coupons=(CardCoupon(code="C", name=name),))

    assert words(faces.front(card, kielo, URL))["member"] == name
    assert words(faces.front(card, kielo, URL))["news"] == name
    assert words(faces.back(card, kielo, URL))["coupon-1"] == name
    assert "<b>Bo" not in faces.banner(kielo, name, "now", URL)


def test_the_back_links_where_wallet_would(aino: Callable[..., Card], kielo: Design) -> None:
    back = faces.back(aino(), kielo, URL)

    assert f'<a href="{aino().card_link}" rel="noreferrer">Open your card</a>' in back
    assert '<a href="tel:+35895550170">' in back
    assert '<a href="mailto:hei@kielo.example">' in back


def test_a_number_in_the_news_is_no_telephone(aino: Callable[..., Card], kielo: Design) -> None:
    assert "tel:+358600" not in faces.back(aino(news="+358600123456"), kielo, URL)


def test_a_script_is_never_a_link(aino: Callable[..., Card], kielo: Design) -> None:
    assert '<a href="javascript' not in faces.back(aino(card_link="javascript:x"), kielo, URL)


def test_the_banner_has_the_sentence_and_when(kielo: Design) -> None:
    banner = faces.banner(kielo, "One more.", "14:05", URL)

    assert '<img src="/design/abc/icon.svg" alt="">' in banner
    assert "<time>14:05</time><b>Kielo</b><span>One more.</span>" in banner


def test_a_long_sentence_shrinks_and_a_short_one_does_not(
    aino: Callable[..., Card], kielo: Design
) -> None:
    def size(news: str) -> str:
        front = faces.front(aino(news=news), kielo, URL)
        found = re.search(r'data-field="news"><dt>News</dt><dd(?: class="(\w+)")?>', front)
        assert found
        return found[1] or ""

    assert [size("x" * letters) for letters in (10, 30, 40, 90)] == ["", "m", "s", "xs"]


def test_a_short_value_does_not_shrink_for_a_long_neighbour() -> None:
    assert widths.fit(["Maximiliana-Katariina von Wolff", "7/10"], (23, 19, 16, 13), 150) == [
        "xs",
        "",
    ]
    assert widths.ems("Ä🌷") == pytest.approx(widths.ems("A") + 1.0)


def test_a_voided_card_looks_so(aino: Callable[..., Card], kielo: Design) -> None:
    assert " voided" in faces.front(aino(voided=True), kielo, URL)


def test_the_stylesheets_are_flat_and_light() -> None:
    css = (ASSETS / "pass.css").read_text()

    assert "&" not in css
    assert "@property" not in css
    assert "@layer" not in css
    assert "light-dark(" not in css.split("*/", 1)[1]
    assert len(css) < 10_000  # three shapes: a card, a coupon, a ticket


def test_no_page_needs_a_style_of_its_own(aino: Callable[..., Card], kielo: Design) -> None:
    for markup in (faces.front(aino(), kielo, URL), faces.back(aino(), kielo, URL)):
        assert "style=" not in markup
        assert "<style" not in markup
        assert "<script" not in markup
