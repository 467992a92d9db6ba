"""A shop in which anything may happen, with a model of what its member should have beside it.

The rules that say what happens stand in `journeys/test_books_machine.py`; here is how the shop is
opened, how it is told something, and what must be true after each step.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from factories import a_member
from hypothesis.stateful import RuleBasedStateMachine, invariant
from promised import an_offer
from should_be import CARD_COSTS, QUOTAS, Copy, Expected, Rules
from sqlalchemy import Connection

from wallet_service import brands, clock, enrolment, ledger, sales
from wallet_service.audit import COMMAND
from wallet_service.coupons import tables as coupons
from wallet_service.db import Database
from wallet_service.errors import Refusal
from wallet_service.ledger import tables as books
from wallet_service.programme import versions
from wallet_service.sales import Counter, StampsTold
from wallet_service.sales.errors import MemberLeft

# Days on which a clock may stumble: both changes of the hour, a leap day, ends of months.
BEGINNINGS = [datetime(*day, 8, 30, tzinfo=UTC) for day in (
    (2027, 3, 27), (2027, 10, 30), (2027, 12, 31), (2028, 2, 28), (2027, 1, 31), (2027, 6, 15)
)]  # fmt: skip
PAPER = """
key = "kielo"
currency = "EUR"
languages = ["en"]
time_zone = "Europe/Helsinki"
units = ["stamps", "points"]
name = {{ en = "Kielo card" }}
stamps = {{ card = {card} }}
earn = [
  {{ unit = "stamps", purchase_min = 500, leftovers_carry = false }},
  {{ unit = "points", amount = {rate}, per = 100, leftovers_carry = false }},
]
expiry = {{ points = {{ months = 3, warn_days = [14] }} }}
pending = {{ points = {{ days = 1 }} }}
returns = {{ policy = "unlimited" }}
[[reward]]
key = "bouquet"
unit = "stamps"
cost = {card}
valid_days = 180
name = {{ en = "Bouquet" }}
coming = {{ en = "{{left}} more." }}
earned = {{ en = "It is on us." }}
terms = {{ en = "One." }}
[[reward]]
key = "card"
unit = "points"
comes = "bought"
cost = {bought}
name = {{ en = "Card" }}
coming = {{ en = "{{left}} more." }}
earned = {{ en = "It is on us." }}
terms = {{ en = "One." }}
"""


class Killed(BaseException):
    """The process ended before its commit."""


@dataclass
class Done:
    """What was told under a name, and how it is told again."""

    again: Callable[[], Any]
    answer: Any
    is_undoable: bool = False


class RandomShop(RuleBasedStateMachine):
    """One member, a till, an office, a door and a clock."""

    database: Database
    names = count()

    def __init__(self) -> None:
        super().__init__()
        self.brand: Any = None
        self.told: dict[str, Done] = {}
        self.tickets: dict[str, int] = {}  # how many came in
        self.dies = False
        self.begin(0)

    def begin(self, n: int) -> None:
        start = self.opened_at = BEGINNINGS[next(self.names) % len(BEGINNINGS)]
        clock.set_to(start)
        with self.database.write() as connection:
            self.brand = brands.add(
                connection, name="Kielo", contact_email="hei@kielo.example", actor=COMMAND
            )
            versions.apply(connection, self.brand.brand_id, paper(10, 1))
            self.who = a_member(connection, self.brand)
        evening = {
            "event": "Evening",
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(days=2)).isoformat(),
            "admissions": 2,
        }
        for key, more in {
            "second": {"quota": 2},
            "first": {"quota": 3, "then": "second"},
            "tulip": {"quota": 3, "validity": {"days": 30}},
            "evening": {"kind": "ticket", "quota": 2, "ticket": evening},
        }.items():
            an_offer(self.database, self.brand, key, **more)
        self.counter = Counter(brand_id=self.brand.brand_id, source="till:1", unhurried=True)
        self.should = Expected(rules=[Rules(since=start, card=10, rate=1)])

    def name(self) -> str:
        return f"event {next(self.names)}"

    def run(self, intention: Callable[..., Any], *told: Any, **facts: Any) -> Any:
        """Do it; where it is to die first, all of it is done and then gone before its commit."""
        if self.dies:
            self.dies = False
            with suppress(Killed, Refusal), self.database.write() as connection:
                intention(connection, *told, **facts)
                raise Killed
        return self.database.run(intention, *told, **facts)

    def tell(
        self, name: str, intention: Callable[..., Any], *told: Any, undoable: bool = False,
        **facts: Any,
    ) -> Any:  # fmt: skip
        """Tell it under its name, and remember how to tell it again."""
        answer = self.run(intention, self.counter, *told, **facts)
        self.told[name] = Done(
            lambda: self.run(intention, self.counter, *told, **facts), answer, undoable
        )
        return answer

    def tried(self, name: str, intention: Callable[..., Any], *told: Any, **facts: Any) -> Any:
        """Tell it; the answer, or the code of the refusal."""
        try:
            return self.tell(name, intention, *told, **facts), None
        except Refusal as refusal:
            return None, refusal.code

    @property
    def now(self) -> datetime:
        return clock.now()

    def copy(self, n: int, state: str = "") -> Copy | None:
        """One of the member's coupons, any of them or one in this state."""
        copies = [c for c in self.should.copies.values() if not state or c.state == state]
        return copies[n % len(copies)] if copies else None

    # ---- what must be true ----------------------------------------------------------------------

    @invariant()
    def the_books_are_whole(self) -> None:
        with self.database.write() as connection:
            self.learn_what_came(connection)
            assert ledger.verify(connection, self.who.member_id) == ()
            there = ledger.balances_of(connection, self.who.member_id, ["stamps", "points"])
            rows = connection.execute(
                sa.select(coupons.coupon).where(coupons.coupon.c.member_id == self.who.member_id)
            ).all()
            offering = coupons.offering
            counted = {
                row.key: (row.issued, row.redeemed)
                for row in connection.execute(
                    sa.select(offering).where(offering.c.brand_id == self.brand.brand_id)
                )
            }
            lot = books.lot.c
            endings: dict[str, Any] = {"stamps": {}, "points": {}}
            for unit, account, ends, left in connection.execute(
                sa.select(lot.unit, lot.account, lot.expires_at, sa.func.sum(lot.remaining))
                .where(lot.member_id == self.who.member_id, lot.remaining > 0)
                .group_by(lot.unit, lot.account, lot.expires_at)
            ):
                endings[unit][account, ends] = left
        for unit in ("stamps", "points"):
            purse = getattr(self.should, unit)
            assert endings[unit] == purse.endings, unit
            figures = there[unit].available, there[unit].pending, there[unit].lifetime
            assert figures == (purse.on_card, purse.waiting, purse.lifetime), unit
        states = {"issued": "open", "redeemed": "used", "void": "back", "reversed": "back"}
        copies = self.should.copies
        seen = {row.code: states[row.state] for row in rows if row.code in copies}
        assert seen == {code: copy.state for code, copy in copies.items()}
        tickets = {row.code: row.admitted for row in rows if row.admissions}
        assert tickets == self.tickets
        for offer, quota in QUOTAS.items():
            used = sum(each.offer == offer and each.state == "used" for each in copies.values())
            if offer == "evening":
                used = sum(inside == 2 for inside in self.tickets.values())
            assert counted[offer] == (self.out(offer), used), offer
            assert counted[offer][0] <= quota

    def teardown(self) -> None:
        """The member leaves: the card is no use any more, and the books stay whole."""
        who = self.who.member_id
        self.run(enrolment.erase, self.brand.brand_id, who, actor=COMMAND)
        told = StampsTold(event_id=self.name(), member_id=who)
        with pytest.raises(MemberLeft):
            self.run(sales.stamp, self.counter, told)
        with self.database.write() as connection:
            assert ledger.verify(connection, who) == ()
        clock.release()

    # ---- what the machine learns and how --------------------------------------------------------

    def learn_what_came(self, connection: Connection) -> None:
        """Coupons that the service made by itself: of full cards, and those that a use unlocked."""
        coupon, offer = coupons.coupon, coupons.offer
        known = {*self.should.copies, *self.tickets}
        new = [
            row
            for row in connection.execute(
                sa.select(coupon.c.code, coupon.c.key.label("event"), offer.c.key)
                .join(offer, offer.c.offer_id == coupon.c.offer_id)
                .where(coupon.c.member_id == self.who.member_id)
                .order_by(coupon.c.entry)
            )
            if row.code not in known
        ]
        self.should.full_cards_became([row.code for row in new if row.key == "bouquet"])
        for row in new:
            if row.key == "second":
                self.came(row.code, "second", row.event, None)

    def came(self, code: str, offer: str, event: str, ends: datetime | None) -> None:
        if offer == "evening":
            self.tickets[code] = 0
        else:
            self.should.come(code, offer, event, ends=ends)

    def out(self, offer: str) -> int:
        """How many copies of an offer are out."""
        if offer == "evening":
            return len(self.tickets)
        copies = self.should.copies.values()
        return sum(each.offer == offer and each.state != "back" for each in copies)


def paper(card: int, rate: int) -> str:
    return PAPER.format(card=card, rate=rate, bought=CARD_COSTS)


@contextmanager
def a_quick_database(url: str) -> Iterator[Database]:
    """One that does not wait for the disk: a machine's days prove nothing about power cuts."""
    database = Database(url)
    if database.is_sqlite:

        @sa.event.listens_for(database.engine, "connect")
        def hurry(raw: Any, _record: object) -> None:
            raw.execute("PRAGMA synchronous=OFF")

    yield database
    database.close()
