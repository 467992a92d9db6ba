"""Returns: parts of a sale against the whole of it, and goods that come back as a reward goes."""

from wallet_service.prove import books
from wallet_service.prove.counted import Counted
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import EURO, Card, Shop

_PARTS = (334, 333, 333)
_TIMES = 3  # each is told so often
_USERS = 5
_UNITS = ("stamps", "points")


def in_parts(shop: Shop) -> list[Invariant]:
    """A sale of ten euros comes back in thirds, whole and undone at the same moment, each told
    several times; then the sale is told again. What the card had before stays."""
    counted = Counted()
    for _ in range(shop.scale.rounds):
        card, sale_id = shop.card(), shop.name("sale")
        shop.bought(card, 50 * EURO)
        before = _have(shop, card)
        sale = shop.sale(card, sale_id, 10 * EURO)
        shop.expect(sale)
        calls = [shop.goods_back(card, sale_id, shop.name("part"), part) for part in _PARTS]
        calls += [shop.goods_back(card, sale_id, shop.name("whole")), shop.void(card, sale_id)]
        told = calls * _TIMES
        shop.chance.shuffle(told)
        answers = shop.at_once(told)
        counted.answers(answers, ("ok", "return_too_much", "unknown_sale"))
        below = sum(
            each.body["balances"][unit]["available"] < before[unit]
            for each in answers
            if each.is_ok
            for unit in _UNITS
        )
        counted.add("balances too low on the way", wanted=0, seen=below, of=len(answers))
        # Whatever is left of it comes back now, if anything is.
        shop.asking.ask(shop.goods_back(card, sale_id, shop.name("rest")))
        after = _have(shop, card)
        for unit in _UNITS:
            same = after[unit] == before[unit]
            counted.each(f"{unit} end where they began", same, f"{after[unit]}")
        again = shop.asking.ask(sale)
        counted.each("the sale told again earns nothing", again.repeated, again.code)
        counted.each("nor changes anything", _have(shop, card) == after)
    return counted.invariants()


def _have(shop: Shop, card: Card) -> dict[str, int]:
    return {unit: books.summed(shop.database, card.member_id, unit) for unit in _UNITS}


def reward_and_returned(shop: Shop) -> list[Invariant]:
    """The purchase that fills a card comes back, or is undone, while its reward is used at other
    tills: the reward or the stamps, never both."""
    counted = Counted()
    for number in range(2 * shop.scale.rounds):
        card, sale_id = shop.card(), shop.name("sale")
        shop.stamps(card, 9)
        (reward,) = shop.expect(shop.sale(card, sale_id, 5 * EURO))["brought"]
        taking = (
            shop.goods_back(card, sale_id, shop.name("back"))
            if number % 2
            else shop.void(card, sale_id)
        )
        calls = [taking] + [shop.use(reward, shop.name("use")) for _ in range(_USERS)]
        order = list(range(len(calls)))
        shop.chance.shuffle(order)
        heard = dict(zip(order, shop.at_once([calls[place] for place in order]), strict=True))
        used = sum(each.is_ok for place, each in heard.items() if place)
        counted.answers(
            list(heard.values()), ("ok", "already_redeemed", "coupon_void", "coupon_used")
        )
        counted.each("used once at most", used <= 1, f"{used} times")
        stamps = books.summed(shop.database, card.member_id, "stamps")
        counted.each(
            "the reward or the stamps",
            (used, stamps) in {(1, 0), (0, 9)},
            f"{used} used and {stamps} stamps",
        )
        states = books.copies(shop.database, card.member_id)
        counted.each(
            "what is not used is taken back",
            states.get("redeemed", 0) == used and not states.get("issued", 0),
            f"{states}",
        )
    return counted.invariants()
