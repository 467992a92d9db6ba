"""Kills: the service dies in the middle of traffic, again and again."""

import threading
import time
from itertools import cycle
from random import Random

from wallet_service.ledger import tables as ledger
from wallet_service.prove import books
from wallet_service.prove.asking import NO_ANSWER
from wallet_service.prove.counted import Counted
from wallet_service.prove.experiments.traffic import Act, Till
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import Card, Shop

_TILLS = 6
_CARDS = 4
# A life lasts for so many answers at the most, and a moment more: a kill falls anywhere.
_ANSWERS_MOST = 60
_MOMENT_SECONDS = 0.05
_LIFE_SECONDS_MOST = 60
_UNITS = ("points", "stamps")


def killed(shop: Shop) -> list[Invariant]:
    """SIGKILL in the middle of sales, stamps, returns and uses; every till says again what got no
    answer, under its old name."""
    counted, stopped = Counted(), threading.Event()
    cards, offer = [shop.card() for _ in range(_CARDS)], shop.offer()
    tills = [
        Till(
            shop=shop,
            cards=cards,
            offer=offer,
            chance=Random(shop.chance.random()),  # noqa: S311
            stopped=stopped,
        )
        for _ in range(_TILLS)
    ]
    threads = [threading.Thread(target=till.work, name="till") for till in tills]
    for thread in threads:
        thread.start()
    try:
        for _, victim in zip(range(shop.scale.kills), cycle(shop.serving), strict=False):
            _live(shop)
            unheard = shop.asking.heard[NO_ANSWER]
            victim.kill()
            victim.start()
            counted.each("kills that cut calls off", shop.asking.heard[NO_ANSWER] > unheard)
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    acts = [act for till in tills for act in till.acts]
    _look_at_acts(counted, shop, acts)
    _look_at_cards(counted, shop, cards, acts)
    return counted.invariants()


def _live(shop: Shop) -> None:
    """Let the tills work until the moment of the next kill."""
    most = _answered(shop) + shop.chance.randint(1, _ANSWERS_MOST)
    deadline = time.monotonic() + _LIFE_SECONDS_MOST
    while _answered(shop) < most and time.monotonic() < deadline:
        time.sleep(_MOMENT_SECONDS / 10)
    time.sleep(shop.chance.random() * _MOMENT_SECONDS)


def _answered(shop: Shop) -> int:
    return shop.asking.heard.total() - shop.asking.heard[NO_ANSWER]


def _look_at_acts(counted: Counted, shop: Shop, acts: list[Act]) -> None:
    counted.answers([act.answer for act in acts if act.answer is not None], ("ok",))
    written = [act.written(shop) for act in acts]
    lost = sum(times < 1 for times in written)
    doubled = sum(times > 1 for times in written)
    counted.add("events lost", wanted=0, seen=lost, of=len(acts))
    counted.add("events doubled", wanted=0, seen=doubled, of=len(acts))
    unheard = [act for act in acts if act.tries > 1]
    different = 0
    for act in unheard:
        again = shop.asking.ask(act.call)
        different += act.answer is None or again.body != act.answer.body or not again.repeated
    counted.add(
        "answers that are another when asked again", wanted=0, seen=different, of=len(unheard)
    )


def _look_at_cards(counted: Counted, shop: Shop, cards: list[Card], acts: list[Act]) -> None:
    for card in cards:
        mine = [act for act in acts if act.card is card]
        right = {
            "points": sum(act.points for act in mine),
            "stamps": sum(act.stamps for act in mine),
        }
        balances = shop.member(card)["balances"]
        gained = {unit: balances[unit]["lifetime"] for unit in _UNITS}
        counted.each("cards with what their acts add up to", gained == right, f"{gained}, {right}")
    counted.add(
        "entries that are out of balance",
        wanted=0,
        seen=books.unbalanced(shop.database),
        of=books.rows(shop.database, ledger.entry),
    )
