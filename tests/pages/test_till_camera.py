"""The till's camera in a real browser: films of a card, and the many ways to have no camera."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from camera_film import film
from playwright.sync_api import Browser, BrowserType, Page, expect
from stories import until

pytestmark = pytest.mark.browser

PRETEND = "--use-fake-device-for-media-stream"
ALLOWED = "--use-fake-ui-for-media-stream"
READY = "Scan a card, or type its code"

Open = Callable[..., Page]


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complain of; whoever causes a complaint on purpose takes it out."""
    return []


@pytest.fixture
def at_a_till(
    served, browser_type: BrowserType, browser_type_launch_args: dict, complaints: list[str]
) -> Iterator[Open]:
    """Sanna at a till in a Chromium of its own, which must have nothing to complain of."""
    browsers: list[Browser] = []

    def open_till(*flags: str, root: str = "", script: str = "", **context: object) -> Page:
        args = {**browser_type_launch_args}
        args["args"] = [*args["args"], *flags]
        browsers.append(browser_type.launch(**args))
        page = browsers[-1].new_page(**context)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(script)
        page.goto(f"{root or served.wallet.config.base_url}/till")
        page.get_by_role("textbox").fill(served.pairing_code())
        page.get_by_role("button").click()
        page.get_by_role("link", name="Sanna").click()
        page.get_by_label("PIN").fill("1234")
        page.get_by_role("button", name="Start").click()
        return page

    yield open_till
    for browser in browsers:
        browser.close()
    assert [each for each in complaints if "status of 404" not in each] == []


@pytest.fixture
def filmed(at_a_till: Open, tmp_path: Path) -> Open:
    """As above, with a camera before which somebody holds a card."""

    def open_till(code: str, kind: str = "QRCode", *, away=15, there=30, **context) -> Page:
        file = film(tmp_path / f"{kind}.mjpeg", code, kind, away=away, there=there)
        return at_a_till(PRETEND, ALLOWED, f"--use-file-for-fake-video-capture={file}", **context)

    return open_till


def camera(page: Page):
    return page.get_by_label("Camera picture")


@pytest.mark.parametrize("kind", ["QRCode", "Aztec", "PDF417"])
def test_a_card_before_the_camera_becomes_a_stamp(served, filmed: Open, kind: str):
    page = filmed(served.aino.code, kind, viewport={"width": 390, "height": 844})
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()
    assert "by=reader" not in page.url
    page.get_by_role("button", name="+1 stamp").click()
    expect(page.get_by_role("heading", name="Stamped")).to_be_visible()
    assert served.have() == 1


def test_the_camera_is_opened_once_a_shift_and_a_card_that_still_lies_there_is_read_once(
    served, filmed: Open
):
    page = filmed(served.aino.code, away=0)
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()
    page.evaluate("window.opened = document.querySelector('.camera video').srcObject.id")
    page.get_by_role("button", name="+1 stamp").click()
    expect(page.get_by_role("heading", name="Stamped")).to_be_visible()
    assert urlsplit(page.url).path.startswith("/till/done/")
    page.get_by_role("link", name="Next card").click()
    expect(page.get_by_text("Just read. Take it away to read it again.")).to_be_visible()
    expect(page.get_by_role("heading", name="Ready for the next card")).to_be_visible()
    # It is the same stream, on the same page: nobody was asked for leave again.
    assert page.evaluate("document.querySelector('.camera video').srcObject.id === window.opened")
    page.reload()
    expect(page.get_by_text("Just read. Take it away to read it again.")).to_be_visible()
    assert served.have() == 1


def test_a_card_that_was_away_is_read_again(served, filmed: Open):
    page = filmed(served.aino.code, away=75)
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_role("heading", name="Ready for the next card")).to_be_visible()
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()


def test_a_code_that_is_not_ours_is_said_so_where_the_camera_is(filmed: Open):
    page = filmed("4006381333931", away=0)
    expect(page.get_by_text("Not a card of ours")).to_be_visible()
    expect(page.get_by_role("heading", name=READY)).to_be_visible()


def test_field_and_cable_work_beside_the_camera(served, filmed: Open):
    page = filmed("4006381333931")
    expect(camera(page)).to_be_visible()
    page.get_by_label("Card code").fill(served.aino.code[3:-1] + "?")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="Check the code")).to_be_visible()
    expect(page.get_by_label("Card code").last).to_be_focused()  # to be mended at once
    page.go_back()
    expect(page.get_by_role("heading", name="Ready for the next card")).to_be_visible()
    expect(camera(page)).to_be_visible()
    page.get_by_label("Card code").blur()
    page.keyboard.type(served.aino.code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()
    page.get_by_role("button", name="+1 stamp").dblclick()
    expect(page.get_by_role("heading", name="Stamped")).to_be_visible()
    assert served.have() == 1


def test_the_camera_stops_when_somebody_else_takes_over(filmed: Open):
    page = filmed("4006381333931")
    expect(camera(page)).to_be_visible()
    page.get_by_role("button", name="Switch person").click()
    expect(page.get_by_role("heading", name="Who is on?")).to_be_visible()
    expect(camera(page)).to_have_count(0)


def test_the_camera_may_be_switched_off_and_stays_off(filmed: Open):
    page = filmed("4006381333931")
    page.get_by_role("button", name="Camera off").click()
    expect(page.get_by_text("The camera is off.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("The camera is off.")).to_be_visible()
    assert page.evaluate("document.querySelector('.camera video').srcObject") is None
    page.get_by_role("button", name="Start the camera").click()
    expect(camera(page)).to_be_visible()


def test_no_camera_is_a_plain_sentence_and_the_field_works(served, at_a_till: Open):
    page = at_a_till(ALLOWED)
    expect(page.get_by_text("No camera was found.")).to_be_visible()
    expect(camera(page)).to_be_hidden()
    page.get_by_label("Card code").fill(served.aino.code)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()


def test_a_camera_that_is_not_allowed_says_how_to_allow_it_and_starts_when_it_is(at_a_till: Open):
    page = at_a_till(PRETEND)
    expect(page.get_by_text("The camera is not allowed here.")).to_be_visible()
    page.context.grant_permissions(["camera"])
    expect(camera(page)).to_be_visible()


def test_a_camera_that_another_app_has_is_said_to_be_busy(at_a_till: Open):
    page = at_a_till(
        PRETEND,
        ALLOWED,
        script="""
            const ours = navigator.mediaDevices, open = ours.getUserMedia.bind(ours);
            let times = 0;
            ours.getUserMedia = (wanted) => times++
                ? open(wanted)
                : Promise.reject(new DOMException("taken", "NotReadableError"));
        """,
    )
    expect(page.get_by_text("Another app may be using it")).to_be_visible()
    page.get_by_role("button", name="Start the camera").click()
    expect(camera(page)).to_be_visible()


def test_another_camera_is_chosen_and_remembered(at_a_till: Open):
    page = at_a_till(f"{PRETEND}=device-count=2", ALLOWED)
    page.get_by_role("button", name="Other camera").click()
    shows_camera(page, 2)
    page.reload()
    shows_camera(page, 2)
    page.get_by_role("button", name="Other camera").click()
    shows_camera(page, 1)


def shows_camera(page: Page, number: int) -> None:
    label = "document.querySelector('video').srcObject?.getVideoTracks()[0].label ?? ''"
    until(lambda: f"device_{number - 1}" in page.evaluate(label))


def test_a_light_is_switched_on_where_the_camera_has_one(at_a_till: Open):
    page = at_a_till(
        PRETEND,
        ALLOWED,
        script="""
            const track = MediaStreamTrack.prototype;
            track.getCapabilities = () => ({ torch: true });
            track.applyConstraints = async (wanted) => { window.lit = wanted.advanced[0].torch; };
        """,
    )
    light = page.get_by_role("button", name="Torch")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.lit") is True
    light.click()
    expect(light).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.lit") is False


def test_without_https_it_says_that_the_camera_needs_it(served, at_a_till: Open, complaints):
    root = served.wallet.config.base_url.replace("127.0.0.1", "till.example")
    resolve = "--host-resolver-rules=MAP till.example 127.0.0.1"
    page = at_a_till(PRETEND, ALLOWED, resolve, root=root)
    expect(page.get_by_text("The camera needs https")).to_be_visible()
    expect(page.get_by_role("button", name="Start the camera")).to_be_hidden()
    assert [
        each for each in complaints if "Opener-Policy header has been ignored" not in each
    ] == []
    complaints.clear()


def test_what_cannot_be_loaded_is_said_too(at_a_till: Open, complaints):
    page = at_a_till(PRETEND, ALLOWED)
    expect(camera(page)).to_be_visible()
    page.route(re.compile(r"\.wasm$"), lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("could not be loaded")).to_be_visible()
    assert not [each for each in complaints if "policy" in each.lower()]
    complaints.clear()
    page.unroute(re.compile(r"\.wasm$"))
    page.get_by_role("button", name="Start the camera").click()
    expect(camera(page)).to_be_visible()


def test_without_scripts_the_camera_is_simply_absent(served, at_a_till: Open):
    page = at_a_till(PRETEND, ALLOWED, java_script_enabled=False)
    expect(page.get_by_role("heading", name=READY)).to_be_visible()
    expect(camera(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Start the camera")).to_be_hidden()
    page.get_by_label("Card code").fill(served.aino.code)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="Aino K.")).to_be_visible()


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (844, 390), (768, 1024), (1280, 800)])
def test_the_field_stands_on_the_screen_beside_the_picture(filmed: Open, size: tuple[int, int]):
    width, height = size
    page = filmed("4006381333931", viewport={"width": width, "height": height})
    expect(camera(page)).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Card code")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Camera off")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
