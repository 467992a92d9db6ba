"""A coupon and an entry ticket as passes of their own, as a phone and two verifiers open them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from verifiers import CHECKS, HOSTILE, unpacked

from passes import face, faces
from passes.apple import bundle, layout
from passes.apple.identity import PassIdentity
from passes.apple.signing import Signer
from passes.check import check
from passes.coupon_card import CouponCard, Event
from passes.coupon_fields import LABELS
from passes.design import Design
from passes.pictures import png_size
from wallet_service.practice import contents

HELSINKI = timezone(timedelta(hours=2))
EVENING = Event(
    name="Wreath evening",
    place="Kielo, Kallio",
    doors_at=datetime(2026, 12, 3, 17, 30, tzinfo=HELSINKI),
    starts_at=datetime(2026, 12, 3, 18, 0, tzinfo=HELSINKI),
    ends_at=datetime(2026, 12, 3, 21, 0, tzinfo=HELSINKI),
    admits="2 of 4",
)
GROUPS = ("headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields")


def a_coupon(**changes: Any) -> CouponCard:
    card = CouponCard(
        code="CPK7QX2M9T4B",
        language="en",
        name="Spring bouquet",
        holder="Aino",
        card_link="https://cards.kielo.example/c/t0ken/card",
        labels={key: key.capitalize() for key in LABELS},
        worth="−20%",
        until=date(2026, 12, 24),
        terms="One bouquet each.",
        expires_at=datetime(2026, 12, 24, 22, 0, tzinfo=UTC),
    )
    return replace(card, **changes)


def a_ticket(**changes: Any) -> CouponCard:
    return a_coupon(name="A wreath of your own", worth="", event=EVENING, **changes)


def said(card: CouponCard, design: Design, identity: PassIdentity) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(layout.pass_json(card, design, identity))
    return whole


def front(whole: Mapping[str, Any], style: str) -> dict[str, tuple[str, str]]:
    return {
        field["key"]: (field.get("label", ""), field["value"])
        for group in GROUPS[:-1]
        for field in whole[style].get(group, [])
    }


@pytest.mark.parametrize(
    "card",
    [
        a_coupon(),
        a_coupon(state="Used", worth="", terms="", until=None, expires_at=None),
        a_coupon(name="".join(HOSTILE), holder=HOSTILE[8], terms="x" * 2000, language="fi"),
        a_coupon(code="", holder="", card_link="", state="Ended"),
        a_ticket(),
        a_ticket(state="Used", language="sv"),
    ],
)
def test_openssl_certtool_and_the_rules_of_the_format_accept_every_one(
    card: CouponCard,
    kielo: Design,
    identity: PassIdentity,
    signer: Signer,
    root_pem: Path,
    tmp_path: Path,
) -> None:
    folder = unpacked(bundle.build(card, kielo, identity, signer), tmp_path)

    assert all(accepts(folder, root_pem) for accepts in CHECKS)
    assert contents.faults(json.loads((folder / "pass.json").read_bytes()), {}) == []
    assert set(json.loads((folder / "manifest.json").read_bytes())) == {
        path.name for path in folder.iterdir() if path.suffix in {".json", ".png"}
    } - {"manifest.json"}


def test_a_coupon_says_what_it_is_worth_and_until_when(
    kielo: Design, identity: PassIdentity
) -> None:
    whole = said(a_coupon(), kielo, identity)

    assert front(whole, "coupon") == {
        "until": ("Until", "24 Dec 2026"),
        "offer": ("Spring bouquet", "−20%"),
        "holder": ("For", "Aino"),
    }
    back = {each["key"]: each["value"] for each in whole["coupon"]["backFields"]}
    assert back["terms"] == "One bouquet each."
    assert back["page"] == "https://cards.kielo.example/c/t0ken/card"
    assert "hei@kielo.example" in back["contact"]
    assert whole["barcodes"][0] == {
        "format": "PKBarcodeFormatQR",
        "message": "CPK7QX2M9T4B",
        "messageEncoding": "iso-8859-1",
        "altText": "CPK7 QX2M 9T4B",
    }
    assert whole["expirationDate"] == "2026-12-24T22:00:00Z"
    assert "voided" not in whole
    assert "relevantDate" not in whole


def test_one_without_a_figure_has_its_name_where_the_figure_stood(
    kielo: Design, identity: PassIdentity
) -> None:
    whole = said(a_coupon(worth=""), kielo, identity)
    assert front(whole, "coupon")["offer"] == ("", "Spring bouquet")


@pytest.mark.parametrize(
    ("language", "day", "begins", "whole_day"),
    [
        ("en", "Thu 3 Dec", "18:00", "Thu 3 Dec 2026 18:00–21:00"),
        ("fi", "to 3.12.", "18.00", "to 3.12.2026 18.00–21.00"),
        ("sv", "tors 3.12.", "18:00", "tors 3.12.2026 18:00–21:00"),
    ],
)
def test_a_ticket_says_where_and_when_by_the_shops_clock(
    kielo: Design,
    identity: PassIdentity,
    language: str,
    day: str,
    begins: str,
    whole_day: str,
) -> None:
    whole = said(a_ticket(language=language), kielo, identity)

    shown = front(whole, "eventTicket")
    assert shown["starts"] == (day, begins)
    assert shown["event"] == ("A wreath of your own", "Wreath evening")
    assert shown["place"] == ("Where", "Kielo, Kallio")
    assert shown["admits"] == ("Admits", "2 of 4")
    back = {each["key"]: each["value"] for each in whole["eventTicket"]["backFields"]}
    assert back["when"] == whole_day
    assert whole["relevantDate"] == "2026-12-03T18:00:00+02:00"
    assert whole["relevantDates"] == [
        {"startDate": "2026-12-03T17:30:00+02:00", "endDate": "2026-12-03T21:00:00+02:00"}
    ]


def test_a_fair_of_a_week_comes_forward_when_it_begins_and_says_its_last_day(
    kielo: Design, identity: PassIdentity
) -> None:
    fair = replace(EVENING, ends_at=EVENING.ends_at + timedelta(days=6))
    whole = said(replace(a_ticket(), event=fair), kielo, identity)

    assert whole["relevantDates"] == [{"date": "2026-12-03T18:00:00+02:00"}]
    back = {each["key"]: each["value"] for each in whole["eventTicket"]["backFields"]}
    assert back["when"] == "Thu 3 Dec 2026 18:00 – Wed 9 Dec 2026 21:00"


@pytest.mark.parametrize("card", [a_coupon(state="Used"), a_ticket(state="Used")])
def test_one_that_is_over_says_so_where_it_lies_among_others(
    kielo: Design, identity: PassIdentity, card: CouponCard
) -> None:
    whole = said(card, kielo, identity)
    style = "coupon" if card.event is None else "eventTicket"

    assert whole["voided"] is True
    [header] = whole[style]["headerFields"]
    assert (header["label"], header["value"]) == ("State", "Used")
    assert "relevantDates" not in whole


def test_no_front_is_fuller_than_wallet_shows(kielo: Design, identity: PassIdentity) -> None:
    coupon = said(a_coupon(opens_on=date(2026, 12, 1)), kielo, identity)["coupon"]
    ticket = said(a_ticket(state="Used"), kielo, identity)["eventTicket"]
    for groups in (coupon, ticket):
        assert len(groups["headerFields"]) <= 3
        assert len(groups["primaryFields"]) == 1
        assert len(groups["secondaryFields"]) <= 4
        assert len(groups.get("auxiliaryFields", [])) <= 4
    assert len(coupon["secondaryFields"]) + len(coupon.get("auxiliaryFields", [])) <= 4


def test_what_can_be_seen_changes_the_hash_and_whose_pass_it_is_does_not(kielo: Design) -> None:
    plain = layout.content_hash(a_coupon(), kielo)
    assert plain == layout.content_hash(a_coupon(), kielo)
    for changes in ({"state": "Used"}, {"holder": "Ilona"}, {"terms": "Two."}):
        assert layout.content_hash(a_coupon(**changes), kielo) != plain
    fewer = replace(a_ticket(), event=replace(EVENING, admits="1 of 4"))
    assert layout.content_hash(fewer, kielo) != layout.content_hash(a_ticket(), kielo)


def without_own_strips(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: files[name] for name in files if name not in ("coupon.svg", "event.svg")}


def test_each_has_a_strip_of_its_own_in_apples_measures(kielo_files: dict[str, bytes]) -> None:
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 375 %d"><path d="M0 0h9v9z"/></svg>'
    )
    files = {**kielo_files, "coupon.svg": drawing % 144, "event.svg": drawing % 98}
    pictures = Design(files).pictures

    assert png_size(pictures.apple_coupon("coupon")["strip@2x.png"]) == (750, 288)
    assert png_size(pictures.apple_coupon("event")["strip@3x.png"]) == (1125, 294)
    assert not {"coupon.png", "event.png"} & pictures.apple(3).keys()
    assert [str(each) for each in check(files) if each.where in ("coupon.svg", "event.svg")] == []


def test_a_strip_that_counts_stamps_is_on_no_coupon(kielo_files: dict[str, bytes]) -> None:
    plain = Design(without_own_strips(kielo_files))
    assert {
        name.split("@")[0].removesuffix(".png") for name in plain.pictures.apple_coupon("coupon")
    } == {"icon", "logo"}
    assert face.of_coupon(a_coupon(), plain, "/design/x").strip is None


def test_a_design_is_told_that_its_ticket_strip_is_too_high(kielo_files: dict[str, bytes]) -> None:
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 375 144"><path d="M0 0h9v9z"/></svg>'
    )
    [issue] = [
        each for each in check({**kielo_files, "event.svg": drawing}) if each.where == "event.svg"
    ]
    assert "Wallet cuts it to 375 × 98" in issue.says


def test_a_stored_design_brings_the_strips_drawn(kielo: Design, kielo_packed: bytes) -> None:
    stored = Design.unpack(kielo_packed)
    for style in ("coupon", "event"):
        assert stored.pictures.apple_coupon(style) == kielo.pictures.apple_coupon(style)


@pytest.mark.parametrize("card", [a_coupon(), a_ticket(), a_ticket(state="Used")])
def test_its_picture_for_a_page_has_its_shape_and_all_of_its_words(
    kielo: Design, card: CouponCard
) -> None:
    drawn = faces.coupon_front(card, kielo, "/design/x")
    shape = "coupon" if card.event is None else "event"
    assert f'class="pass {shape} {kielo.css_class}{" voided" if card.state else ""}"' in drawn
    for words in (card.name, card.holder, "CPK7 QX2M 9T4B", card.state):
        assert words in drawn


def test_words_are_words_whatever_they_hold(kielo: Design) -> None:
    drawn = faces.coupon_front(a_ticket(holder="<b>Bo</b>", state="<i>"), kielo, "/design/x")
    assert "<b>Bo" not in drawn
    assert "<i>" not in drawn
