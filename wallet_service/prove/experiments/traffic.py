"""Traffic: tills that sell, stamp, take back and use coupons, and say again what got no answer."""

import threading
import time
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from wallet_service.coupons import tables as coupons
from wallet_service.prove import books
from wallet_service.prove.asking import NO_ANSWER, Answer, Call
from wallet_service.prove.shop import EURO, Card, Shop
from wallet_service.sales import tables as sales

_SOON = 0.2
_SALE_EUROS_MOST = 30
_STAMP_EUROS = 5


@dataclass(slots=True, kw_only=True)
class Act:
    """What a till did, what that is worth by the rules, and the answer that it got in the end."""

    call: Call
    name: str
    kind: Literal["earn", "return", "give", "use"]
    card: Card
    points: int = 0
    stamps: int = 0
    answer: Answer | None = None
    tries: int = 0

    def written(self, shop: Shop) -> int:
        """How often it stands in the books."""
        database = shop.database
        match self.kind:
            case "earn":
                return books.entries(database, self.name, "accrual")
            case "return":
                return books.rows(database, sales.sale_return, return_id=self.name)
            case "give":
                return books.rows(database, coupons.coupon, key=self.name)
            case "use":
                return books.rows(database, coupons.redemption, key=self.name, reversed_at=None)


@dataclass(slots=True, kw_only=True)
class Till:
    """A till: one act after the other, each said until it is answered."""

    shop: Shop
    cards: list[Card]
    offer: str
    chance: Random
    stopped: threading.Event
    acts: list[Act] = field(default_factory=list)

    def work(self) -> None:
        """Until it is stopped; what was begun is ended first."""
        while not self.stopped.is_set():
            card = self.chance.choice(self.cards)
            self.chance.choice((self._stamp, self._sale, self._goods_back, self._coupon))(card)

    def _stamp(self, card: Card) -> None:
        name, number = self.shop.name("traffic"), self.chance.randint(1, 3)
        call = self.shop.stamp(card, name, number)
        self._say(Act(call=call, name=name, kind="earn", card=card, stamps=number))

    def _sale(self, card: Card) -> Act:
        name, euros = self.shop.name("traffic"), self.chance.randint(1, _SALE_EUROS_MOST)
        call = self.shop.sale(card, name, euros * EURO)
        stamps = int(euros >= _STAMP_EUROS)
        act = Act(call=call, name=name, kind="earn", card=card, points=euros, stamps=stamps)
        self._say(act)
        return act

    def _goods_back(self, card: Card) -> None:
        sale, name = self._sale(card), self.shop.name("traffic")
        call = self.shop.goods_back(card, sale.name, name)
        self._say(
            Act(
                call=call,
                name=name,
                kind="return",
                card=card,
                points=-sale.points,
                stamps=-sale.stamps,
            )
        )

    def _coupon(self, card: Card) -> None:
        name = self.shop.name("traffic")
        body = {"event_id": name, "code": card.code, "offer": self.offer}
        call = self.shop.to_post(card.key, "/coupons", body)
        given = self._say(Act(call=call, name=name, kind="give", card=card))
        if given.is_ok:
            name = self.shop.name("traffic")
            call = self.shop.use(given.body["code"], name)
            self._say(Act(call=call, name=name, kind="use", card=card))

    def _say(self, act: Act) -> Answer:
        """Until it is answered, however often the service is not there."""
        self.acts.append(act)
        while True:
            act.tries += 1
            answer = self.shop.asking.ask(act.call)
            if answer.code != NO_ANSWER:
                act.answer = answer
                return answer
            time.sleep(_SOON)
