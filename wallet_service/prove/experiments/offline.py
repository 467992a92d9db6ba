"""Offline: what two tills did without a line, told in any order and several times at once."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from wallet_service import clock
from wallet_service.coupons import tables
from wallet_service.prove import books
from wallet_service.prove.asking import Answer
from wallet_service.prove.counted import Counted
from wallet_service.prove.experiments.tickets import ticket_offer
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import EURO, Card, Key, Shop

_TILLS = (Key.TILL_1, Key.TILL_2)
_SALES = 10
_STAMPS = 3
_TIMES = 3  # each till tells its batch so often, at the same moment as the other
_ADMISSIONS = 1
# What a till adds to a card: its sales less the one that comes back, and the stamps it gave.
_POINTS = 5 * (_SALES - 1)
_STAMPED = _SALES - 1 + _STAMPS

Event = Mapping[str, Any]


def two_tills(shop: Shop) -> list[Invariant]:
    """Two tills were offline with one card: both used its coupon and let its ticket in. Each tells
    its batch, shuffled anew each time, several times at once."""
    counted = Counted()
    coupons, tickets = shop.offer(), ticket_offer(shop, _ADMISSIONS)
    for _ in range(shop.scale.rounds):
        card = shop.card()
        coupon, ticket = shop.coupon(card, coupons), shop.coupon(card, tickets)
        events = {till: _events(shop, card, coupon, ticket) for till in _TILLS}
        calls, orders = [], []
        for till in _TILLS * _TIMES:
            order = list(events[till])
            shop.chance.shuffle(order)
            calls.append(shop.batch(till, order))
            orders.append(order)
        answers = shop.at_once(calls)
        counted.answers(answers, ("ok",))
        _look_at_items(counted, orders, answers)

        stamps, points = 2 * _STAMPED, 2 * _POINTS
        total = books.summed(shop.database, card.member_id, "points")
        counted.each("points are those of each sale once", total == points, f"{total}")
        rewards, left = divmod(stamps, 10)
        have = books.summed(shop.database, card.member_id, "stamps")
        counted.each("stamps are those of each event once", have == left, f"{have}")
        brought = books.rows(shop.database, tables.coupon, member_id=card.member_id, state="issued")
        # The ticket is used up, and so is the coupon.
        counted.each("rewards as the stamps bring them", brought == rewards, f"{brought}")
        counted.add("uses of the coupon", wanted=1, seen=books.uses(shop.database, coupon))
        counted.add("people let in", wanted=1, seen=books.let_in(shop.database, ticket))
        double = {
            each["event_id"]
            for of_till in events.values()
            for each in of_till
            if each["kind"] in ("redeem", "admit")
        }
        counted.add(
            "findings, one for each conflict however often it is told",
            wanted=2,
            seen=books.findings(shop.database, double),
        )
    return counted.invariants()


def _events(shop: Shop, card: Card, coupon: str, ticket: str) -> list[Event]:
    """What one till did in the last hour."""
    now = clock.now()
    moments = sorted(shop.chance.sample(range(60, 3600), _SALES + _STAMPS + 3))

    def at() -> str:
        return clock.written(now - timedelta(seconds=moments.pop()))

    sales = [shop.name("offline") for _ in range(_SALES)]
    events: list[Event] = [
        {
            "kind": "sale",
            "sale_id": each,
            "occurred_at": at(),
            "code": card.code,
            "amount": 5 * EURO,
            "currency": "EUR",
        }
        for each in sales
    ]
    events += [
        {
            "kind": "stamps",
            "event_id": shop.name("offline"),
            "occurred_at": at(),
            "code": card.code,
            "count": 1,
        }
        for _ in range(_STAMPS)
    ]
    events.append(
        {
            "kind": "return",
            "return_id": shop.name("offline"),
            "sale_id": sales[0],
            "occurred_at": at(),
        }
    )
    events.append(
        {"kind": "redeem", "event_id": shop.name("offline"), "coupon": coupon, "occurred_at": at()}
    )
    events.append(
        {"kind": "admit", "event_id": shop.name("offline"), "ticket": ticket, "occurred_at": at()}
    )
    return events


def _look_at_items(counted: Counted, orders: list[list[Event]], answers: list[Answer]) -> None:
    """Each event was accepted by one telling and known to the others, but for those of which
    another till's came first."""
    became: dict[str, Counter[str]] = {}
    codes: Counter[str] = Counter()
    for order, answer in zip(orders, answers, strict=True):
        for event, item in zip(order, answer.body["items"] if answer.is_ok else [], strict=False):
            name = f"{event['kind']} {item['key']}"
            became.setdefault(name, Counter())[item["status"]] += 1
            codes[str(item["code"])] += 1
    once = Counter({"accepted": 1, "duplicate": _TIMES - 1})
    never = Counter({"conflict": _TIMES})
    for name, statuses in became.items():
        if name.startswith(("redeem", "admit")):
            counted.each(
                "uses and admissions: once, or in conflict",
                statuses in (once, never),
                f"{dict(statuses)}",
            )
        else:
            counted.each(
                "events: accepted once, known after", statuses == once, f"{dict(statuses)}"
            )
    others = codes.total() - codes["None"] - codes["already_redeemed"] - codes["already_in"]
    counted.add("conflicts of another kind", wanted=0, seen=others, of=codes.total())
