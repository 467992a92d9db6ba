"""Sales: told many times at once, told with other facts, and stamps at a card's end."""

from wallet_service.prove import books
from wallet_service.prove.counted import Counted, tally
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import EURO, Shop


def one_sale(shop: Shop) -> list[Invariant]:
    """A till tells the same sale over many lines at once, as it does when answers are slow."""
    counted, tills = Counted(), shop.scale.tills
    card = shop.card()
    for number in range(1, shop.scale.rounds + 1):
        sale_id = shop.name("sale")
        answers = shop.at_once([shop.sale(card, sale_id, 12 * EURO)] * tills)
        good = [each for each in answers if each.is_ok]
        fresh = sum(each.is_fresh for each in good)
        counted.add("recorded", wanted=1, seen=fresh, of=tills)
        counted.add("answered as a repeat", wanted=tills - 1, seen=len(good) - fresh, of=tills)
        different = sum(each.body != good[0].body for each in good)
        counted.add("answers that differ", wanted=0, seen=different, of=tills)
        counted.answers(answers, ("ok",))
        written = books.entries(shop.database, sale_id, "accrual")
        counted.add("accruals in the books", wanted=1, seen=written)
        points = books.summed(shop.database, card.member_id, "points")
        counted.each("points are those of one sale", points == 12 * number, f"{points}")
    return counted.invariants()


def other_facts(shop: Shop) -> list[Invariant]:
    """Several tills tell different sales under one name: the first is it, and the others hear
    that the name is taken."""
    counted, tills = Counted(), shop.scale.tills
    amounts = [(5 + place % 4) * EURO for place in range(tills)]
    for _ in range(shop.scale.rounds):
        card, sale_id = shop.card(), shop.name("sale")
        answers = shop.at_once([shop.sale(card, sale_id, amount) for amount in amounts])
        told = list(zip(amounts, answers, strict=True))
        won = [amount for amount, each in told if each.is_fresh]
        counted.add("recorded", wanted=1, seen=len(won), of=tills)
        alike = sum(amount == won[0] for amount in amounts) - 1 if won else 0
        repeated = sum(each.repeated and amount in won for amount, each in told)
        counted.add("repeats of the same facts", wanted=alike, seen=repeated, of=tills)
        refused = tally(answers)["idempotency_conflict"]
        counted.add(
            "refused with idempotency_conflict", wanted=tills - 1 - alike, seen=refused, of=tills
        )
        counted.answers(answers, ("ok", "idempotency_conflict"))
        points = books.summed(shop.database, card.member_id, "points")
        counted.each("points are the first one's", [points * EURO] == won[:1], f"{points}")
    return counted.invariants()


def full_card(shop: Shop) -> list[Invariant]:
    """Every till stamps a card with nine stamps of ten at the same moment."""
    counted, tills = Counted(), shop.scale.tills
    rewards, left = divmod(9 + tills, 10)
    for _ in range(shop.scale.rounds):
        card = shop.card()
        shop.stamps(card, 9)
        answers = shop.at_once([shop.stamp(card, shop.name("stamp")) for _ in range(tills)])
        counted.add("stamps given", wanted=tills, seen=tally(answers)["ok"], of=tills)
        brought = [code for each in answers if each.is_ok for code in each.body["brought"]]
        counted.add("rewards answered", wanted=rewards, seen=len(brought), of=tills)
        counted.add(
            "rewards answered twice",
            wanted=0,
            seen=len(brought) - len(set(brought)),
            of=len(brought),
        )
        there = books.copies(shop.database, card.member_id)
        counted.add("rewards in the books", wanted=rewards, seen=there.get("issued", 0))
        counted.add("stamps left on the card", wanted=left, seen=shop.balance(card, "stamps"))
        counted.answers(answers, ("ok",))
    return counted.invariants()
