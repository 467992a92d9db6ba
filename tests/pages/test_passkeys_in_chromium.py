"""Passkeys in a real browser, with a device that Chromium makes up; at localhost, by its name."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import pytest
from anna import PASSWORD, with_password
from authenticator import Authenticator
from cryptography.hazmat.primitives.serialization import load_der_private_key
from looking import Watched
from playwright.sync_api import Page, expect
from shopfront import Shop

from wallet_service.access import sessions

pytestmark = pytest.mark.browser


@dataclass
class Device:
    """What Chromium takes for the computer's own fingerprint reader."""

    cdp: Any
    id: str

    def of_user(self, verified: bool) -> None:
        self._send("setUserVerified", isUserVerified=verified)

    def credentials(self) -> list[dict[str, Any]]:
        return list(self._send("getCredentials")["credentials"])

    def count(self, sign_count: int) -> None:
        """Be a copy that was made when the count stood there."""
        (mine,) = self.credentials()
        self._send("clearCredentials")
        self._send("addCredential", credential=mine | {"signCount": sign_count})

    def _send(self, what: str, **facts: Any) -> dict[str, Any]:
        return dict(self.cdp.send(f"WebAuthn.{what}", {"authenticatorId": self.id, **facts}))


def a_device(page: Page) -> Device:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True,
                     "automaticPresenceSimulation": True}},
    )  # fmt: skip
    return Device(cdp, made["authenticatorId"])


@dataclass
class Here:
    """Anna's browser, with the shop open under the name localhost."""

    shop: Shop
    page: Page
    device: Device

    @property
    def url(self) -> str:
        return self.shop.url.replace("127.0.0.1", "localhost")

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self) -> None:
        self.open("/console?next=/console/account")
        self.page.get_by_label("E-mail").fill("anna@kielo.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Your account")

    def sign_out(self) -> None:
        self.open("/console/account")
        self.page.locator("form[action$='/end'] button").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Sign in")

    def add(self) -> None:
        self.press_add("Anna’s laptop")
        expect(self.page.get_by_role("heading", name="Anna’s laptop")).to_be_visible()

    def press_add(self, name: str) -> None:
        self.open("/console/account/passkeys")
        self.page.get_by_label("What to call it").fill(name)
        self.page.get_by_role("button", name="Add a passkey").click()

    def show(self) -> None:
        self.open("/console?next=/console/account")
        self.page.get_by_role("button", name="Sign in with a passkey").click()


@pytest.fixture
def here(served: Shop, page_as: Callable[..., Watched]) -> Here:
    with_password(served)
    page = page_as().page
    found = Here(served, page, a_device(page))
    found.sign_in()
    return found


def test_a_passkey_is_made_and_signs_in_without_address_and_password(here: Here) -> None:
    here.add()
    here.sign_out()
    here.show()
    expect(here.page.get_by_role("heading", level=1)).to_have_text("Your account")
    token = next(each["value"] for each in here.page.context.cookies() if each["name"] == "console")
    with here.shop.wallet.database.read() as connection:
        session = sessions.of_token(connection, token)
    assert session is not None
    assert session.has_second_factor


def test_a_passkey_is_shown_again_before_what_is_grave(here: Here) -> None:
    here.add()
    here.open("/console/prove?next=/console/account/password")
    here.page.get_by_role("button", name="Show a passkey").click()
    expect(here.page.get_by_role("heading", level=1)).to_have_text("Change the password")


def test_the_same_device_is_not_added_twice(here: Here) -> None:
    here.add()
    here.press_add("Again")
    expect(here.page.get_by_role("alert")).to_have_text(
        "This device has a passkey for here already."
    )


def test_a_finger_that_is_not_known_opens_nothing_and_may_be_tried_again(here: Here) -> None:
    here.add()
    here.sign_out()
    here.device.of_user(verified=False)
    here.show()
    expect(here.page.get_by_role("alert")).to_contain_text("No passkey was shown.")
    here.device.of_user(verified=True)
    here.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(here.page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_a_copy_of_the_device_is_refused(here: Here) -> None:
    here.add()
    for _ in range(2):
        here.sign_out()
        here.show()
        expect(here.page.get_by_role("heading", level=1)).to_have_text("Your account")
    here.sign_out()
    here.device.count(0)
    here.show()
    expect(here.page.get_by_role("alert").first).to_contain_text("That passkey is not known here.")


def test_a_removed_passkey_is_refused(here: Here) -> None:
    here.add()
    here.page.get_by_role("button", name="Remove Anna’s laptop").click()
    expect(here.page.get_by_text("You have none yet.")).to_be_visible()
    assert len(here.device.credentials()) == 1, "the device still has its half"
    here.sign_out()
    here.show()
    expect(here.page.get_by_role("alert").first).to_contain_text("That passkey is not known here.")


def test_an_answer_that_was_caught_opens_nothing_a_second_time(here: Here) -> None:
    here.add()
    here.sign_out()
    caught: list[str] = []
    here.page.on(
        "request",
        lambda request: (
            caught.append(request.post_data or "")
            if request.url.endswith("/sign-in/passkey")
            else None
        ),
    )
    here.show()
    expect(here.page.get_by_role("heading", level=1)).to_have_text("Your account")
    step = {each["name"]: each["value"] for each in here.page.context.cookies()}
    assert "console-passkey" not in step
    thief = here.shop.app.test_client()
    page = thief.get("/console").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = parse_qs(caught[0])["answer"][0]
    again = thief.post("/console/sign-in/passkey", data={"csrf_token": token, "answer": answer})
    assert again.status_code == 422
    assert "That took too long. Try once more." in again.text


def test_an_answer_to_a_page_elsewhere_opens_nothing(here: Here) -> None:
    """The key of her device, used by a page that pretends to be ours."""
    here.add()
    (kept,) = here.device.credentials()
    key = load_der_private_key(base64.b64decode(kept["privateKey"]), None)
    evil = Authenticator(
        "http://localhost.evil.example",
        count=50,
        key=key,  # type: ignore[arg-type]
        credential_id=base64.b64decode(kept["credentialId"]),
        handle=base64.b64decode(kept["userHandle"]),
    )
    port = here.url.rpartition(":")[2]
    there = {"base_url": f"http://localhost:{port}"}
    thief = here.shop.app.test_client()

    def token() -> str:
        page = thief.get("/console", **there).text
        return page.partition('name="csrf_token" value="')[2].partition('"')[0]

    said = []
    for origin in ("http://localhost.evil.example", here.url):
        evil.origin = origin
        headers = {"X-CSRFToken": token()}
        asked = thief.post("/console/sign-in/passkey/ask", headers=headers, **there)
        fields = {"csrf_token": token(), "answer": evil.show(json.dumps(asked.get_json()))}
        said.append(thief.post("/console/sign-in/passkey", data=fields, **there).status_code)
    assert said == [422, 303], "from elsewhere not, from here it would have been"


def test_whoever_must_prove_it_again_meanwhile_is_led_there(here: Here) -> None:
    here.open("/console/account/passkeys")
    with here.shop.wallet.database.write() as connection:
        connection.exec_driver_sql("UPDATE session SET proved_at = 1")
    here.page.get_by_role("button", name="Add a passkey").click()
    expect(here.page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    assert here.device.credentials() == []
