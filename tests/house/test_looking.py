"""The eyes themselves: each fault that they are there for is put before them once."""

import markup
import pytest
from looking import SHOTS, look_at, watch
from playwright.sync_api import Browser

GOOD = """<!doctype html><html lang="en"><head><title>Shop</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>A shop</h1><p>Open from nine to five.</p></main></body></html>"""


@pytest.mark.browser
def test_a_good_page_is_well_and_leaves_its_pictures(browser: Browser) -> None:
    at = watch(browser, "http://127.0.0.1")
    at.page.set_content(GOOD)
    look_at(at, "a-good-page")
    at.close()
    shots = [SHOTS / f"a-good-page-{width}-{scheme}.png"
             for width in (390, 1280) for scheme in ("light", "dark")]  # fmt: skip
    for shot in shots:
        assert shot.stat().st_size > 500
        shot.unlink()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        ("<p>Open", '<p style="color:#999;background:#aaa">Open', "color-contrast"),
        ("<p>Open", '<p style="width:900px">Open', "320: wider than the screen"),
        ("<p>Open", "<img src=data:x>Open", "image-alt"),
        ("<p>Open", "<h3>Hours</h3><p>Open", "heading-order"),
        ("<h1>A shop</h1>", "", "one h1 is wanted"),
        ("<p>Open", "<h1>Another</h1><p>Open", "one h1 is wanted"),
        ("<p>Open", "<script>console.info('oh')</script><p>Open", "info: oh"),
        ("<p>Open", "<script>nothing.here()</script><p>Open", "nothing is not defined"),
        ("<p>Open", "<script src=http://127.0.0.1:9/x.js></script><p>Open", "not loaded"),
        (
            "<title>",
            "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">"
            "<script>1</script><title>",
            "Content Security Policy",
        ),
    ],
)
def test_a_fault_is_seen(browser: Browser, change: str, to: str, said: str) -> None:
    at = watch(browser, "http://127.0.0.1")
    at.page.set_content(GOOD.replace(change, to))
    with pytest.raises(AssertionError) as seen:
        look_at(at, "a-bad-page")
    at.close()
    for shot in SHOTS.glob("a-bad-page-*.png"):
        shot.unlink()
    assert said in str(seen.value)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<button type="button">Open</button>', "needs script"),
        ("<button>Open</button>", "needs script"),
        ('<form method="post"><button>Save</button></form>', "no csrf_token"),
        ('<form action="/x"><input name="q"></form>', "without a button"),
        ('<a href="#">More</a>', "to nowhere"),
        ('<a href="javascript:go()">More</a>', "to nowhere"),
        ('<p style="color:red">Red</p>', "inline"),
        ('<p onclick="go()">Press</p>', "inline"),
        ("<script>go()</script>", "inline"),
        ("<style>p{}</style>", "inline"),
    ],
)
def test_what_needs_a_script_is_seen(html: str, said: str) -> None:
    (fault,) = markup.faults(html)
    assert said in fault


@pytest.mark.parametrize(
    "html",
    [
        '<button type="button" hidden>Copy</button>',
        '<div hidden><button type="button">Camera</button></div>',
        '<button popovertarget="menu">Menu</button><div popover id="menu"></div>',
        '<form id="f" method="post"><input type="hidden" name="csrf_token" value="t"></form>'
        '<button form="f">Save</button>',
        '<form><input name="q"><button>Find</button></form>',
        '<script type="module" src="/x.js"></script>',
        '<a href="#main">On to the page</a>',
    ],
)
def test_what_works_without_a_script_is_well(html: str) -> None:
    assert markup.faults(html) == []


def test_a_form_is_sent_as_a_browser_sends_it() -> None:
    page = markup.read(
        """<form id="f"><input name="a" value="1"><input type="checkbox" name="b" value="x" checked>
        <input type="checkbox" name="b" value="y"><input type="radio" name="c" value="n">
        <select name="d"><option value="one">1<option selected>two</select>
        <textarea name="e">\nLine &amp; line</textarea><input name="g" value="no" disabled>
        <button name="h" value="pressed">Go</button></form><input form="f" name="i" value="out">"""
    )
    (form,) = page.all("form")
    assert markup.filled(page, form).to_dict(flat=False) == {
        "a": ["1"], "b": ["x"], "d": ["two"], "e": ["Line & line"], "i": ["out"],
    }  # fmt: skip
