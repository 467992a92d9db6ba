"""The page of the practice phones, as a browser without script meets it, and once with one."""

import re

import pytest
import requests
from desk import Desk
from factories import a_brand
from looking import look_at, watch

from wallet_service.pages.phone_wire import shorter
from wallet_service.practice.phones import Phones


@pytest.fixture
def desk(service, practice_certificates, sqlite_database):
    phones = Phones(practice_certificates.root)
    desk = Desk(service, phones, sqlite_database)
    desk.start()
    yield desk
    desk.stop()
    phones.stop()


@pytest.fixture
def browser_without_script(desk):
    return desk.app.test_client()


def press(client, path="/phones/act", **form):
    """Press a button of the page as it stands, and follow where it leads."""
    page = client.get("/phones").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return client.post(path, data={"csrf_token": token, **form}, follow_redirects=True)


def settled(desk, key="aino"):
    desk.phones.get(key).ask(lambda: None).result(timeout=20)


def test_an_empty_phone_says_how_to_get_a_card(browser_without_script):
    page = browser_without_script.get("/phones")
    assert page.status_code == 200
    assert "These phones imitate Wallet from Apple&#39;s public documents" in page.text or (
        "These phones imitate Wallet from Apple's public documents" in page.text
    )
    assert "No cards yet" in page.text
    assert "Add to the practice iPhone" in page.text


def test_a_card_added_by_its_link_stands_on_the_phone(browser_without_script, service):
    page = press(browser_without_script, "/phones/add", link=service.link)
    assert page.request.full_path == "/phones?phone=aino"
    assert "The card is on Aino" in page.text
    assert "6/10" in page.text
    assert "Welcome, Aino." in page.text


def test_the_link_page_itself_is_as_good_as_the_pass_behind_it(browser_without_script, service):
    page = press(browser_without_script, "/phones/add", link=f"{service.url}/c/aino")
    assert "6/10" in page.text


def test_a_card_can_be_put_on_another_phone_that_speaks_another_language(
    browser_without_script, service
):
    page = press(browser_without_script, "/phones/add", link=service.link, phone="mikko")
    assert page.request.full_path == "/phones?phone=mikko"
    assert "Leimat" in page.text


@pytest.mark.parametrize(
    "link",
    [
        "", "rubbish", "javascript:alert(1)", "ftp://kielo.example/c/x", "http://[::1",
        "http://127.0.0.1:9/phones/events", "/phones/events", "/c/x/card", "http://a.example/c/",
    ],
)  # fmt: skip
def test_what_is_not_a_link_is_said_to_be_none(browser_without_script, link):
    assert (
        "This is not a card&#39;s link."
        in press(browser_without_script, "/phones/add", link=link).text
    )


def test_a_link_without_a_card_is_said_to_have_none(browser_without_script, service):
    page = press(browser_without_script, "/phones/add", link=f"{service.url}/nothing.pkpass")
    assert "The link answers 404 instead of a card." in page.text
    assert "No card is added" in page.text


def test_a_spoiled_card_is_refused_in_words(browser_without_script, service):
    service.contents["formatVersion"] = 2
    page = press(browser_without_script, "/phones/add", link=service.link)
    assert "The phone refuses this card: formatVersion must be the number 1" in page.text
    assert "The card is refused" in page.text
    assert "The card is added" not in page.text


def test_a_stamp_goes_over_the_api_and_comes_back_as_a_banner(
    browser_without_script, desk, service
):
    press(browser_without_script, "/phones/add", link=service.link)

    page = press(browser_without_script, do="stamp")

    assert '<p class="notice good">7 of 10 stamps.</p>' in page.text
    assert desk.keys == {"Bearer a practice key"}
    settled(desk)
    page = browser_without_script.get("/phones")
    assert '<p class="banner">' in page.text
    assert "7 of 10 stamps." in page.text
    assert "s after the till" in page.text
    assert "a practice key" not in page.text


def test_a_banner_comes_over_the_card_and_never_over_the_way_out_of_the_back(
    browser_without_script, desk, service
):
    press(browser_without_script, "/phones/add", link=service.link)
    press(browser_without_script, do="stamp")
    settled(desk)
    assert "landing drop" in browser_without_script.get("/phones?shows=card").text
    assert "landing drop" not in browser_without_script.get("/phones?shows=back").text


def test_the_phones_keep_the_time_of_the_shop_as_its_till_does(
    browser_without_script, sqlite_database, driven_clock
):
    with sqlite_database.write() as connection:
        a_brand(connection, time_zone="Asia/Tokyo")
    assert '<p class="clock">18:00</p>' in browser_without_script.get("/phones").text


def test_a_coupon_is_scanned_and_used_once(browser_without_script, desk, service):
    press(browser_without_script, "/phones/add", link=service.link)
    none = press(browser_without_script, do="coupon")
    assert "There is no coupon to use on this card." in none.text

    desk.coupons = [
        {"code": "CP1OLD", "state": "redeemed"},
        {"code": "CP1BOUQUET", "state": "issued"},
    ]
    used = press(browser_without_script, do="coupon")
    again = press(browser_without_script, do="coupon")

    assert "The coupon is used." in used.text
    assert "This coupon was used at 14:05." in again.text
    assert desk.redeemed == ["CP1BOUQUET"]


def test_airplane_mode_holds_the_news_until_it_is_over(browser_without_script, desk, service):
    press(browser_without_script, "/phones/add", link=service.link)
    page = press(browser_without_script, do="airplane")
    assert 'aria-pressed="true"' in page.text
    press(browser_without_script, do="stamp")
    press(browser_without_script, do="stamp")
    settled(desk)
    assert "Waits: the phone is in airplane mode" in browser_without_script.get("/phones").text

    page = press(browser_without_script, do="land")

    assert "8/10" in page.text
    assert "Back from airplane mode" in page.text


def test_a_pass_that_is_removed_leaves_the_phone_empty(browser_without_script, service):
    press(browser_without_script, "/phones/add", link=service.link)
    page = press(browser_without_script, do="remove")
    assert "No cards yet" in page.text
    assert service.registrations == {}


def test_the_back_shows_links_and_the_contact(browser_without_script, service):
    service.contents["storeCard"]["backFields"] = [
        {
            "key": "card",
            "label": "Your card",
            "value": "https://kielo.example/c/x/card",
            "attributedValue": '<a href="https://kielo.example/c/x/card">Open &amp; see</a>',
        },
        {
            "key": "trap",
            "label": "Trap",
            "value": "<script>alert(1)</script>",
            "attributedValue": '<a href="javascript:alert(1)">press</a>',
        },
    ]
    press(browser_without_script, "/phones/add", link=service.link)

    page = browser_without_script.get("/phones?shows=back").text

    assert '<a href="https://kielo.example/c/x/card" rel="noreferrer">Open &amp; see</a>' in page
    assert "javascript:" not in page
    assert "<script>alert" not in page


def test_a_card_without_a_code_is_drawn_and_cannot_be_scanned(browser_without_script, service):
    del service.contents["barcodes"]
    page = press(browser_without_script, "/phones/add", link=service.link)
    assert "6/10" in page.text
    assert "There is no code to scan on this phone." in (
        press(browser_without_script, do="stamp").text
    )


def test_pictures_and_colours_come_from_the_pass(browser_without_script, service):
    page = press(browser_without_script, "/phones/add", link=service.link).text

    logo = browser_without_script.get(re.search(r'src="(/phones/aino/[^"]+/logo\.png)"', page)[1])
    assert (logo.status_code, logo.mimetype) == (200, "image/png")
    sheet = browser_without_script.get(re.search(r'href="(/phones/colours/[^"]+)"', page)[1])
    assert "--bg: #1f4d3a" in sheet.text


@pytest.mark.parametrize(
    "path",
    [
        "/phones/aino/0123456789ab/pass.json",
        "/phones/aino/0123456789ab/logo.png",
        "/phones/nobody/0123456789ab/logo.png",
        "/phones/colours/red.css",
        "/phones?phone=nobody",
    ],
)
def test_nothing_else_is_given_out(browser_without_script, service, path):
    press(browser_without_script, "/phones/add", link=service.link)
    assert browser_without_script.get(path).status_code == 404


def test_an_unknown_button_is_refused(browser_without_script):
    assert press(browser_without_script, do="explode").status_code == 400


def test_a_button_pressed_by_another_site_does_nothing(browser_without_script, desk, service):
    refused = browser_without_script.post("/phones/add", data={"link": service.link})
    assert refused.status_code == 400
    assert desk.phones.get("aino").phone.passes == ()


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7"])
def test_another_machine_finds_nothing(browser_without_script, address):
    for path in ("/phones", "/phones/events"):
        answer = browser_without_script.get(path, environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == 404


def test_another_sites_name_for_this_machine_finds_nothing(browser_without_script):
    assert (
        browser_without_script.get("/phones", headers={"Host": "evil.example"}).status_code == 404
    )


@pytest.mark.parametrize("host", ["cards.example", "[::1", "localhost.example", ""])
def test_the_name_in_the_settings_opens_nothing_when_it_is_public(
    browser_without_script, desk, host
):
    desk.wallet.config.base_url = "https://cards.example"
    assert browser_without_script.get("/phones", headers={"Host": host}).status_code == 404


@pytest.mark.parametrize(
    "host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "kielo.localhost"]
)
def test_names_of_this_machine_open_the_page(browser_without_script, desk, host):
    desk.wallet.config.base_url = "http://kielo.localhost"
    assert browser_without_script.get("/phones", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via"]
)
def test_whoever_comes_through_a_proxy_of_this_machine_finds_nothing(desk, header):
    value = "for=203.0.113.7" if header == "Forwarded" else "203.0.113.7"
    assert requests.get(f"{desk.url}/phones", timeout=20).status_code == 200
    through = requests.get(f"{desk.url}/phones", headers={header: value}, timeout=20)
    assert through.status_code == 404


def test_where_pushes_go_elsewhere_the_page_says_so(service, sqlite_database):
    desk = Desk(service, None, sqlite_database)
    page = desk.app.test_client().get("/phones")
    desk._server.close()
    assert page.status_code == 200
    assert "No practice phone runs here" in page.text
    assert "https://apns.example:2197" in page.text


def test_the_ninth_watcher_is_told_to_come_back(browser_without_script, desk):
    streams = [desk.phones.events.stream() for _ in range(8)]
    assert browser_without_script.get("/phones/events").status_code == 503
    streams[0].close()
    answer = browser_without_script.get("/phones/events")
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    answer.close()


@pytest.mark.parametrize("after", ["9" * 5000, "-1", "٣", "1e9", " 1", "x"])
def test_a_number_of_an_event_that_is_none_is_passed_over(browser_without_script, after):
    answer = browser_without_script.get("/phones/events", query_string={"after": after})
    assert answer.status_code == 200
    answer.close()


def test_what_is_secret_or_long_in_a_path_is_not_shown():
    device = "0123456789abcdef0123456789abcdef"
    assert shorter("/c/secret-token/apple") == "/c/…/apple"
    assert shorter(f"/apple/v1/devices/{device}/registrations/pass.x?passesUpdatedSince=418") == (
        "…/registrations/…?passesUpdatedSince=418"
    )
    assert shorter("/apple/v1/passes/pass.x/7K3MX9Q2TBVD") == "…/passes/…/7K3MX9Q2…"


@pytest.mark.browser
def test_a_stamp_drops_a_banner_without_loading_the_page_anew(page, desk, service):
    troubles = []
    page.on("console", lambda line: line.type == "error" and troubles.append(line.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{desk.url}/phones")
    page.evaluate("window.same = true")
    page.fill("#link", service.link)
    page.click("#add")
    page.locator(".phone .pass").wait_for()

    page.click("#stamp")

    page.locator(".landing.new .banner", has_text="7 of 10 stamps.").wait_for()
    page.get_by_role("status").filter(has_text="7 of 10 stamps.").wait_for(state="attached")
    page.click("#side-back")
    page.locator(".phone .back").wait_for()
    assert page.url.endswith("shows=back")
    assert page.evaluate("window.same")
    assert troubles == []


@pytest.mark.browser
@pytest.mark.parametrize("side", ["lock", "card", "back"])
def test_a_phone_is_well_to_look_at_on_every_side(browser, desk, service, side):
    at = watch(browser, desk.url)
    page = at.goto("/phones")
    page.fill("#link", service.link)
    page.click("#add")
    page.locator(".phone .pass").wait_for()
    at.goto(f"/phones?shows={side}")
    look_at(at, f"phones-{side}")
    at.close()
