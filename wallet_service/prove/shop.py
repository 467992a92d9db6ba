"""Shop: what an experiment works with: cards, tills, the service's processes and its books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from wallet_service import clock
from wallet_service.db import Database
from wallet_service.members.links import Links
from wallet_service.practice.phones import Phones
from wallet_service.prove.asking import Answer, Asking, Call, get, post, put, step
from wallet_service.prove.invariant import Scale
from wallet_service.prove.serving import Serving

API = "/api/v1"
EURO = 100


class Key(StrEnum):
    """Who asks: each has a key, and is a source, of its own."""

    MAIN = "main"
    HURRIED = "hurried"
    TILL_1 = "till 1"
    TILL_2 = "till 2"
    OWING = "owing"
    KEEPING = "keeping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A member's card, and which brand's it is, by one of the brand's keys."""

    member_id: str
    code: str
    link: str
    key: Key = Key.MAIN


class Unexpected(Exception):
    """What was only being prepared was refused."""


@dataclass(slots=True, kw_only=True)
class Shop:
    """A scratch shop and the build that serves it."""

    scale: Scale
    chance: Random
    folder: Path
    environment: Mapping[str, str]
    database: Database
    links: Links
    keys: Mapping[Key, str]
    serving: Sequence[Serving]
    asking: Asking
    phones: Phones
    _names: "count[int]" = field(default_factory=lambda: count(1))

    def name(self, what: str) -> str:
        """A name that nothing had before."""
        return f"{what}-{next(self._names)}"

    # Preparing: what must go well before there is anything to race for

    def card(self, key: Key = Key.MAIN) -> Card:
        """Somebody joins."""
        member = self.expect(self.to_post(key, "/members", {"given_name": self.name("Member")}))
        return Card(member_id=member["id"], code=member["code"], link=member["link"], key=key)

    def offer(self, **facts: Any) -> str:
        """An offer of the main brand; its key."""
        key = self.name("offer")
        said = {"name": key, "kind": "offer", **facts}
        self.expect(put(self.keys[Key.MAIN], f"{API}/offers/{key}", said))
        return key

    def coupon(self, card: Card, offer: str) -> str:
        """The card gets a copy of an offer; its code."""
        body = {"event_id": self.name("give"), "code": card.code, "offer": offer}
        return str(self.expect(self.to_post(card.key, "/coupons", body))["code"])

    def stamps(self, card: Card, number: int) -> None:
        """The card gets stamps."""
        self.expect(self.stamp(card, self.name("stamps"), number))

    def bought(self, card: Card, amount: int) -> str:
        """A sale was recorded; its name."""
        sale_id = self.name("sale")
        self.expect(self.sale(card, sale_id, amount))
        return sale_id

    def balance(self, card: Card, unit: str) -> int:
        """What the card has, by the service's own answer."""
        return int(self.member(card)["balances"][unit]["available"])

    def member(self, card: Card) -> Any:
        """Whose card it is, as the API shows it."""
        return self.expect(get(self.keys[card.key], f"{API}/members/{card.member_id}"))

    def expect(self, call: Call) -> Any:
        """The body of an answer that must be good. Raises Unexpected."""
        answer = self.asking.ask(call)
        if not answer.is_ok:
            raise Unexpected(f"{call.method} {call.path}: {answer.code}")
        return answer.body

    # The calls that race

    def to_post(self, key: Key, path: str, body: Any) -> Call:
        return post(self.keys[key], f"{API}{path}", body)

    def sale(
        self,
        card: Card,
        sale_id: str,
        amount: int,
        redeem: Sequence[Mapping[str, str]] = (),
        key: Key | None = None,
    ) -> Call:
        """Tell a sale; `key`: by another till than the card's first."""
        body = {"code": card.code, "amount": amount, "currency": "EUR", "redeem": list(redeem)}
        return put(self.keys[key or card.key], f"{API}/sales/{step(sale_id)}", body)

    def stamp(self, card: Card, event_id: str, number: int = 1) -> Call:
        body = {"event_id": event_id, "code": card.code, "count": number}
        return self.to_post(card.key, "/stamps", body)

    def goods_back(
        self, card: Card, sale_id: str, return_id: str, amount: int | None = None
    ) -> Call:
        """Take goods back, all that is left of the sale or so much."""
        body = {"return_id": return_id} | ({"amount": amount} if amount else {})
        return self.to_post(card.key, f"/sales/{step(sale_id)}/returns", body)

    def void(self, card: Card, sale_id: str) -> Call:
        return self.to_post(card.key, f"/sales/{step(sale_id)}/void", {})

    def use(self, coupon: str, event_id: str, key: Key = Key.MAIN) -> Call:
        return self.to_post(key, f"/coupons/{coupon}/redeem", {"event_id": event_id})

    def hold(self, coupon: str, event_id: str, seconds: int = 3600) -> Call:
        body = {"event_id": event_id, "ttl_seconds": seconds}
        return self.to_post(Key.MAIN, f"/coupons/{coupon}/reserve", body)

    def admit(self, ticket: str, event_id: str, people: int) -> Call:
        body = {"event_id": event_id, "count": people}
        return self.to_post(Key.MAIN, f"/tickets/{ticket}/admit", body)

    def batch(self, key: Key, events: Sequence[Mapping[str, Any]]) -> Call:
        body = {"device": key.value, "events": list(events)}
        return self.to_post(key, "/offline-batches", body)

    def at_once(self, calls: Sequence[Call]) -> list[Answer]:
        """All at the same moment."""
        return self.asking.at_once(calls)


def ago(**how_long: float) -> str:
    """A moment in the past, as a till writes it."""
    return clock.written(clock.now() - timedelta(**how_long))
