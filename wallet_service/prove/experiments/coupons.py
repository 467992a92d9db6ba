"""Coupons: one that many want at once, a code that is said to everybody, one that is held."""

from wallet_service.coupons import tables
from wallet_service.prove import books
from wallet_service.prove.counted import Counted, tally
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import Shop

QUOTA = 10


def one_coupon(shop: Shop) -> list[Invariant]:
    """Every till uses the same coupon at the same moment."""
    counted, tills = Counted(), shop.scale.tills
    card, offer = shop.card(), shop.offer()
    for _ in range(shop.scale.rounds):
        code = shop.coupon(card, offer)
        calls = [shop.use(code, shop.name("use")) for _ in range(tills)]
        answers = shop.at_once(calls)
        codes = tally(answers)
        counted.add("granted", wanted=1, seen=codes["ok"], of=tills)
        refused = codes["already_redeemed"]
        counted.add("refused with already_redeemed", wanted=tills - 1, seen=refused, of=tills)
        counted.answers(answers, ("ok", "already_redeemed"))
        counted.add("uses in the books", wanted=1, seen=books.uses(shop.database, code))
        for call, answer in zip(calls, answers, strict=True):
            if answer.is_ok:
                again = shop.asking.ask(call)
                same = again.repeated and again.body == answer.body
                counted.each("the winner's repeat is answered alike", same, again.code)
    return counted.invariants()


def shared_code(shop: Shop) -> list[Invariant]:
    """Many cards say the same code at the same moment, and there are few copies of it."""
    counted, tills = Counted(), shop.scale.tills
    cards = [shop.card() for _ in range(tills)]
    for _ in range(shop.scale.rounds):
        word = shop.name("SAID").replace("-", "")
        offer = shop.offer(quota=QUOTA, shared_code=word)
        calls = [
            shop.sale(card, shop.name("sale"), 450, redeem=[{"coupon": word}]) for card in cards
        ]
        answers = shop.at_once(calls)
        good = [answer.body for answer in answers if answer.is_ok]
        used = sum(len(body["applied"]) for body in good)
        none_left = sum(each["code"] == "quota_used" for body in good for each in body["refused"])
        counted.add("granted", wanted=QUOTA, seen=used, of=tills)
        counted.add("refused with quota_used", wanted=tills - QUOTA, seen=none_left, of=tills)
        counted.add("sales recorded all the same", wanted=tills, seen=len(good), of=tills)
        counted.answers(answers, ("ok",))
        out = books.rows(shop.database, tables.offering, key=offer, issued=QUOTA, redeemed=QUOTA)
        counted.add("the offer's own counters say so", wanted=1, seen=out)
    return counted.invariants()


def held_coupon(shop: Shop) -> list[Invariant]:
    """Every till holds the same coupon, then every till uses it: the holder alone can. When a
    hold is let go while others ask, one of them may have it."""
    counted, tills = Counted(), shop.scale.tills
    card, offer = shop.card(), shop.offer()
    for _ in range(shop.scale.rounds):
        code = shop.coupon(card, offer)
        # The use of the very name that holds the coupon is the one that it is held for.
        events = [shop.name("held") for _ in range(tills)]
        held = shop.at_once([shop.hold(code, event) for event in events])
        holders = {event for event, each in zip(events, held, strict=True) if each.is_ok}
        counted.add("holds granted", wanted=1, seen=len(holders), of=tills)
        used = shop.at_once([shop.use(code, event) for event in events])
        users = {event for event, each in zip(events, used, strict=True) if each.is_ok}
        counted.add("uses by the holder", wanted=1, seen=len(users & holders), of=tills)
        counted.add(
            "uses by others while it is held", wanted=0, seen=len(users - holders), of=tills
        )

        other = shop.coupon(card, offer)
        holder = shop.name("held")
        shop.expect(shop.hold(other, holder))
        let_go = shop.to_post(card.key, f"/coupons/{other}/rollback", {"event_id": holder})
        freed = shop.at_once([let_go, *(shop.use(other, shop.name("use")) for _ in range(tills))])
        granted = sum(each.is_ok for each in freed[1:])
        counted.each("at most one use as it is let go", granted <= 1, f"{granted} uses")
        in_books = books.uses(shop.database, code) + books.uses(shop.database, other)
        counted.add("uses in the books", wanted=1 + granted, seen=in_books)
        counted.answers([*held, *used, *freed], ("ok", "reserved", "already_redeemed"))
    return counted.invariants()
