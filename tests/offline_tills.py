"""A till that was offline, told later: what should not have happened, for stories about it."""

from datetime import timedelta

from shopfront import Shop

from wallet_service import clock, ids
from wallet_service.sales import Counter, Sale, told
from wallet_service.sales.offline import Happened, Used, replay


def a_coupon_used_at_two_tills(shop: Shop) -> str:
    """Aino's bouquet, used at both tills while there was no line; its code."""
    code = shop.stamp(10).brought[0]
    events = [
        Happened(
            what=Used(
                event_id=ids.new_id(),
                coupon=code,
                occurred_at=clock.now() - timedelta(minutes=minutes),
            ),
            counter_of=lambda _, till=till: at_till(shop, till),
        )
        for minutes, till in ((30, "1"), (20, "2"))
    ]
    assert [each.status for each in replay(shop.wallet.database, events)] == [
        "accepted",
        "conflict",
    ]
    return code


def a_used_coupon_in_a_sale(shop: Shop, code: str) -> None:
    """A sale that names a coupon that was used: the sale counts, the coupon does not."""
    sale = Sale(
        sale_id=ids.new_id(),
        currency="EUR",
        amount=1250,
        code=shop.aino.code,
        redeem=(code,),
        occurred_at=clock.now() - timedelta(minutes=10),
    )
    [item] = replay(
        shop.wallet.database,
        [Happened(what=sale, counter_of=lambda _: at_till(shop, "2"))],
    )
    assert item.status == "accepted"


def at_till(shop: Shop, till: str) -> Counter:
    return Counter(
        brand_id=shop.brand.brand_id,
        source="register",
        location_id=shop.till.location_id,
        till_id=told.theirs(till),
        staff_id=shop.sanna.staff_id,
    )
