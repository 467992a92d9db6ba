"""Points: spent at several tills at once, and spent while the goods that gave them come back."""

from wallet_service.prove import books
from wallet_service.prove.asking import Answer, Call
from wallet_service.prove.counted import Counted
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import EURO, Card, Key, Shop

COST = 100
_VASE = ({"reward": "vase"},)
_BUYERS = 5
_RETURNERS = 3
# What the card has when the goods came back, of so many points that were spent before or after.
_BY_POLICY = {
    Key.MAIN: ("within_balance", 0, 0),
    Key.OWING: ("unlimited", 0, -COST),
    Key.KEEPING: ("only_pending", COST, 0),
}


def points_twice(shop: Shop) -> list[Invariant]:
    """A card with the points for one reward, and every till sells it one at the same moment."""
    counted, tills = Counted(), shop.scale.tills
    for _ in range(shop.scale.rounds):
        card = shop.card()
        shop.bought(card, COST * EURO)
        answers = shop.at_once([_buying(shop, card) for _ in range(tills)])
        counted.add("rewards bought", wanted=1, seen=_bought(answers), of=tills)
        refused = [
            each["code"] for answer in answers if answer.is_ok for each in answer.body["refused"]
        ]
        counted.add(
            "refused with not_enough", wanted=tills - 1, seen=refused.count("not_enough"), of=tills
        )
        counted.add(
            "sales recorded all the same",
            wanted=tills,
            seen=sum(each.is_ok for each in answers),
            of=tills,
        )
        below = sum(each.is_ok and _points(each) < 0 for each in answers)
        counted.add("balances below nothing", wanted=0, seen=below, of=tills)
        counted.add(
            "points left", wanted=0, seen=books.summed(shop.database, card.member_id, "points")
        )
        counted.answers(answers, ("ok",))
    return counted.invariants()


def spent_and_returned(shop: Shop) -> list[Invariant]:
    """Points are spent at several tills while the goods that gave them come back at others, under
    each policy of a programme; a debt is paid by what is earned next."""
    counted = Counted()
    for _ in range(shop.scale.rounds):
        for key, (policy, unspent, spent) in _BY_POLICY.items():
            card = shop.card(key)
            sale_id = shop.bought(card, COST * EURO)
            calls = [_buying(shop, card) for _ in range(_BUYERS)]
            calls += [shop.goods_back(card, sale_id, shop.name("back")) for _ in range(_RETURNERS)]
            order = list(range(len(calls)))
            shop.chance.shuffle(order)
            heard = dict(zip(order, shop.at_once([calls[place] for place in order]), strict=True))
            answers = [heard[place] for place in range(len(calls))]
            bought = _bought(answers[:_BUYERS])
            counted.each("bought once at most", bought <= 1, f"{bought} times")
            came_back = sum(each.is_ok for each in answers[_BUYERS:])
            counted.add("whole returns taken", wanted=1, seen=came_back, of=_RETURNERS)
            counted.answers(answers, ("ok", "return_too_much"))
            points = books.summed(shop.database, card.member_id, "points")
            right = spent if bought else unspent
            counted.each(f"the balance that {policy} says", points == right, f"{points}")
            shop.bought(card, 150 * EURO)
            counted.each(
                "what is earned next pays the debt first",
                shop.balance(card, "points") == points + 150,
            )
    return counted.invariants()


def _buying(shop: Shop, card: Card) -> Call:
    # Too small a sale to give a point or a stamp of its own.
    return shop.sale(card, shop.name("sale"), 50, redeem=_VASE)


def _bought(answers: list[Answer]) -> int:
    return sum(len(each.body["applied"]) for each in answers if each.is_ok)


def _points(answer: Answer) -> int:
    return int(answer.body["balances"]["points"]["available"])
