"""A pass, taken apart as a phone and two independent verifiers would."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from verifiers import CHECKS, HOSTILE, unpacked

from passes.apple import bundle, layout
from passes.apple.identity import PassIdentity
from passes.apple.signing import Signer
from passes.card import Card, CardCoupon, News, Stamps
from passes.design import Design
from passes.errors import TimeWithoutZone

GROUPS = ("headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields")


@pytest.fixture
def built(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity, signer: Signer
) -> Callable[..., bytes]:
    def build(**changes: Any) -> bytes:
        return bundle.build(aino(**changes), kielo, identity, signer)

    return build


def said(card: Card, design: Design, identity: PassIdentity) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(layout.pass_json(card, design, identity))
    return whole


def fields(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for group in GROUPS:
        yield from whole["storeCard"].get(group, [])


def field(whole: dict[str, Any], key: str) -> dict[str, Any]:
    (found,) = [one for one in fields(whole) if one["key"] == key]
    return found


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"stamps": None, "balances": (), "coupons": (), "earlier_news": (), "next_reward": None},
        {"stamps": Stamps(have=10, of=10), "language": "sv", "voided": True},
        {"holder": HOSTILE[8], "news": "".join(HOSTILE), "language": "fi"},
        {"holder": "Linnéa 🌷", "news": "x" * 3000},
    ],
)
def test_openssl_and_certtool_accept_every_pass(
    built: Callable[..., bytes], root_pem: Path, tmp_path: Path, changes: dict[str, Any]
) -> None:
    folder = unpacked(built(**changes), tmp_path)

    assert all(accepts(folder, root_pem) for accepts in CHECKS)


def test_neither_accepts_a_manifest_that_was_changed(
    built: Callable[..., bytes], root_pem: Path, tmp_path: Path
) -> None:
    folder = unpacked(built(), tmp_path)
    (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes() + b"\n")

    assert not any(accepts(folder, root_pem) for accepts in CHECKS)


def test_the_signature_is_detached_with_sha256_and_its_time(
    built: Callable[..., bytes], tmp_path: Path
) -> None:
    folder = unpacked(built(), tmp_path)
    command = ["openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", "signature"]
    printed = subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout

    assert "eContent: <ABSENT>" in printed
    assert "sha256" in printed
    assert "signingTime" in printed
    assert "messageDigest" in printed
    assert printed.count("CN=Apple Worldwide Developer Relations") >= 1


def test_the_manifest_names_every_file_with_its_sha1(
    built: Callable[..., bytes], opened: Callable[[bytes], Mapping[str, bytes]]
) -> None:
    files = opened(built())
    manifest = json.loads(files["manifest.json"])

    assert manifest == {
        name: hashlib.sha1(content).hexdigest()
        for name, content in files.items()
        if name not in ("manifest.json", "signature")
    }
    assert {"icon.png", "icon@2x.png", "icon@3x.png", "logo@2x.png", "strip@3x.png"} <= set(
        manifest
    )
    assert {f"{language}.lproj/pass.strings" for language in ("en", "fi", "sv")} <= set(manifest)


def test_the_same_card_gives_the_same_bytes_but_for_the_signature(
    built: Callable[..., bytes],
    opened: Callable[[bytes], Mapping[str, bytes]],
    kielo_packed: bytes,
    aino: Callable[..., Card],
    identity: PassIdentity,
    signer: Signer,
) -> None:
    first = opened(built())
    stored = Design.unpack(kielo_packed)
    second = opened(bundle.build(aino(), stored, identity, signer))
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    same = [bundle.build(aino(), each, identity, signer, at) for each in (stored, stored)]

    assert list(first) == list(second)
    assert {name for name in first if first[name] != second[name]} <= {"signature"}
    assert same[0] == same[1]


def test_no_file_in_the_archive_has_a_date_or_a_surprise(
    built: Callable[..., bytes], tmp_path: Path
) -> None:
    (tmp_path / "card.pkpass").write_bytes(built())
    with zipfile.ZipFile(tmp_path / "card.pkpass") as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o100644
            assert not entry.is_dir()
            assert not entry.filename.startswith(("/", "."))


def test_the_picture_follows_the_stamps(
    built: Callable[..., bytes], opened: Callable[[bytes], Mapping[str, bytes]]
) -> None:
    strips = [opened(built(stamps=Stamps(have=n, of=10)))["strip@2x.png"] for n in range(11)]

    assert len(set(strips)) == 11


@pytest.mark.parametrize("language", ["en", "fi", "sv", "de"])
@pytest.mark.parametrize("have", [None, 0, 7, 10, 11])
def test_keys_are_unique_and_values_present_in_every_state_and_language(
    aino: Callable[..., Card],
    kielo: Design,
    identity: PassIdentity,
    language: str,
    have: int | None,
) -> None:
    coupons = tuple(CardCoupon(code=f"C{n}", name=f"Gift {n}") for n in range(5))
    stamps = None if have is None else Stamps(have=have, of=10)
    whole = said(aino(language=language, stamps=stamps, coupons=coupons), kielo, identity)
    keys = [one["key"] for one in fields(whole)]

    assert len(keys) == len(set(keys))
    assert all(isinstance(one["value"], str) and one["value"] for one in fields(whole))
    assert all(one.get("label", "x") for one in fields(whole))
    assert isinstance(whole["barcodes"][0]["message"], str)


def test_only_the_news_speaks(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity
) -> None:
    whole = said(aino(), kielo, identity)

    assert field(whole, "news")["changeMessage"] == "%@"
    assert [one["key"] for one in fields(whole) if "changeMessage" in one] == ["news"]
    assert whole["storeCard"]["secondaryFields"][0]["value"] == aino().news


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_are_called_arrives_raw(
    aino: Callable[..., Card],
    kielo: Design,
    identity: PassIdentity,
    signer: Signer,
    opened: Callable[[bytes], Mapping[str, bytes]],
    text: str,
) -> None:
    card = aino(holder=text, news=text, coupons=(CardCoupon(code="C", name=text, terms=text),))
    files = opened(bundle.build(card, kielo, identity, signer))
    whole = json.loads(files["pass.json"])

    assert field(whole, "member")["value"] == text.strip()
    assert field(whole, "news")["value"] == text
    assert field(whole, "news")["changeMessage"] == "%@"
    assert field(whole, "coupon-1")["value"] == f"{text}\n{text}"
    assert text.encode() not in files["en.lproj/pass.strings"] or text == "text.news"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: text.strip()))
def test_any_text_is_a_value_and_nothing_else(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity, text: str
) -> None:
    plain = said(aino(), kielo, identity)
    whole = said(aino(holder=text, next_reward=text), kielo, identity)

    assert field(whole, "member")["value"] == text.strip()
    assert [one["key"] for one in fields(whole)] == [one["key"] for one in fields(plain)]


def test_a_member_called_like_a_label_is_not_translated(
    built: Callable[..., bytes], opened: Callable[[bytes], Mapping[str, bytes]]
) -> None:
    files = opened(built(holder="stamps"))

    assert b'"stamps" =' not in files["fi.lproj/pass.strings"]
    assert b'"text.stamps" = "Leimat";' in files["fi.lproj/pass.strings"]


def test_the_identity_stands_in_the_pass_and_in_no_repr(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity
) -> None:
    whole = said(aino(), kielo, identity)

    assert whole["formatVersion"] == 1
    assert whole["passTypeIdentifier"] == identity.pass_type_identifier
    assert whole["teamIdentifier"] == identity.team_identifier
    assert whole["serialNumber"] == identity.serial_number
    assert whole["authenticationToken"] == identity.authentication_token
    assert whole["webServiceURL"] == "https://cards.kielo.example/apple"
    assert identity.authentication_token not in repr(identity)


def test_colours_code_and_sharing_are_as_apple_writes_them(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity
) -> None:
    whole = said(aino(), kielo, identity)
    code = {
        "format": "PKBarcodeFormatQR",
        "message": "LP17K3MX9Q2TBVD",
        "messageEncoding": "iso-8859-1",
        "altText": "7K3M X9Q2 TBVD",
    }

    assert whole["backgroundColor"] == "rgb(31, 77, 58)"
    assert whole["barcodes"] == [code]
    assert whole["barcode"] == code
    assert whole["sharingProhibited"] is True
    assert "voided" not in whole
    assert "expirationDate" not in whole
    assert said(aino(voided=True), kielo, identity)["voided"] is True


def test_a_card_that_has_ended_has_no_code_and_no_words_on_how_to_use_it(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity
) -> None:
    whole = said(aino(code="", voided=True), kielo, identity)
    assert "barcodes" not in whole
    assert "barcode" not in whole
    keys = [field["key"] for field in whole["storeCard"]["backFields"]]
    assert "how" not in keys
    assert {"contact", "website"} <= set(keys)


def test_an_end_is_a_whole_second_with_its_zone(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity
) -> None:
    helsinki = timezone(timedelta(hours=2))
    end = datetime(2026, 12, 24, 23, 59, 59, 123456)  # noqa: DTZ001

    in_zone = said(aino(expires_at=end.replace(tzinfo=helsinki)), kielo, identity)
    in_utc = said(aino(expires_at=end.replace(tzinfo=UTC)), kielo, identity)
    assert in_zone["expirationDate"] == "2026-12-24T23:59:59+02:00"
    assert in_utc["expirationDate"] == "2026-12-24T23:59:59Z"
    with pytest.raises(TimeWithoutZone, match="no time zone"):
        said(aino(expires_at=end), kielo, identity)


def test_links_on_the_back_are_links_and_other_words_are_not_searched(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity
) -> None:
    link = "https://cards.kielo.example/c/t0ken/card?a=1&b='2'"
    whole = said(aino(card_link=link, news="Call 0600 12345"), kielo, identity)
    page = field(whole, "page")

    assert page["value"] == link
    assert page["attributedValue"] == (
        '<a href="https://cards.kielo.example/c/t0ken/card?a=1&amp;b=&#x27;2&#x27;">'
        "Open your card</a>"
    )
    assert field(whole, "told")["dataDetectorTypes"] == []
    assert "PKDataDetectorTypePhoneNumber" in field(whole, "contact")["dataDetectorTypes"]
    assert all("dataDetectorTypes" not in one for one in whole["storeCard"]["headerFields"])


def test_what_was_told_stands_on_the_back_the_last_five_of_it(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity
) -> None:
    told = tuple(
        News(at=datetime(2026, 11, 24 - n, tzinfo=UTC), sentence=f"Sentence {n}.") for n in range(8)
    )
    lines = field(said(aino(earlier_news=told), kielo, identity), "told")["value"].split("\n")

    assert lines[0] == aino().news
    assert lines[1] == "24 Nov – Sentence 0."
    assert len(lines) == 6


def test_an_open_coupon_is_counted_on_the_front_and_named_on_the_back(
    aino: Callable[..., Card], kielo: Design, identity: PassIdentity
) -> None:
    none = said(aino(coupons=()), kielo, identity)
    one = said(aino(language="sv"), kielo, identity)

    assert all(place["key"] != "rewards" for place in fields(none))
    assert field(one, "rewards")["value"] == "1"
    assert field(one, "coupon-1")["value"] == (
        "Ribbon for free\nGäller till och med 24.12.2026\nOne a bouquet."
    )


def test_what_is_seen_has_one_hash_whoever_it_is_for(
    aino: Callable[..., Card], kielo: Design, kielo_files: dict[str, bytes]
) -> None:
    first = layout.content_hash(aino(), kielo)
    green = kielo_files["design.toml"].replace(b"#1f4d3a", b"#1f4d3b")

    assert layout.content_hash(aino(), kielo) == first
    assert layout.content_hash(aino(news="8 of 10 stamps."), kielo) != first
    assert layout.content_hash(aino(stamps=Stamps(have=8, of=10)), kielo) != first
    assert layout.content_hash(aino(voided=True), kielo) != first
    other = Design.from_files({**kielo_files, "design.toml": green})
    assert layout.content_hash(aino(), other) != first
