"""Coupons and tickets of Aino's that may be passes of their own, and where their pages are."""

from datetime import timedelta
from typing import Any

from promised import a_coupon, an_offer
from shopfront import Shop

from wallet_service import clock
from wallet_service.coupons import Coupon

PERCENT = {"worth": {"percent": 20}, "own_pass": True}


def a_discount(shop: Shop, **rest: Any) -> Coupon:
    """A fifth off."""
    an_offer(shop.wallet.database, shop.brand, "spring", "discount", **PERCENT | rest)
    return a_coupon(shop.wallet.database, shop.brand, shop.aino.member_id)


def an_evening(shop: Shop, **rest: Any) -> Coupon:
    """A ticket to an evening in two hours."""
    now = clock.now()
    event = {
        "event": "Wreath evening",
        "place": "Kielo, Kallio",
        "starts_at": clock.written(now + timedelta(hours=2)),
        "ends_at": clock.written(now + timedelta(hours=4)),
    }
    an_offer(shop.wallet.database, shop.brand, "wreaths", "ticket", ticket=event | rest)
    return a_coupon(shop.wallet.database, shop.brand, shop.aino.member_id, "wreaths")


def page_of(shop: Shop, coupon: Coupon) -> str:
    return f"{shop.card_link().removesuffix('/card')}/coupons/{coupon.code}"
