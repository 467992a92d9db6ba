"""A design: a folder, a packed version, and the files that pages ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from passes import packing
from passes.design import Design
from passes.errors import BadPack, DesignFaults, DesignMissing


def test_a_packed_design_is_the_same_bytes_every_time(
    kielo_files: dict[str, bytes], kielo_packed: bytes
) -> None:
    assert Design.from_files(kielo_files).pack() == kielo_packed


def test_a_packed_design_comes_back_whole_and_draws_nothing(
    kielo: Design, kielo_packed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("passes.svg.resvg_py", None)
    stored = Design.unpack(kielo_packed)

    assert stored == kielo
    assert hash(stored) == hash(kielo)
    for state in kielo.pictures.states:
        assert stored.pictures.apple(state) == kielo.pictures.apple(state)
    assert stored.pack() == kielo_packed


def test_a_pack_that_lacks_a_picture_is_refused_when_the_picture_is_wanted(
    kielo_packed: bytes,
) -> None:
    files = packing.unpack(kielo_packed)
    del files["drawn/strip-7@3x.png"]
    damaged = Design.unpack(packing.pack(files))

    assert damaged.pictures.apple(6)
    with pytest.raises(BadPack, match=r"strip-7@3x\.png is missing"):
        damaged.pictures.apple(7)


@pytest.mark.parametrize("rubbish", [b"", b"PK\x05\x06", b"x" * 1000, packing.pack({"a": b"b"})])
def test_rubbish_is_no_pack(rubbish: bytes) -> None:
    with pytest.raises(BadPack, match="cannot be read back"):
        Design.unpack(rubbish)


def test_the_hash_is_of_the_files_alone_and_of_all_that_matter(
    kielo: Design, kielo_files: dict[str, bytes]
) -> None:
    assert Design.from_files({**kielo_files, "notes.txt": b"x"}).content_hash == kielo.content_hash
    changed = {**kielo_files, "sv.toml": kielo_files["sv.toml"] + b"\n"}
    assert Design.from_files(changed).content_hash != kielo.content_hash


def test_a_folder_without_a_design_says_so(tmp_path: Path) -> None:
    with pytest.raises(DesignMissing, match=r"no design\.toml"):
        Design.load(tmp_path)


def test_a_design_with_faults_tells_how_many_and_keeps_them_all(
    kielo_files: dict[str, bytes],
) -> None:
    del kielo_files["icon.svg"]
    kielo_files["design.toml"] += b"\n[[back]]\nkey = 'stamps'\nvalue = '{stamp}'\n"
    with pytest.raises(DesignFaults, match="has 3 faults") as refused:
        Design.from_files(kielo_files)

    assert len(refused.value.issues) == 3


def test_pages_get_the_colours_and_the_picture_of_a_state(kielo: Design) -> None:
    css = kielo.public_file("brand.css")
    strip = kielo.public_file("strip-7.svg")

    colours = "{ --bg: #1f4d3a; --fg: #f7f1e3; --label: #c9dcc0; }\n"
    assert css == (
        f".brand-{kielo.content_hash[:12]} {colours}".encode(),
        "text/css",
    )
    assert strip is not None
    assert strip[1] == "image/svg+xml"
    assert (strip[0].count(b'class="filled"'), strip[0].count(b'class="empty"')) == (7, 3)
    for name in ("icon.svg", "logo.svg", "strip-0.svg", "strip-10.svg"):
        assert kielo.public_file(name)


@pytest.mark.parametrize(
    "name",
    ["design.toml", "fi.toml", "strip-11.svg", "strip.svg", "../icon.svg", "", "strip--1.svg"],
)
def test_nothing_else_of_a_design_is_public(kielo: Design, name: str) -> None:
    assert kielo.public_file(name) is None


def test_pictures_given_as_png_are_taken_as_they_are(
    kielo: Design, kielo_files: dict[str, bytes]
) -> None:
    drawn = kielo.pictures.apple(7)
    files = {name: content for name, content in kielo_files.items() if name != "strip.svg"}
    files |= {name: drawn[name] for name in ("strip.png", "strip@2x.png", "strip@3x.png")}
    design = Design.from_files(files)

    assert design.pictures.states == (None,)
    assert design.pictures.apple(None)["strip@3x.png"] == drawn["strip@3x.png"]
    assert design.public_name("strip", None) == "strip.png"
    assert design.public_file("strip.png") == (drawn["strip@2x.png"], "image/png")
    assert Design.unpack(design.pack()) == design
