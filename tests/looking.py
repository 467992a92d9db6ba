"""Looking at a page as people meet it: narrow and wide, by day and by night, and read aloud.

`look_at(page, "members")` leaves pictures in test-results/shots/ (WALLET_SHOTS names another
folder) and fails on whatever axe, the console, the headings or a sideways scroll have to say.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
)

ROOT = Path(__file__).parents[1]
SHOTS = Path(os.environ.get("WALLET_SHOTS") or ROOT / "test-results" / "shots")
AXE = (ROOT / "tests" / "vendor" / "axe-core-4.14.1" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

SCHEMES = ("light", "dark")
SCREENS = {390: 844, 1280: 800}  # a phone, a computer: the pictures
TALLEST = 8000
WIDTHS = (320, 390, 768, 1280)  # nothing may be wider than any of these

# A machine that tests and browses at once shows a page later than a person would wait for it.
expect.set_options(timeout=20_000)


@dataclass
class Watched:
    """A page of Chromium in a context of its own, and all that it has to complain of."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    _answers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def goto(self, path: str) -> Page:
        self.page.goto(self.url + path if path.startswith("/") else path)
        return self.page

    @property
    def status(self) -> int:
        """What the page in it was answered with."""
        return self._answers.get(self.page.url, 200)

    def cookies(self) -> dict[str, str]:
        """What this browser keeps, by name."""
        return {each["name"]: each["value"] for each in self.page.context.cookies()}

    def keep(self, cookies: dict[str, str]) -> None:
        """Have cookies that the service gave out before."""
        self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in cookies.items()]
        )

    def close(self) -> None:
        self.page.context.close()

    def _said(self, message: ConsoleMessage) -> None:
        where = message.location["url"]
        # A page that is refused says so in its status; that its browser repeats it is no fault.
        if "the server responded with a status of" in message.text and where in self._answers:
            return
        self.complaints.append(f"{message.type}: {message.text} ({where})")

    def _failed(self, request: Request) -> None:
        # Chromium gives a request up when a page is left, or when it turns out to be a file.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"not loaded: {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        if response.status < 400:
            return
        if response.request.is_navigation_request():
            self._answers[response.url] = response.status
        else:
            self.complaints.append(f"{response.status}: {response.url}")


def watch(browser: Browser, url: str, **options: Any) -> Watched:
    """A fresh page that is watched; `url` is where its paths begin."""
    context: BrowserContext = browser.new_context(
        **{"locale": "en-GB", "reduced_motion": "reduce", **options}
    )
    return Watched(page=context.new_page(), url=url)


def look_at(page: Page | Watched, name: str) -> None:
    """Look at the page as it stands, in every way; raises AssertionError with all that is wrong."""
    watched = page if isinstance(page, Watched) else None
    page = page.page if isinstance(page, Watched) else page
    wrong = headings(page)
    for scheme in SCHEMES:
        for width, height in SCREENS.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": height})
            settle(page)
            # By night a page has other colours, and all else as by day.
            asked = EVERYTHING if scheme == "light" else COLOURS
            wrong += [f"{width} {scheme}: {fault}" for fault in axe(page, asked)]
            take(page, width, height, SHOTS / f"{name}-{width}-{scheme}.png")
    wrong += sideways(page)
    wrong += watched.complaints if watched else []
    assert not wrong, "\n  ".join([f"{name} ({page.url}):", *wrong])


def take(page: Page, width: int, height: int, to: Path) -> None:
    """A picture of the whole page, what is fixed at its foot at the foot."""
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, min(whole, TALLEST))})
    page.screenshot(path=to, animations="disabled")


def settle(page: Page) -> None:
    """Wait until letters and pictures are there."""
    page.evaluate(
        """async () => {
          await document.fonts.ready;
          await Promise.all([...document.images].map((image) => {
            image.loading = 'eager';
            return image.decode().catch(() => null);
          }));
        }"""
    )


def axe(page: Page, asked: dict[str, Any] = EVERYTHING) -> list[str]:
    """What axe-core finds, each with the elements that it is about."""
    if not page.evaluate("typeof axe === 'object'"):
        # Sent to the page by the debugger, which no content security policy holds up.
        page.evaluate(AXE)
    found = page.evaluate(
        """(asked) => axe.run(document, {
          runOnly: asked, resultTypes: ['violations'],
        }).then((result) => result.violations.map(({id, help, nodes}) => ({
          id, help, nodes: nodes.map(({target, failureSummary}) => [target.join(' '),
            failureSummary.split('\\n').slice(1).map((line) => line.trim()).join('; ')]),
        })))""",
        asked,
    )
    return [
        f"axe {each['id']}: {each['help']}"
        + "".join(f"\n      {where}: {why}" for where, why in each["nodes"][:4])
        for each in found
    ]


def headings(page: Page) -> list[str]:
    """Whether one h1 says what the page is; that no level is left out, axe sees to."""
    found = page.evaluate(
        """() => [...document.querySelectorAll('h1')]
          .filter((each) => each.checkVisibility()).map((each) => each.innerText)"""
    )
    return [] if len(found) == 1 else [f"one h1 is wanted: {found}"]


def sideways(page: Page) -> list[str]:
    """What is wider than the screen, at every width."""
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wider = page.evaluate(
            """() => {
              const root = document.documentElement;
              if (root.scrollWidth <= root.clientWidth) return null;
              const reaches = (each) => each.getBoundingClientRect().left
                + Math.max(each.scrollWidth, each.getBoundingClientRect().width);
              return [...document.body.querySelectorAll('*')]
                .filter((each) => reaches(each) > root.clientWidth + 1)
                .slice(-3).map((each) => `${each.localName}.${each.className}`);
            }"""
        )
        wrong += [f"{width}: wider than the screen: {wider}"] if wider is not None else []
    return wrong
