"""A coupon and a ticket on the practice iPhone, put there and used by somebody at a desk."""

import re
from datetime import timedelta

import pytest
from looking import look_at, watch
from playwright.sync_api import Browser, expect
from stories import Served

from wallet_service import clock

pytestmark = pytest.mark.browser


def test_several_passes_stand_on_one_phone_and_each_is_used_at_its_place(
    served_on_sqlite: Served, browser: Browser
) -> None:
    served = served_on_sqlite
    aino = served.member("Aino")
    now = clock.now()
    evening = {
        "event": "Wreath evening",
        "place": "Kielo, Kallio",
        "starts_at": clock.written(now + timedelta(minutes=30)),
        "ends_at": clock.written(now + timedelta(hours=3)),
        "admissions": 4,
    }
    offers = {
        "spring": {"kind": "discount", "worth": {"percent": 20}, "own_pass": True},
        "wreaths": {"kind": "ticket", "ticket": evening},
    }
    names = {"spring": "Spring bouquet", "wreaths": "A wreath of your own"}
    for key, offer in offers.items():
        said = {"name": {"en": names[key]}, "words": {"en": "One each."}, **offer}
        assert served.call("PUT", f"/offers/{key}", said).status_code == 201
        told = {"event_id": key, "code": aino["code"], "offer": key}
        assert served.call("POST", "/coupons", told).status_code == 201
    watched = watch(browser, served.url)
    page = watched.page
    phone = served.phone("aino")
    phone.add(f"{aino['link']}/apple")

    for key in offers:
        page.goto(str(phone.shows("page", phone.passes[0].serial_number)))
        page.locator("summary", has_text=names[key]).click()
        if key == "spring":
            look_at(watched, "card-with-coupons")
        page.locator("details[open]").get_by_role("link", name="Show it by itself").click()
        page.get_by_role("button", name="Add to the practice iPhone").click()
        expect(page).to_have_url(re.compile("/phones"))

    # The ticket came last, so it is the one that is looked at.
    page.locator("#side-card").click()
    expect(page.locator(".phone .pass.event")).to_be_visible()
    look_at(watched, "phones-with-a-ticket")
    page.get_by_role("button", name="Let one in").click()
    expect(page.locator(".phone [data-field=admits] dd")).to_have_text("3 of 4", timeout=20_000)

    page.locator(".under").get_by_role("link", name="Spring bouquet").click()
    expect(page.locator(".phone .pass.coupon")).to_be_visible()
    look_at(watched, "phones-with-a-coupon")
    page.get_by_role("button", name="Use the coupon").click()
    expect(page.locator(".phone .pass.coupon.voided")).to_be_visible(timeout=20_000)
    expect(page.locator(".phone [data-field=state] dd")).to_have_text("Used")
    look_at(watched, "phones-with-a-used-coupon")

    page.locator(".under").get_by_role("link", name="stamp card").click()
    expect(page.locator(".phone .pass.store")).to_be_visible()
    page.get_by_role("button", name="Stamp", exact=True).click()
    expect(page.locator(".phone [data-field=stamps] dd").first).to_have_text("1/10", timeout=20_000)
    watched.close()
    assert watched.complaints == []
