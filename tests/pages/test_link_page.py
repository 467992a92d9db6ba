"""The closed link and the card behind it, as members and mail scanners meet them."""

import re
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from factories import a_member
from unwritable import WAYS, unwritable

from wallet_service import clock
from wallet_service.db import metadata
from wallet_service.members import links
from wallet_service.pages import visitor
from wallet_service.pages.visitor import Visitor


def everything(shop):
    """All rows of all tables, to see whether anything changed."""
    with shop.wallet.database.read() as connection:
        return {
            table.name: connection.execute(sa.select(table)).all()
            for table in metadata.sorted_tables
        }


def test_an_iphone_is_offered_apple_wallet_and_nothing_else_is_as_large(shop, agents):
    page = shop.app.test_client().get(shop.link(), headers={"User-Agent": agents["iphone"]})
    assert page.status_code == 200
    assert page.text.count('class="button primary"') == 1
    assert f'href="{shop.link()}/apple">Add to Apple Wallet</a>' in page.text
    assert "Aino, your Kielo card" in page.text


def test_an_android_phone_keeps_the_card_as_a_page(shop, agents):
    page = shop.app.test_client().get(shop.link(), headers={"User-Agent": agents["android"]})
    assert f'class="button primary" href="{shop.card_link()}"' in page.text
    assert "Google" not in page.text


def test_inside_another_app_the_way_out_is_shown(shop, agents):
    page = shop.app.test_client().get(shop.link(), headers={"User-Agent": agents["instagram"]})
    assert "open this in Safari" in page.text
    assert f'readonly value="{shop.wallet.config.base_url}{shop.link()}"' in page.text
    assert "/apple" not in page.text


def test_a_computer_shows_a_code_to_carry_the_link_over(shop, agents):
    page = shop.app.test_client().get(shop.link(), headers={"User-Agent": agents["computer"]})
    assert "take your Kielo card to your phone" in page.text
    assert page.text.count("<svg") == 1  # two codes side by side, and a camera takes the wrong one
    assert '<button class="primary">Add to the practice iPhone</button>' in page.text


@pytest.mark.parametrize(("language", "phone"), [("en", "aino"), ("fi", "mikko"), ("sv", "linnea")])
def test_the_practice_phone_is_the_one_that_speaks_the_members_language(
    shop, agents, language, phone
):
    with shop.wallet.database.write() as connection:
        member = a_member(connection, shop.brand, "Elli", language=language)
    page = shop.app.test_client().get(shop.link(member), headers={"User-Agent": agents["computer"]})
    assert f'name="phone" value="{phone}"' in page.text


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        ("", Visitor.COMPUTER),
        ("curl/8.0", Visitor.COMPUTER),
        ("Mozilla/5.0 (iPad; CPU OS 15_8 like Mac OS X) Safari/604.1", Visitor.IPHONE),
        ("Mozilla/5.0 (iPhone) CriOS/142.0 Mobile/15E148 Safari/604.1", Visitor.IPHONE),
        ("Mozilla/5.0 (iPhone) Mobile/22F76 [FBAN/FBIOS;FBAV/500]", Visitor.IN_APP),
        ("Mozilla/5.0 (iPhone) Mobile/15E148", Visitor.IN_APP),
        ("Mozilla/5.0 (Linux; Android 15; wv) Instagram 390", Visitor.ANDROID),
    ],
)
def test_browsers_are_told_apart(user_agent, kind):
    assert visitor.of(user_agent) is kind


def test_the_member_is_spoken_to_in_her_own_language(shop):
    with shop.wallet.database.write() as connection:
        linnea = a_member(connection, shop.brand, "Linnea", "Strand", language="sv")
    page = shop.app.test_client().get(shop.link(linnea), headers={"Accept-Language": "fi"})
    assert '<html lang="sv">' in page.text


def test_a_name_is_text_whatever_it_holds(shop, agents):
    with shop.wallet.database.write() as connection:
        odd = a_member(connection, shop.brand, "<b>Ma'ayan</b> {{ 7*7 }} %(name)s", "O’Brien")
    for path in (shop.link(odd), shop.card_link(odd)):
        page = shop.app.test_client().get(path, headers={"User-Agent": agents["iphone"]})
        assert page.status_code == 200
        assert "<b>Ma" not in page.text
        assert "&lt;b&gt;Ma&#39;ayan&lt;/b&gt; {{ 7*7 }} %(name)s" in page.text
        assert "&amp;lt;" not in page.text


def test_opening_a_link_changes_nothing_however_often(shop, agents):
    client = shop.app.test_client()
    before = everything(shop)
    for user_agent in agents.values():
        for path in (shop.link(), shop.card_link()):
            assert client.get(path, headers={"User-Agent": user_agent}).status_code == 200
            assert client.head(path, headers={"User-Agent": user_agent}).status_code == 200
            assert client.options(path).status_code == 200
            assert client.post(path).status_code in (400, 405)
    assert client.head(shop.link() + "/apple").status_code == 200
    assert everything(shop) == before


def test_members_pages_are_kept_by_nobody_and_tell_nobody(shop):
    for path in (shop.link(), shop.card_link(), shop.link() + "/apple", "/c/unknown"):
        headers = shop.app.test_client().get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_the_preview_in_a_chat_says_nothing_personal(shop):
    page = shop.app.test_client().get(shop.link()).text
    head = page[: page.index("</head>")]
    assert "Aino" not in head
    assert shop.aino.code not in head
    assert "Your Kielo card" in head


def test_the_pass_comes_signed_with_its_own_type_and_a_plain_name(shop):
    client = shop.app.test_client()
    first, second = (client.get(shop.link() + "/apple") for _ in range(2))
    assert first.content_type == "application/vnd.apple.pkpass"
    assert re.fullmatch(r'inline; filename="[a-z.]+"', first.headers["Content-Disposition"])
    assert first.headers["Last-Modified"] == second.headers["Last-Modified"]
    passes = [zipfile.ZipFile(BytesIO(each.data)).read("pass.json") for each in (first, second)]
    assert passes[0] == passes[1]
    head = client.head(shop.link() + "/apple")
    assert head.headers["Last-Modified"] == first.headers["Last-Modified"]
    assert head.data == b""


def test_unknown_old_and_revoked_links_look_alike_and_say_whom_to_ask(shop):
    client = shop.app.test_client()
    link = shop.link()
    unknown = client.get(link[:-1] + ("0" if link[-1] != "0" else "1"))
    with shop.wallet.database.write() as connection:
        links.revoke_invitation(connection, shop.aino.member_id, shop.aino.person_id)
    revoked = client.get(link)
    fresh = shop.link()
    clock.advance(links.INVITATION_LASTS + timedelta(seconds=1))
    expired = client.get(fresh)
    assert [each.status_code for each in (unknown, revoked, expired)] == [404] * 3
    assert unknown.text == revoked.text == expired.text
    assert "hei@kielo.example" in unknown.text
    for path in ("/c/", "/c/x", "/c/" + "ä" * 49, link + "/card", shop.card_link()[:-5]):
        assert client.get(path).status_code == 404


def test_the_card_as_a_page_shows_code_balances_coupons_and_contact(shop):
    shop.stamp(17)
    page = shop.app.test_client().get(shop.card_link()).text
    spaced = " ".join(shop.aino.code[3:][n : n + 4] for n in (0, 4, 8))
    assert f"<figcaption>{spaced}</figcaption>" in page
    assert "7 of 10 stamps" in page
    assert "bouquet" in page
    assert "hei@kielo.example" in page
    assert "+358 9 555 0100" in page
    assert "<script" not in page


def test_colours_and_pictures_of_a_design_are_public_and_for_ever(shop):
    client = shop.app.test_client()
    page = client.get(shop.card_link()).text
    found = set(re.findall(r'"(/design/[0-9a-f]+/[^"]+)"', page))
    assert {path.rsplit("/", 1)[1] for path in found} >= {"brand.css", "strip-0.svg"}
    for path in found:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    some = next(iter(found)).rsplit("/", 1)[0]
    assert client.get(f"{some}/brand.css").content_type == "text/css; charset=utf-8"
    for name in ("design.toml", "strip-11.svg", "en.toml", "..%2fdesign.toml"):
        assert client.get(f"{some}/{name}").status_code == 404
    assert client.get("/design/0000/brand.css").status_code == 404


def test_the_service_says_that_it_lives(shop):
    assert shop.app.test_client().get("/livez").status_code == 200
    assert shop.app.test_client().get("/readyz").status_code == 200


def test_whoever_has_left_finds_a_card_that_has_ended_and_nothing_of_before(shop):
    shop.stamp(3)
    member = metadata.tables["member"]
    with shop.wallet.database.write() as connection:
        connection.execute(sa.update(member).values(status="left"))
    browser = shop.app.test_client()

    page = browser.get(shop.card_link()).text
    assert "<h1>This card has ended</h1>" in page
    for trace in ("Aino", shop.aino.code[-4:], "3 of 10", 'class="qr"'):
        assert trace not in page
    assert browser.get(shop.link()).status_code == 404
    pkpass = browser.get(f"{shop.link()}/apple").data
    with zipfile.ZipFile(BytesIO(pkpass)) as archive:
        whole = archive.read("pass.json").decode()
    assert '"voided":true' in whole
    assert "This card has ended." in whole
    assert "Aino" not in whole
    assert shop.aino.code not in whole


@pytest.mark.parametrize("way", WAYS)
def test_a_pass_is_given_though_nobody_can_note_it(shop, way):
    client = shop.app.test_client()
    before = client.get(shop.link() + "/apple")
    with unwritable(shop.wallet.database, way):
        answer = client.get(shop.link() + "/apple")

    assert (before.status_code, answer.status_code) == (200, 200)
    assert answer.headers["Last-Modified"] == before.headers["Last-Modified"]
    assert answer.data.startswith(b"PK")
