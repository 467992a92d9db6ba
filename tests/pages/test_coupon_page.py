"""One coupon as a page, and the pass behind it, as members, mail scanners and strangers meet it."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from own_coupons import a_discount, an_evening, page_of
from promised import a_coupon, an_offer, use, with_coupon

from wallet_service import clock, coupons, members
from wallet_service.brands.roles import Role
from wallet_service.coupons import offers
from wallet_service.db import metadata
from wallet_service.pages.console import member_phones
from wallet_service.phones import issued, outbox
from wallet_service.phones.tables import issued_pass
from wallet_service.sales import roll


@pytest.fixture
def coupon(shop):
    return a_discount(shop)


@pytest.fixture
def here(shop, coupon):
    return page_of(shop, coupon)


def opened(answer):
    """What the pass.json of a download says."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.apple.pkpass"
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        return json.loads(archive.read("pass.json"))


def everything(shop):
    with shop.wallet.database.read() as connection:
        return {
            table.name: connection.execute(sa.select(table)).all()
            for table in metadata.sorted_tables
        }


def rendered(shop, coupon):
    with shop.wallet.database.read() as connection:
        the_pass = issued.of_person(
            connection, shop.aino.member_id, shop.aino.person_id, coupon_code=coupon.code
        )
        assert the_pass is not None
        return shop.wallet.rendered(connection, the_pass)


def test_the_cards_page_offers_an_iphone_the_coupon_as_a_pass(shop, here, agents):
    page = shop.app.test_client().get(shop.card_link(), headers={"User-Agent": agents["iphone"]})
    assert f'href="{here}/apple">Add to Apple Wallet</a>' in page.text
    assert f'href="{here}">Show it by itself</a>' in page.text


def test_an_android_phone_is_offered_the_page_alone(shop, here, agents):
    client = shop.app.test_client()
    for path in (shop.card_link(), here):
        page = client.get(path, headers={"User-Agent": agents["android"]})
        assert page.status_code == 200
        assert "Apple" not in page.text
    assert "−20%" in page.text
    assert "One spring each." in page.text
    assert "Show this code at the counter." in page.text


def test_a_coupon_stays_on_the_card_alone_where_the_owner_did_not_say_otherwise(shop, agents):
    an_offer(shop.wallet.database, shop.brand, "tulip", "discount", worth={"percent": 5})
    tulip = a_coupon(shop.wallet.database, shop.brand, shop.aino.member_id, "tulip")
    client = shop.app.test_client()
    card = client.get(shop.card_link(), headers={"User-Agent": agents["iphone"]})
    assert "Add to Apple Wallet" not in card.text
    alone = client.get(page_of(shop, tulip), headers={"User-Agent": agents["iphone"]})
    assert "Add to Apple Wallet" not in alone.text
    answer = client.get(page_of(shop, tulip) + "/apple")
    assert (answer.status_code, answer.location) == (303, page_of(shop, tulip))


def test_every_download_is_the_same_pass(shop, here):
    client = shop.app.test_client()
    first, second = opened(client.get(f"{here}/apple")), opened(client.get(f"{here}/apple"))
    assert first["serialNumber"] == second["serialNumber"]
    assert first["authenticationToken"] == second["authenticationToken"]
    card = opened(client.get(shop.link() + "/apple"))
    assert first["serialNumber"] != card["serialNumber"]
    assert first["authenticationToken"] != card["authenticationToken"]
    assert first["passTypeIdentifier"] == card["passTypeIdentifier"]
    with shop.wallet.database.read() as connection:
        assert len(issued.of_member(connection, shop.aino.member_id)) == 2


def test_scanners_that_only_look_make_no_pass(shop, here, agents):
    client = shop.app.test_client()
    before = everything(shop)
    for path in (here, f"{here}/apple", shop.card_link()):
        assert client.head(path).status_code == 200
        assert client.options(path).status_code == 200
    assert client.get(here, headers={"User-Agent": agents["iphone"]}).status_code == 200
    assert everything(shop) == before


def test_a_used_coupon_says_so_and_gives_no_pass(shop, here, coupon, agents):
    with_coupon(shop.wallet.database, shop.brand, coupon.code, coupons.redeem, use("u"))
    client = shop.app.test_client()
    answer = client.get(f"{here}/apple")
    assert (answer.status_code, answer.location) == (303, here)
    page = client.get(here, headers={"User-Agent": agents["iphone"]})
    assert page.status_code == 200
    assert "It cannot be used any more: used." in page.text
    assert "Add to Apple Wallet" not in page.text


def test_nobody_elses_coupon_opens_with_this_link(shop, coupon):
    other = shop.newcomer()
    client = shop.app.test_client()
    theirs = shop.card_link(other).removesuffix("/card")
    invitation = shop.link()
    for path in (
        f"{theirs}/coupons/{coupon.code}",
        f"{theirs}/coupons/{coupon.code}/apple",
        f"{theirs}/coupons/unknown",
        f"{invitation}/coupons/{coupon.code}",  # of the other kind of link
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "no longer opens a card" in answer.text


def test_the_page_is_kept_by_nobody_and_tells_nobody(shop, here):
    for path in (here, f"{here}/apple"):
        headers = shop.app.test_client().get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_a_coupons_pass_ends_with_its_day_and_wakes_for_it(shop, driven_clock):
    coupon = a_discount(shop, validity={"days": 3})
    client = shop.app.test_client()
    said = opened(client.get(page_of(shop, coupon) + "/apple"))
    assert said["expirationDate"] == clock.written(coupon.expires_at).replace(".000000", "")
    assert "voided" not in said
    before = rendered(shop, coupon)
    assert before.next_change_at == coupon.expires_at

    driven_clock.drive_to(coupon.expires_at)

    after = rendered(shop, coupon)
    assert after.content_hash != before.content_hash
    assert after.next_change_at is None


def test_a_coupon_that_is_still_to_come_says_from_when_and_wakes_then(shop, driven_clock):
    first = (clock.now() + timedelta(days=5)).date()
    coupon = a_discount(shop, validity={"first_day": first.isoformat(), "days": 3})
    said = opened(shop.app.test_client().get(page_of(shop, coupon) + "/apple"))
    [holder, opens] = said["coupon"]["secondaryFields"]
    assert (holder["value"], opens["label"]) == ("Aino", "Good from")
    before = rendered(shop, coupon)
    assert before.next_change_at == coupon.opens_at

    driven_clock.drive_to(coupon.opens_at)

    after = rendered(shop, coupon)
    assert after.content_hash != before.content_hash
    assert after.next_change_at == coupon.expires_at


def test_a_coupon_that_is_taken_back_is_void_on_the_phone(shop, coupon, here):
    opened(shop.app.test_client().get(f"{here}/apple"))
    before = rendered(shop, coupon)

    def take_back(connection):
        members.lock(connection, shop.aino.member_id)
        coupons.reverse(connection, coupon)
        outbox.changed(connection, shop.aino.member_id)

    shop.wallet.database.run(take_back)

    assert rendered(shop, coupon).content_hash != before.content_hash
    with shop.wallet.database.read() as connection:
        card = shop.wallet.coupon_card_of(
            connection, shop.aino.member_id, shop.aino.person_id, coupon.code
        )
    assert (card.voided, card.state) == (True, "Taken back")


def test_a_word_about_the_member_is_one_about_each_of_their_passes(shop, here):
    opened(shop.app.test_client().get(f"{here}/apple"))

    def versions():
        with shop.wallet.database.read() as connection:
            return connection.execute(
                sa.select(issued_pass.c.coupon_code, issued_pass.c.version)
                .where(issued_pass.c.member_id == shop.aino.member_id)
                .order_by(issued_pass.c.coupon_code)
            ).all()

    before = versions()
    shop.wallet.database.run(outbox.changed, shop.aino.member_id)
    assert [(code, version + 1) for code, version in before] == versions()


def test_a_sale_that_just_holds_the_coupon_does_not_show(shop, coupon, here):
    opened(shop.app.test_client().get(f"{here}/apple"))
    before = rendered(shop, coupon)
    with_coupon(
        shop.wallet.database, shop.brand, coupon.code, coupons.reserve, use("u"),
        timedelta(minutes=5),
    )  # fmt: skip
    assert rendered(shop, coupon) == before


def test_a_ticket_is_an_event_ticket_that_comes_forward_by_itself(shop):
    ticket = an_evening(shop, admissions=4)
    said = opened(shop.app.test_client().get(page_of(shop, ticket) + "/apple"))
    event = said["eventTicket"]
    assert [each["value"] for each in event["primaryFields"]] == ["Wreath evening"]
    assert [each["value"] for each in event["secondaryFields"]] == ["Kielo, Kallio", "Aino"]
    assert [each["key"] for each in event["auxiliaryFields"]] == ["doors", "admits"]
    assert said["barcodes"][0]["message"] == ticket.code
    assert set(said["relevantDates"][0]) == {"startDate", "endDate"}
    assert said["relevantDate"].endswith("+02:00")


def test_one_phone_with_the_card_and_a_coupon_is_one_phone_to_the_shop(shop, here):
    client = shop.app.test_client()
    for path in (shop.link() + "/apple", f"{here}/apple"):
        said = opened(client.get(path))
        identifier, serial = said["passTypeIdentifier"], said["serialNumber"]
        answer = client.post(
            f"/apple/v1/devices/aino/registrations/{identifier}/{serial}",
            json={"pushToken": "ab" * 32},
            headers={"Authorization": f"ApplePass {said['authenticationToken']}"},
        )
        assert answer.status_code == 201

    def shown():
        with shop.app.test_request_context(), shop.wallet.database.read() as connection:
            return [
                (each.kind, each.words.split(",")[0])
                for each in member_phones.of(connection, shop.aino.member_id)
            ]

    assert shown() == [("good", "shows the card as it is")]
    with shop.wallet.database.write() as connection:
        connection.execute(
            sa.update(issued_pass)
            .where(issued_pass.c.coupon_code != "")
            .values(visible_version=issued_pass.c.visible_version + 1)
        )
    assert shown() == [("warn", "shows an older card; it was not called yet")]
    with shop.wallet.database.read() as connection:
        assert roll.carried(connection, shop.brand.brand_id) == 1


def test_the_owner_says_it_on_the_offers_page(as_, shop):
    window = as_(Role.OWNER)
    window.open(f"{shop.root}/offers/new?kind=discount")
    window.press(
        "Make the offer", name_en="Tulips", much="20", much_as="percent", own_pass="y"
    )  # fmt: skip
    with shop.wallet.database.read() as connection:
        [made] = offers.list_(connection, shop.brand.brand_id)
    assert made.promise.own_pass is True
    assert "may be a pass of its own" in window.text


def test_a_phone_with_a_coupon_alone_does_not_show_the_card(shop, here):
    client = shop.app.test_client()
    said = opened(client.get(f"{here}/apple"))
    client.post(
        f"/apple/v1/devices/aino/registrations/{said['passTypeIdentifier']}/{said['serialNumber']}",
        json={"pushToken": "ab" * 32},
        headers={"Authorization": f"ApplePass {said['authenticationToken']}"},
    )
    with shop.app.test_request_context(), shop.wallet.database.read() as connection:
        assert member_phones.of(connection, shop.aino.member_id) == ()
