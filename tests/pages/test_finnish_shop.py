"""A brand that wrote only Finnish: read by a Swede on her card, by a cashier who speaks English."""

import re
import tomllib
from dataclasses import replace
from datetime import timedelta

import pytest

from passes.design import Design, files_in
from wallet_service import brands, clock
from wallet_service.audit import COMMAND
from wallet_service.brands import designs
from wallet_service.programme import versions
from wallet_service.shipped import shipped

TEMPLATES = shipped("templates")
TERMS = tomllib.loads((TEMPLATES / "programmes" / "florist.toml").read_text())["reward"][0]["terms"]


def finnish_programme() -> str:
    toml = (TEMPLATES / "programmes" / "florist.toml").read_text()
    toml = re.sub(r"(?m)^(en|sv) = .*\n", "", toml)
    return toml.replace('languages = ["en", "fi", "sv"]', 'languages = ["fi"]')


def finnish_design() -> Design:
    files = files_in(TEMPLATES / "designs" / "kielo")
    kept = {name: files[name] for name in files if name not in ("en.toml", "sv.toml")}
    plan = kept["design.toml"].replace(b'language = "en"', b'language = "fi"')
    return Design.from_files({**kept, "design.toml": plan})


@pytest.fixture
def finnish_shop(shop):
    """Kielo, whose owner has written everything in Finnish and nothing else."""
    with shop.wallet.database.write() as connection:
        brand = brands.get(connection, shop.brand.brand_id)
        shop.brand = brands.change(connection, replace(brand, language="fi"), actor=COMMAND)
        versions.apply(connection, brand.brand_id, finnish_programme())
        designs.apply(connection, brand.brand_id, "kielo", finnish_design(), actor=COMMAND)
    # What happened before went by the rules, and in the words, of then.
    clock.advance(timedelta(days=2))
    return shop


@pytest.fixture
def linnea(finnish_shop):
    return finnish_shop.newcomer("Linnea", language="sv")


def finnish(words):
    """How Finnish words stand on a page that speaks another language."""
    return f'<span lang="fi">{words}</span>'


def test_a_swede_reads_swedish_and_the_shops_words_in_finnish(finnish_shop, linnea, window):
    finnish_shop.stamp(7, linnea)
    window.open(finnish_shop.card_link(linnea))

    assert '<html lang="sv">' in window.text
    assert f"<h1>7 av 10. {finnish('Vielä kolme, niin kimppu on meiltä.')}</h1>" in window.text
    assert f"<span>Nästa belöning</span><b>{finnish('Kimppu')}</b>" in window.text
    assert "bukett" not in window.words.lower()
    assert "bouquet" not in window.words.lower()


def test_her_reward_and_what_was_told_before_are_marked_too(finnish_shop, linnea, window):
    finnish_shop.stamp(9, linnea)
    finnish_shop.stamp(1, linnea)
    finnish_shop.stamp(1, linnea)
    window.open(finnish_shop.card_link(linnea))

    assert f"<summary><span>{finnish('Kimppu')} <small>till och med" in window.text
    assert f'<p class="soft">{finnish(TERMS["fi"])}</p>' in window.text
    assert f"gav: {finnish('Kimppu')}" in window.text


def test_the_card_on_her_links_page_has_finnish_labels(finnish_shop, linnea, window, agents):
    finnish_shop.stamp(7, linnea)
    window.open(finnish_shop.link(linnea), **{"User-Agent": agents["iphone"]})

    assert f"<dt>{finnish('Leimat')}</dt>" in window.text
    assert f"<dd>7 av 10. {finnish('Vielä kolme, niin kimppu on meiltä.')}</dd>" in re.sub(
        r'<dd class="\w+">', "<dd>", window.text
    )
    assert 'alt="7/10 kukkaa on auki" lang="fi"' in window.text


def test_a_finn_reads_her_own_language_without_marks(finnish_shop, window):
    elli = finnish_shop.newcomer("Elli", language="fi")
    finnish_shop.stamp(12, elli)
    for path in (finnish_shop.card_link(elli), finnish_shop.link(elli)):
        window.open(path)
        assert "Kimppu" in window.text or "kimppu" in window.text
        assert "span lang" not in window.text


def test_a_cashier_who_speaks_english_says_the_shops_words_in_finnish(finnish_shop, linnea, till):
    finnish_shop.stamp(8, linnea)
    till.open(f"/till/card/{linnea.code}")
    assert '<html lang="en">' in till.text
    assert f"“{finnish('Vielä kaksi, niin kimppu on meiltä.')}”" in till.text
    till.press("+1 stamp")
    assert f"Linnea K.: {finnish('Vielä yksi, niin kimppu on meiltä.')}</p>" in till.text


def test_at_the_till_the_coupon_is_finnish_on_each_of_its_pages(finnish_shop, linnea, till):
    finnish_shop.stamp(9, linnea)
    till.open(f"/till/card/{linnea.code}")
    till.press("+1 stamp")
    assert f"{finnish('Kimppu')} is on us." in till.text
    till.open(f"/till/card/{linnea.code}")  # stamped just now, so it asks
    assert f"<span>Use: {finnish('Kimppu')}</span></a>" in till.text

    till.follow("Use: Kimppu")
    assert f"<h1>{finnish('Kimppu')}</h1>" in till.text
    assert f"</small>{finnish(TERMS['fi'])}</p>" in till.text
    till.press("Use it now")
    assert f'<p class="fact">{finnish("Kimppu")}, Linnea K.</p>' in till.text


def test_finnish_words_are_escaped_where_they_are_marked(finnish_shop, linnea, request):
    hostile = finnish_programme().replace('fi = "Kimppu"', "fi = '<b>Kimppu</b> & {{ 7*7 }} %s'")
    with finnish_shop.wallet.database.write() as connection:
        versions.apply(connection, finnish_shop.brand.brand_id, hostile)
    clock.advance(timedelta(days=2))
    finnish_shop.stamp(10, linnea)
    written = finnish("&lt;b&gt;Kimppu&lt;/b&gt; &amp; {{ 7*7 }} %s")

    card = finnish_shop.window()
    card.open(finnish_shop.card_link(linnea))
    assert f"<summary><span>{written} <small>" in card.text
    till = request.getfixturevalue("till")  # whose shift begins only now
    till.open(f"/till/card/{linnea.code}")
    assert f"<span>{written} <small>" in till.text
    till.follow("Kimppu")
    assert f"<h1>{written}</h1>" in till.text
