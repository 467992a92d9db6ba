"""Joining: one person who joins at several tills at once, and an offer that is one each."""

from wallet_service.members import tables as members
from wallet_service.prove import books
from wallet_service.prove.counted import Counted, tally
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import Key, Shop


def one_person(shop: Shop) -> list[Invariant]:
    """A register tells the same new customer over many lines at once; then another, whom it knows
    by her e-mail address alone."""
    counted, tills = Counted(), shop.scale.tills
    for _ in range(shop.scale.rounds):
        name = shop.name("customer")
        body = {"given_name": name, "external_id": name}
        answers = shop.at_once([shop.to_post(Key.MAIN, "/members", body)] * tills)
        created = sum(each.status == 201 for each in answers)
        counted.add("joined", wanted=1, seen=created, of=tills)
        who = {each.body["id"] for each in answers if each.is_ok}
        counted.add("members answered", wanted=1, seen=len(who), of=tills)
        counted.answers(answers, ("ok",))
        there = books.rows(shop.database, members.member, external_id=name)
        counted.add("members in the books", wanted=1, seen=there)

        email = f"{name}@shop.example"
        body = {"given_name": name, "email": email}
        by_email = shop.at_once([shop.to_post(Key.MAIN, "/members", body)] * tills)
        codes = tally(by_email)
        counted.add("joined by e-mail address", wanted=1, seen=codes["ok"], of=tills)
        refused = codes["member_exists"]
        counted.add("refused with member_exists", wanted=tills - 1, seen=refused, of=tills)
        counted.answers(by_email, ("ok", "member_exists"))
    return counted.invariants()


def one_each(shop: Shop) -> list[Invariant]:
    """Every till gives the same card a copy of an offer of which a card gets one."""
    counted, tills = Counted(), shop.scale.tills
    for _ in range(shop.scale.rounds):
        card, offer = shop.card(), shop.offer(per_member=1)
        calls = [
            shop.to_post(
                card.key,
                "/coupons",
                {"event_id": shop.name("give"), "code": card.code, "offer": offer},
            )
            for _ in range(tills)
        ]
        answers = shop.at_once(calls)
        codes = tally(answers)
        counted.add("copies given", wanted=1, seen=codes["ok"], of=tills)
        refused = codes["member_limit"]
        counted.add("refused with member_limit", wanted=tills - 1, seen=refused, of=tills)
        counted.answers(answers, ("ok", "member_limit"))
        there = books.copies(shop.database, card.member_id)
        counted.add("copies in the books", wanted=1, seen=there.get("issued", 0))
    return counted.invariants()
