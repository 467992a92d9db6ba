"""What a coupon takes off is said where it is used: the name alone may not tell a cashier."""

from promised import a_coupon, an_offer
from shopfront import Shop
from window import Window


def test_the_slip_says_what_it_takes_off_and_when(shop: Shop, till: Window) -> None:
    conditions = {"purchase_min": 1000, "categories": ["coffee"]}
    an_offer(
        shop.wallet.database, shop.brand, "treat", "discount",
        worth={"percent": 20}, conditions=conditions,
    )  # fmt: skip
    coupon = a_coupon(shop.wallet.database, shop.brand, shop.aino.member_id, "treat")
    till.open(f"/till/card/{shop.aino.code}")
    assert "20% off" in till.words
    till.open(f"/till/card/{shop.aino.code}/coupon/{coupon.code}")
    assert "20% off, for coffee, from a purchase of 10 €" in till.words


def test_a_card_that_was_just_served_still_shows_each_of_its_coupons(
    shop: Shop, till: Window
) -> None:
    for key in ("rose", "tulip"):
        an_offer(shop.wallet.database, shop.brand, key)
        a_coupon(shop.wallet.database, shop.brand, shop.aino.member_id, key)
    till.open(f"/till/card/{shop.aino.code}")
    till.press("+1 stamp")
    till.open(f"/till/card/{shop.aino.code}")
    assert "Again?" in till.words
    till.follow("Tulip")
    assert till.title == "Tulip"
    till.open(f"/till/card/{shop.aino.code}")
    till.follow("Rose")
    assert till.title == "Rose"
