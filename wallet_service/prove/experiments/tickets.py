"""Tickets: a group that comes in by several doors at the same moment."""

from datetime import timedelta

from wallet_service import clock
from wallet_service.prove import books
from wallet_service.prove.counted import Counted
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import Shop

ADMISSIONS = 20
_REFUSED = ("no_admission_left", "already_in")


def group_ticket(shop: Shop) -> list[Invariant]:
    """One ticket for a group is scanned at every door, for one to three people each time; then
    the rest of them come one by one."""
    counted, doors = Counted(), shop.scale.tills
    card, offer = shop.card(), ticket_offer(shop, ADMISSIONS)
    for _ in range(shop.scale.rounds):
        ticket = shop.coupon(card, offer)
        people = [shop.chance.randint(1, 3) for _ in range(doors)]
        calls = [shop.admit(ticket, shop.name("door"), each) for each in people]
        answers = shop.at_once(calls)
        came = sum(number for number, each in zip(people, answers, strict=True) if each.is_ok)
        beyond = max(0, came - ADMISSIONS)
        counted.add("people let in beyond the ticket", wanted=0, seen=beyond, of=sum(people))
        again = shop.at_once(calls)
        repeats = sum(each.repeated for each in again)
        counted.add(
            "doors that were let in and ask again are answered alike",
            wanted=sum(each.is_ok for each in answers),
            seen=repeats,
            of=doors,
        )
        came += sum(number for number, each in zip(people, again, strict=True) if each.is_fresh)
        one_by_one = shop.at_once([shop.admit(ticket, shop.name("door"), 1) for _ in range(doors)])
        came += sum(each.is_ok for each in one_by_one)
        counted.add(
            "people let in, in the end", wanted=ADMISSIONS, seen=came, of=sum(people) + doors
        )
        in_books = books.let_in(shop.database, ticket)
        counted.add("people in the books", wanted=ADMISSIONS, seen=in_books)
        counted.answers([*answers, *again, *one_by_one], ("ok", *_REFUSED))
    return counted.invariants()


def ticket_offer(shop: Shop, admissions: int) -> str:
    """A ticket for so many to an evening that has begun."""
    now = clock.now()
    return shop.offer(
        kind="ticket",
        ticket={
            "event": "An evening",
            # A till that was offline let people in hours ago.
            "starts_at": clock.written(now - timedelta(hours=6)),
            "ends_at": clock.written(now + timedelta(hours=12)),
            "admissions": admissions,
        },
    )
