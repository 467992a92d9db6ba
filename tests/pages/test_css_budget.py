"""How much style a page may weigh, and that none of it is for nobody."""

import gzip
import re
from pathlib import Path

import pytest

from wallet_service.pages.console import kit
from wallet_service.web import assets

ALL_BYTES_MAX = 20 * 1024
MEMBER_BYTES_MAX = 6 * 1024
MEMBER = ("tokens.css", "member.css", "pass.css")

PAGES = assets.TEMPLATES / "pages"
CONSOLE = {
    "console.css": ("layout/console.html", "layout/plain.html", "parts/*.html", "console/*.html"),
    "members.css": ("layout/console.html", "console/*.html"),
    "kit.css": ("console/kit.html",),
}
# A class that no template writes: pictures of passes bring their own.
DRAWN = {"pass", "back"}


def weight(name: str) -> int:
    """What goes over the wire of one style sheet, pressed as hard as a proxy would."""
    found = assets.find(name)
    assert found is not None, name
    return len(gzip.compress(found.content, 9, mtime=0))


def test_all_our_styles_together_weigh_at_most_twenty_kilobytes() -> None:
    weights = {path.name: weight(path.name) for path in sorted(assets.FOLDER.rglob("*.css"))}
    assert sum(weights.values()) <= ALL_BYTES_MAX, weights


def test_a_members_page_weighs_at_most_six_kilobytes_of_style() -> None:
    layout = (PAGES / "layout/member.html").read_text()
    pages = "".join(path.read_text() for path in sorted(PAGES.glob("consumer/*.html")))
    assert set(re.findall(r"asset\('([a-z]+\.css)'\)", layout + pages)) == set(MEMBER)
    assert sum(weight(name) for name in MEMBER) <= MEMBER_BYTES_MAX


@pytest.mark.parametrize("sheet", CONSOLE)
def test_every_part_of_the_console_is_on_some_page_of_it(sheet: str) -> None:
    templates = [path for pattern in CONSOLE[sheet] for path in sorted(PAGES.glob(pattern))]
    if sheet == "console.css":
        # The kit shows what there is; that alone is no reason for it to be.
        templates = [path for path in templates if path.name != "kit.html"]
    written = {name for path in templates for name in _classes(path)} | DRAWN
    if sheet == "kit.css":
        written |= {name for name, _use in kit.COLOURS}
    assert _named_in(sheet) - written == set()


def _named_in(sheet: str) -> set[str]:
    style = re.sub(
        r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", _read(assets.FOLDER / sheet), flags=re.S
    )
    return set(re.findall(r"\.([a-z][a-z-]*)", style))


def _classes(template: Path) -> set[str]:
    """Every word of a class attribute, those that an expression chooses among too."""
    found = re.findall(r"class=\"((?:\{[{%].*?[}%]\}|[^\"])*)\"", _read(template), flags=re.S)
    return {name for each in found for name in re.findall(r"[a-z][a-z-]*", each)}


def _read(path: Path) -> str:
    return path.read_text()
