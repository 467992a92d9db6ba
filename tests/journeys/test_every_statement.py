"""A crash before and after every SQL statement of each operation: all of it, or nothing of it.

For each statement the connection is cut before it and after it, the commit included, and
everything that the database holds is compared with what it was. Told again under the same name,
the operation must do exactly what it does when nobody dies: the same rows, the same answer.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from factories import ISSUING, a_brand, a_member
from promised import an_offer
from sqlalchemy import Connection
from statements import Knife, chance, held

from wallet_service import brands, clock, coupons, enrolment, ledger, sales
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand
from wallet_service.coupons import offers
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled, NewMember
from wallet_service.ledger import heads, warn
from wallet_service.programme import versions
from wallet_service.sales import (
    Counter,
    Goods,
    Sale,
    StampsTold,
    Wanted,
    by_clock,
    by_hand,
    offline,
)
from wallet_service.sales.give import give
from wallet_service.sales.reserve import reserve, rollback
from wallet_service.sales.returns import GoodsBack, Return, take_back
from wallet_service.sales.tickets import admit
from wallet_service.shipped import shipped

NOON = datetime(2026, 5, 6, 9, tzinfo=UTC)
RULES = (
    shipped("templates", "programmes", "florist.toml").read_text()
    + """
[[multiply]]
key = "wednesday"
unit = "points"
percent = 200
weekdays = ["wed"]

[[reward]]
key = "card"
unit = "points"
cost = 20
comes = "bought"
[reward.name]
en = "A card"
fi = "Kortti"
sv = "Ett kort"
[reward.coming]
en = "{left} more."
fi = "{left} lisää."
sv = "{left} till."
[reward.earned]
en = "A card is on us."
fi = "Kortti on meiltä."
sv = "Vi bjuder på kortet."
[reward.terms]
en = "One."
fi = "Yksi."
sv = "Ett."

[expiry.points]
months = 3
warn_days = [14]

[pending.points]
days = 14

[tiers]
counts = "points"
[[tiers.tier]]
key = "green"
from_total = 10
name = {en = "Green", fi = "Vihreä", sv = "Grön"}
"""
)
DEARER = RULES.replace("card = 10", "card = 12").replace("cost = 10", "cost = 12")


@dataclass
class Shop:
    """A shop with everything on, and somebody with a past in it."""

    database: Database
    brand: Brand
    counter: Counter
    who: Enrolled
    answer: Any = None  # of the last intention, though its commit may not have come
    names: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))

    def name(self) -> str:
        return f"before-{self.who.member_id}-{next(self.names)}"

    def run(self, intention: Callable[..., Any], *told: Any, **facts: Any) -> Any:
        def done(connection: Connection) -> Any:
            self.answer = intention(connection, *told, **facts)
            return self.answer

        return self.database.run(done)

    def sold(self, amount: int = 1250, **facts: Any) -> str:
        sale = Sale(sale_id=self.name(), amount=amount, currency="EUR", code=self.who.code, **facts)
        self.run(sales.record, self.counter, sale)
        return sale.sale_id

    def stamped(self, count: int) -> str:
        told = StampsTold(event_id=self.name(), count=count, code=self.who.code)
        self.run(sales.stamp, self.counter, told)
        return told.event_id

    def given(self, offer: str = "tulip") -> str:
        made = self.run(give, self.counter, self.name(), offer, code=self.who.code)
        return str(made.coupon.code)

    def used(self, code: str) -> str:
        name = self.name()
        self.run(sales.redeem, self.counter, name, code)
        return name

    def corrected(self, amount: int, unit: str = "points") -> None:
        wish = by_hand.Correct(
            event_id=self.name(),
            member_id=self.who.member_id,
            reason="a story",
            unit=unit,
            amount=amount,
        )
        self.run(by_hand.act, self.brand.brand_id, wish, actor=COMMAND)


# The database is as it was after each crash; so now and then is often enough to tell again.
TOLD_AGAIN_EVERY = 5
# What Python does between two statements is the same on both engines, so on PostgreSQL every
# fourth is cut, and the commit, unless somebody wants them all.
EVERY = {"sqlite": 1, "postgresql": int(os.environ.get("WALLET_CRASH_EVERY", "4"))}

Act = Callable[[], Any]
Prepare = Callable[[Shop], Act]
OPERATIONS: dict[str, Prepare] = {}


def operation(prepare: Prepare) -> Prepare:
    """`prepare` brings about what goes before; what it returns is the operation."""
    OPERATIONS[prepare.__name__.replace("_", " ")] = prepare
    return prepare


@operation
def a_sale(shop: Shop) -> Act:
    sale = Sale(sale_id="s", amount=1250, currency="EUR", code=shop.who.code)
    return lambda: shop.run(sales.record, shop.counter, sale)


@operation
def a_sale_with_everything(shop: Shop) -> Act:
    """Goods, a coupon that unlocks the next, a reward that points buy; and it fills the card."""
    shop.stamped(9)
    shop.corrected(50)
    sale = Sale(
        sale_id="s",
        currency="EUR",
        code=shop.who.code,
        lines=(Goods(product="rose", quantity=3, price=400), Goods(quantity=1, price=900)),
        redeem=(shop.given("first"), Wanted(reward="card"), "CP00"),
    )
    return lambda: shop.run(sales.record, shop.counter, sale)


@operation
def stamps(shop: Shop) -> Act:
    shop.stamped(4)
    told = StampsTold(event_id="s", count=17, code=shop.who.code)
    return lambda: shop.run(sales.stamp, shop.counter, told)


@operation
def a_part_that_comes_back(shop: Shop) -> Act:
    shop.stamped(9)
    lines = (Goods(product="rose", quantity=3, price=400), Goods(quantity=1, price=900))
    sale = shop.sold(None, lines=lines)
    told = Return(return_id="r", sale_id=sale, lines=(GoodsBack(product="rose", quantity=2),))
    return lambda: shop.run(take_back, shop.counter, told)


@operation
def a_whole_sale_that_comes_back(shop: Shop) -> Act:
    shop.stamped(9)
    shop.corrected(50)
    sale = shop.sold(redeem=(shop.given(), Wanted(reward="card")))
    told = Return(return_id="r", sale_id=sale)
    return lambda: shop.run(take_back, shop.counter, told)


@operation
def a_void(shop: Shop) -> Act:
    shop.stamped(9)
    shop.corrected(50)
    sale = shop.sold(redeem=(shop.given("first"), Wanted(reward="card")))
    return lambda: shop.run(sales.void, shop.counter, sale)


@operation
def the_use_of_a_coupon(shop: Shop) -> Act:
    code = shop.given("first")
    return lambda: shop.run(sales.redeem, shop.counter, "u", code)


@operation
def a_reservation(shop: Shop) -> Act:
    code = shop.given()
    return lambda: shop.run(reserve, shop.counter, "u", code)


@operation
def a_use_rolled_back(shop: Shop) -> Act:
    code = shop.given("first")
    name = shop.used(code)
    return lambda: shop.run(rollback, shop.counter, name, code)


@operation
def a_reservation_let_go(shop: Shop) -> Act:
    code = shop.given()
    shop.run(reserve, shop.counter, "u", code)
    return lambda: shop.run(rollback, shop.counter, "u", code)


@operation
def people_let_in(shop: Shop) -> Act:
    code = shop.given("evening")
    return lambda: shop.run(admit, shop.counter, "d", code, count=2)


@operation
def people_taken_out_again(shop: Shop) -> Act:
    code = shop.given("evening")
    shop.run(admit, shop.counter, "d", code, count=2)
    return lambda: shop.run(rollback, shop.counter, "d", code)


@operation
def a_coupon_given(shop: Shop) -> Act:
    return lambda: shop.run(give, shop.counter, "g", "tulip", code=shop.who.code)


@operation
def a_coupon_withdrawn(shop: Shop) -> Act:
    code = shop.given()

    def withdraw(connection: Any) -> None:
        coupons.withdraw(connection, coupons.find(connection, shop.brand.brand_id, code))

    return lambda: shop.run(withdraw)


@operation
def a_correction_by_hand(shop: Shop) -> Act:
    shop.corrected(10)
    wish = by_hand.Correct(
        event_id="a", member_id=shop.who.member_id, reason="a story", unit="points", amount=-7
    )
    return lambda: shop.run(by_hand.act, shop.brand.brand_id, wish, actor=COMMAND)


@operation
def points_confirmed_by_the_clock(shop: Shop) -> Act:
    shop.sold()
    clock.advance(timedelta(days=16))
    return lambda: shop.run(by_clock.confirm_due, shop.who.member_id, clock.now())


@operation
def a_warning_by_the_clock(shop: Shop) -> Act:
    shop.sold()
    clock.set_to(datetime(2026, 8, 20, 9, tzinfo=UTC))
    shop.run(by_clock.confirm_due, shop.who.member_id, clock.now())
    return lambda: shop.run(warn.warn_due, shop.who.member_id, clock.now())


@operation
def points_ended_by_the_clock(shop: Shop) -> Act:
    shop.sold()
    clock.set_to(datetime(2026, 9, 2, 9, tzinfo=UTC))
    shop.run(by_clock.confirm_due, shop.who.member_id, clock.now())
    return lambda: shop.run(ledger.expire_due, shop.who.member_id, clock.now())


@operation
def the_head_of_a_day(shop: Shop) -> Act:
    shop.sold()
    day = NOON.date()
    clock.advance(timedelta(days=1))
    return lambda: shop.run(heads.make, shop.brand.brand_id, day)


@operation
def new_rules(shop: Shop) -> Act:
    return lambda: shop.run(versions.apply, shop.brand.brand_id, DEARER)


@operation
def an_offer_changed(shop: Shop) -> Act:
    offer = coupons.promise.read({"kind": "discount", "worth": {"percent": 30}, "quota": 5})
    words = {"en": "A tulip"}
    return lambda: shop.run(
        offers.put, shop.brand.brand_id, "tulip", words, words, offer, actor=COMMAND
    )


@operation
def somebody_enrols(shop: Shop) -> Act:
    new = NewMember(given_name="Mikko", external_id="crm-7", consents={"email": True})
    return lambda: shop.run(
        enrolment.enrol, shop.brand.brand_id, new, "crm", ISSUING, actor=COMMAND
    )


@operation
def somebody_is_erased(shop: Shop) -> Act:
    shop.sold(redeem=(shop.given(),))
    who = shop.who.member_id
    return lambda: shop.run(enrolment.erase, shop.brand.brand_id, who, actor=COMMAND)


@operation
def an_event_of_an_offline_batch(shop: Shop) -> Act:
    at = clock.now() - timedelta(minutes=30)
    sale = Sale(
        sale_id="s", amount=1250, currency="EUR", code=shop.who.code, occurred_at=at,
        redeem=("CP00",),
    )  # fmt: skip
    happened = offline.Happened(what=sale, counter_of=lambda _: shop.counter)
    return lambda: offline.tell(shop.database, happened)


@pytest.fixture
def shop(database: Database) -> Iterator[Shop]:
    clock.set_to(NOON)
    with database.write() as connection:
        brand = a_brand(connection)
        versions.apply(connection, brand.brand_id, RULES)
        [place] = brands.locations(connection, brand.brand_id)
        who = a_member(connection, brand)
    an_offer(database, brand, "tulip", "discount", worth={"percent": 20}, quota=9)
    an_offer(database, brand, "second", quota=9)
    an_offer(database, brand, "first", quota=9, then="second")
    an_offer(database, brand, "evening", "ticket", quota=9, ticket=_evening())
    counter = Counter(
        brand_id=brand.brand_id, source="till:1", location_id=place.location_id, unhurried=True
    )
    yield Shop(database=database, brand=brand, counter=counter, who=who)
    clock.release()


def _evening() -> dict[str, Any]:
    return {
        "event": "Evening",
        "starts_at": NOON.isoformat(),
        "ends_at": (NOON + timedelta(hours=3)).isoformat(),
        "admissions": 4,
    }


class Trial:
    """One operation, cut off everywhere."""

    def __init__(self, shop: Shop, knife: Knife, lots: Callable[[], Any], act: Act) -> None:
        self._shop, self._knife, self._lots, self._act = shop, knife, lots, act
        self.crashes = 0
        self.faults: list[str] = []

    def everywhere(self) -> None:
        """Cut it off before and after each statement, and carry it out in the end."""
        before = self._now()
        after, answer = self._tried_out()
        wrote, statements = frozenset(self._knife.wrote), self._knife.seen
        assert wrote, "the operation writes nothing"
        assert after != {name: before[name] for name in wrote}
        every = EVERY[self._shop.database.url.get_backend_name()]
        for number in [*range(1, statements, every), statements]:
            for side in ("before", "after"):
                if (number, side) == (statements, "after"):
                    continue
                self._cut(number, side)
                here = f"{side} statement {number} of {statements}"
                if self._now(wrote) != {name: before[name] for name in wrote}:
                    self.faults.append(f"{here}: something of it stayed")
            is_tried = number % TOLD_AGAIN_EVERY == 0 and number < statements
            if is_tried and self._tried_out() != (after, answer):
                self.faults.append(f"{here}: told again, it did something else")
        if self._now() != before:
            self.faults.append("something of it stayed elsewhere")
        self._cut(statements, "after")
        if self._now() != before | after:
            self.faults.append("after its commit it is not whole")
        self._again(before | after, answer)

    def _cut(self, number: int, side: str) -> None:
        self.crashes += 1
        with self._lots(), self._knife.cutting(number, side):
            self._act()

    def _tried_out(self) -> tuple[dict[str, Any], Any]:
        """What it does when nobody dies: the tables that it writes, and its answer; undone."""
        seen: dict[str, Any] = {}
        self._shop.answer = None
        with (
            self._lots(),
            self._knife.looking(
                lambda connection: seen.update(held(connection, self._knife.wrote))
            ),
        ):
            self._act()
        return seen, self._shop.answer

    def _again(self, whole: dict[str, Any], answer: Any) -> None:
        """Told again after the commit whose answer never came, it changes nothing."""
        try:
            self._act()
        except LookupError:  # whoever was erased is not there to be erased again
            pass
        else:
            if hasattr(answer, "repeated") and self._shop.answer != replace(answer, repeated=True):
                self.faults.append("the answer to a repeat is another one")
        if self._now() != whole:
            self.faults.append("a repeat changed something")
        with self._shop.database.read() as connection:
            self.faults += ledger.verify(connection, self._shop.who.member_id)

    def _now(self, tables: frozenset[str] | None = None) -> dict[str, Any]:
        with self._shop.database.read() as connection:
            return held(connection, tables)


@pytest.mark.timeout(900)
def test_a_crash_at_any_statement_leaves_all_or_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    knife = Knife(shop.database)
    crashes, wrong = 0, []
    for seed, (name, prepare) in enumerate(OPERATIONS.items()):
        clock.set_to(NOON)
        shop.counter = replace(shop.counter, source=name)  # with names of its own
        with shop.database.write() as connection:
            shop.who = a_member(connection, shop.brand)
        # The same lots for each try of one operation, so that two of them can be compared whole.
        lots = partial(chance, monkeypatch, seed)
        trial = Trial(shop, knife, lots, prepare(shop))
        trial.everywhere()
        crashes += trial.crashes
        wrong += [f"{name}: {fault}" for fault in trial.faults]
    engine = shop.database.url.get_backend_name()
    print(f"\n{engine}: {len(OPERATIONS)} operations, {crashes} crashes, {len(wrong)} wrong.")
    assert wrong == []
