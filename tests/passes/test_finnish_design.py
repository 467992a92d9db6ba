"""A design that is written in Finnish alone, and whoever reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from passes import faces
from passes.apple import bundle
from passes.apple.identity import PassIdentity
from passes.apple.signing import Signer
from passes.card import Card, CardCoupon
from passes.check import check
from passes.design import Design
from wallet_service.practice.verify import verify

LABELS = ["Jäsen", "Edut", "Leimat", "Uutta"]


@pytest.fixture
def finnish_files(kielo_files: dict[str, bytes]) -> dict[str, bytes]:
    files = {name: kielo_files[name] for name in kielo_files if name not in ("en.toml", "sv.toml")}
    design = files["design.toml"]
    assert b'language = "en"' in design
    return {**files, "design.toml": design.replace(b'language = "en"', b'language = "fi"')}


@pytest.fixture
def finnish(finnish_files: dict[str, bytes]) -> Design:
    return Design.from_files(finnish_files)


def of_linnea(aino: Callable[..., Card], language: str = "sv") -> Card:
    coupon = CardCoupon(code="CP1", name="Kimppu", until=date(2026, 12, 24), terms="Yksi kimppu.")
    return aino(
        language=language,
        holder="Linnea",
        news="7 av 10. Vielä kolme.",
        earlier_news=(),
        coupons=(coupon,),
        next_reward="Kimppu",
        foreign=(("Vielä kolme.", "fi"), ("Kimppu", "fi"), ("Yksi kimppu.", "fi")),
    )


def test_one_language_is_enough_for_a_design(finnish_files: dict[str, bytes]) -> None:
    assert check(finnish_files) == []


def everything(whole: Any) -> Iterator[str]:
    """Every text in a structure."""
    if isinstance(whole, dict):
        for each in whole.values():
            yield from everything(each)
    elif isinstance(whole, list):
        for each in whole:
            yield from everything(each)
    elif isinstance(whole, str):
        yield whole


@pytest.mark.parametrize("phone", ["sv", "en", "fi"])
@pytest.mark.parametrize("member", ["sv", "en"])
def test_a_swede_reads_finnish_labels_whole_and_no_key_anywhere(
    aino: Callable[..., Card],
    finnish: Design,
    identity: PassIdentity,
    signer: Signer,
    root_pem: Path,
    member: str,
    phone: str,
) -> None:
    pkpass = bundle.build(of_linnea(aino, member), finnish, identity, signer)
    held = verify(pkpass, x509.load_pem_x509_certificate(root_pem.read_bytes()))
    # Wallet takes the phone's own language and, where a pass lacks it, whichever it likes.
    assert set(held.strings) == {"en", "fi", "sv"}

    keys = {text for text in everything(held.contents) if text.startswith("text.")}
    assert keys
    assert all(words.keys() == keys for words in held.strings.values())
    shown = held.fields(phone)
    assert [field.label for field in shown[:4]] == LABELS
    for field in shown:
        assert "text." not in f"{field.label} {field.value} {field.attributed}"
    assert held.shows("how", phone) == finnish.plan.texts["fi"]["how_it_works"]
    assert held.contents["description"] == "Leimakortti, Kielo"


def test_the_day_in_a_finnish_sentence_is_a_finnish_day(
    aino: Callable[..., Card], finnish: Design
) -> None:
    assert "Voimassa 24.12.2026 asti" in faces.back(of_linnea(aino, "en"), finnish, "/d")


def test_a_page_says_which_of_its_words_are_finnish(
    aino: Callable[..., Card], finnish: Design
) -> None:
    card = of_linnea(aino)
    front, back = faces.front(card, finnish, "/d"), faces.back(card, finnish, "/d")

    assert '" lang="sv"' in front
    for label in LABELS:
        assert f'<dt><span lang="fi">{label}</span></dt>' in front
    assert '<dd>7 av 10. <span lang="fi">Vielä kolme.</span></dd>' in front
    assert 'alt="7/10 kukkaa on auki" lang="fi">' in front
    assert '<span lang="fi">Kimppu</span><br>' in back
    assert '<span lang="fi">Voimassa 24.12.2026 asti</span>' in back
    assert '<span lang="fi">Avaa korttisi</span></a>' in back


def test_a_finn_reads_a_page_without_marks(aino: Callable[..., Card], finnish: Design) -> None:
    card = aino(language="fi")

    assert "<span" not in faces.front(card, finnish, "/d") + faces.back(card, finnish, "/d")


def test_marked_words_are_escaped_once(aino: Callable[..., Card], finnish: Design) -> None:
    name = '<b>"Kimppu" & muuta</b>'
    card = aino(language="sv", news=f"1 av 10. {name}", foreign=((name, "fi"),))

    assert (
        '1 av 10. <span lang="fi">&lt;b&gt;&#34;Kimppu&#34; &amp; muuta&lt;/b&gt;</span>'
        in faces.front(card, finnish, "/d")
    )


def test_a_foreign_word_is_no_part_of_another_word(
    aino: Callable[..., Card], kielo: Design
) -> None:
    card = aino(language="sv", holder="Anna-Maria", news="Ann, Anna", foreign=(("Ann", "fi"),))

    front = faces.front(card, kielo, "/d")
    assert "<dd>Anna-Maria</dd>" in front
    assert '<dd><span lang="fi">Ann</span>, Anna</dd>' in front
