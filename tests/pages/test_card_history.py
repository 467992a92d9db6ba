"""The member's own page: the last visits with their reasons, and what may be counted on."""

from wallet_service import programme, sales
from wallet_service.sales import Counter, Sale
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()
TIERS = """
[tiers]
counts = "points"

[[tiers.tier]]
key = "friend"
from_total = 100
name = {en = "Friend of the house", fi = "Talon ystävä", sv = "Husets vän"}
benefit = {en = "You choose the ribbon.", fi = "Saat valita nauhan.", sv = "Du väljer bandet."}
"""


def card_page(shop, language="en"):
    page = shop.app.test_client().get(shop.card_link(), headers={"Accept-Language": language})
    assert page.status_code == 200
    return page.text


def bought(shop, sale_id, amount):

    with shop.wallet.database.write() as connection:
        sales.record(
            connection,
            Counter(brand_id=shop.brand.brand_id, source="story"),
            Sale(sale_id=sale_id, member_id=shop.aino.member_id, amount=amount, currency="EUR"),
        )


def test_a_member_reads_what_each_visit_gave_and_why(shop):
    bought(shop, "r-1", 1250)
    page = card_page(shop)
    assert "Bought for 12.50 €" in page
    assert "12 points for 12.50 €" in page


def test_a_visit_that_was_taken_back_says_so(shop):
    bought(shop, "r-1", 1250)
    with shop.wallet.database.write() as connection:
        sales.void(connection, Counter(brand_id=shop.brand.brand_id, source="story"), "r-1")
    assert "<s>Bought for 12.50 €</s> taken back" in card_page(shop)


def test_a_member_sees_what_the_shop_does_for_her_without_asking(shop):
    page = card_page(shop)
    assert "What you can count on" in page
    assert "A card that you have begun never gets dearer." in page


def test_a_member_sees_her_tier_and_what_it_brings(shop):
    with shop.wallet.database.write() as connection:
        programme.apply(connection, shop.brand.brand_id, FLORIST + TIERS)
    bought(shop, "r-1", 10_000)
    page = card_page(shop)
    assert "<b>Friend of the house</b>" in page
    assert "<small>You choose the ribbon.</small>" in page
