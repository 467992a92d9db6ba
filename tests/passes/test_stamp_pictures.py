"""Strips: a picture per state, and drawings that must never reach the renderer."""

from __future__ import annotations

import pytest

from passes.card import Stamps
from passes.design import Design
from passes.errors import PictureRefused
from passes.pictures import png_size
from passes.svg import Art

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 375 144"{0}>{1}</svg>'
TWO = """
<g class="stamp n1">
  <path class="filled" d="M0 0h9v9z"/><path class="empty" d="M1 1h8v8z"/>
</g>
<g class="n2 stamp">
  <g><path class="big filled" d="M20 0h9v9z"/></g><path class="empty" d="M21 1h8v8z"/>
</g>
"""


def drawn(attributes: str = "", inside: str = "<path d='M0 0h9v9z'/>") -> Art:
    return Art.read("strip.svg", SVG.format(attributes, inside).encode())


def test_each_stamp_shows_one_of_its_two_shapes() -> None:
    art = drawn(inside=TWO)
    none, one, both = (art.in_state(filled) for filled in (0, 1, 2))

    assert art.stamps == {1: {"filled", "empty"}, 2: {"filled", "empty"}}
    assert (none.count(b'"empty"'), none.count(b"filled")) == (2, 0)
    assert (one.count(b'"empty"'), one.count(b"filled")) == (1, 1)
    assert b"M0 0h9v9z" in one
    assert b"M21 1h8v8z" in one
    assert (both.count(b'"empty"'), both.count(b"filled")) == (0, 2)


def test_the_florists_strip_has_a_state_for_each_stamp(kielo: Design) -> None:
    pictures = [kielo.pictures.apple(state) for state in kielo.pictures.states]

    assert len({each["strip.png"] for each in pictures}) == 11
    for name, wide in (("strip.png", 375), ("strip@2x.png", 750), ("strip@3x.png", 1125)):
        assert png_size(pictures[7][name]) == (wide, wide * 144 // 375)
    assert png_size(pictures[7]["icon@2x.png"]) == (76, 76)
    assert png_size(pictures[7]["logo@3x.png"]) == (165, 150)


@pytest.mark.parametrize(
    ("have", "of", "state"),
    [(7, 10, 7), (12, 10, 10), (-1, 10, 0), (4, 5, 8), (1, 3, 3), (3, 0, 0)],
)
def test_a_card_that_counts_otherwise_shows_its_share(
    kielo: Design, have: int, of: int, state: int
) -> None:
    assert kielo.pictures.state(Stamps(have=have, of=of)) == state


def test_a_card_without_stamps_shows_an_empty_strip(kielo: Design) -> None:
    assert kielo.pictures.state(None) == 0


def test_an_outer_size_of_one_by_a_hundred_thousand_is_not_believed() -> None:
    art = drawn(' width="1" height="100000" preserveAspectRatio="none"')

    assert png_size(art.png(375)) == (375, 144)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ('<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000"/>', "no viewBox"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e9 1e9"/>', "in size"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 nan 1"/>', "not four numbers"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 -4 1"/>', "in size"),
        ('<svg viewBox="0 0 1 1"/>', "outermost"),
        ("<svg", "well-formed"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "entities"),
        (SVG.format("", "<script>1</script>"), "<script>"),
        (SVG.format("", "<foreignObject/>"), "<foreignObject>"),
        (SVG.format("", "<text>Hei</text>"), "words"),
        (SVG.format("", "<pattern width='60000' height='60000'/>"), "<pattern>"),
        (SVG.format("", "<filter><feTurbulence numOctaves='2000000000'/></filter>"), "<filter>"),
        (SVG.format("", "<image href='/etc/passwd'/>"), "<image>"),
        (SVG.format("", "<use href='https://example.com/a.svg#a'/>"), "reaches for"),
        (SVG.format("", "<path fill='url(https://example.com/a)'/>"), "another file"),
        (SVG.format("", "<style>@import 'a.css';</style>"), "style"),
        (SVG.format("", "<style>.a{mask:url(#m)}</style>"), "style"),
        (SVG.format(' onload="alert(1)"', ""), "script"),
        (SVG.format("", "<g opacity='.9'>" * 5000 + "</g>" * 5000), "deep"),
        (SVG.format("", "<g id='a'><use href='#a'/></g>"), "circle"),
        (SVG.format("", "<g mask='url(#m)'/>" * 2000 + "<mask id='m'/>"), "too long"),
        (SVG.format("", "<g/>" * 20_001), "elements"),
        (SVG.format("", " " * 1_000_001), "larger"),
    ],
    ids=lambda value: value[:40] if len(value) < 60 else None,
)
def test_a_drawing_that_could_end_the_process_is_refused_with_the_reason(
    source: str, why: str
) -> None:
    with pytest.raises(PictureRefused, match=why):
        Art.read("strip.svg", source.encode())


def test_a_hundred_million_copies_are_counted_before_they_are_drawn() -> None:
    groups = "<g id='g0'><path d='M0 0h1v1z'/></g>" + "".join(
        f"<g id='g{n}'>" + f"<use href='#g{n - 1}'/>" * 10 + "</g>" for n in range(1, 9)
    )
    with pytest.raises(PictureRefused, match="too long"):
        drawn(inside=f'<defs>{groups}</defs><use href="#g8"/>')


def test_a_very_long_picture_is_never_drawn() -> None:
    ribbon = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 90000"/>'
    with pytest.raises(PictureRefused, match="pixels"):
        Art.read("strip.svg", ribbon).png(375)


def test_gradients_in_a_style_are_allowed() -> None:
    inside = (
        "<style>.a{fill:url(#g)}</style>"
        '<defs><linearGradient id="g"><stop/></linearGradient></defs>'
        '<path class="a" d="M0 0h99v99z"/>'
    )
    assert png_size(drawn(inside=inside).png(375)) == (375, 144)
