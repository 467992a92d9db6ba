"""Phones: a dozen changes at once, kills between them; every phone ends with the last state."""

import io
import json
import time
import zipfile
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from wallet_service.phones import outbox
from wallet_service.practice.phones import PracticePhone
from wallet_service.prove.counted import Counted
from wallet_service.prove.invariant import Invariant
from wallet_service.prove.shop import Card, Shop

_CHANGES = 12
_ANSWER_SECONDS = 60
_SOON = 0.1


def left_behind(shop: Shop) -> list[Invariant]:
    """Each phone's card changes a dozen times at once, again and again; between two bursts the
    service is killed while what it said is still under way."""
    counted = Counted()
    held = [(phone, shop.card()) for phone in shop.phones.all]
    for phone, card in held:
        add = partial(phone.phone.add, _address(shop, card))
        phone.ask(add).result(_ANSWER_SECONDS)
    for burst in range(shop.scale.bursts):
        calls = [shop.stamp(card, shop.name("burst")) for _, card in held for _ in range(_CHANGES)]
        shop.chance.shuffle(calls)
        counted.answers(shop.at_once(calls), ("ok",))
        if burst < shop.scale.bursts - 1:
            shop.serving[0].kill()
            shop.serving[0].start()
    _settle(shop, held)
    counted.add("passes still waiting in the outbox", wanted=0, seen=_waiting(shop), of=len(held))
    for phone, card in held:
        counted.each("phones that show the last state", _shown(phone) == _now(shop, card))
        stamps = _CHANGES * shop.scale.bursts
        lifetime = shop.member(card)["balances"]["stamps"]["lifetime"]
        counted.each("cards with every stamp once", lifetime == stamps, f"{lifetime}")
    return counted.invariants()


def _settle(shop: Shop, held: list[tuple[PracticePhone, Card]]) -> None:
    """Wait until nothing is under way any more, or for too long."""
    deadline = time.monotonic() + shop.scale.settle_seconds
    while time.monotonic() < deadline:
        if not _waiting(shop) and all(_shown(phone) == _now(shop, card) for phone, card in held):
            return
        time.sleep(_SOON)


def _waiting(shop: Shop) -> int:
    with shop.database.read() as connection:
        return outbox.waiting(connection)[0]


def _shown(phone: PracticePhone) -> Any:
    """The pass that a phone holds."""
    return phone.phone.passes[-1].contents


def _now(shop: Shop, card: Card) -> Any:
    """The pass as it would be fetched now."""
    line = HTTPConnection("127.0.0.1", shop.serving[0].port, timeout=_ANSWER_SECONDS)
    try:
        line.request("GET", urlsplit(_address(shop, card)).path)
        answer = line.getresponse()
        content = answer.read()
    finally:
        line.close()
    if answer.status != HTTPStatus.OK:
        return answer.status
    with zipfile.ZipFile(io.BytesIO(content)) as pkpass:
        return json.loads(pkpass.read("pass.json"))


def _address(shop: Shop, card: Card) -> str:
    """Where a card's pass is to be had, at the process that the phones know."""
    return f"http://127.0.0.1:{shop.serving[0].port}{urlsplit(card.link).path}/apple"
