"""A counter in Kallio and its customers, on each engine."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from factories import a_brand, a_member

from wallet_service import brands, ledger, sales
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.sales import Answer, Counter, Redeemed, Sale, Scan, StampsTold


@dataclass
class Till:
    """What a cashier does, with names made up for events that a story does not name."""

    database: Database
    counter: Counter
    names: Any

    def stamp(self, who: Enrolled, n: int = 1, event: str = "", **facts: Any) -> Answer:
        told = StampsTold(event_id=event or next(self.names), count=n, code=who.code, **facts)
        return self.database.run(sales.stamp, self.counter, told)

    def sale(self, who: Enrolled, cents: int, sale_id: str = "", **facts: Any) -> Answer:
        told = {"currency": "EUR", "code": who.code} | facts
        sale = Sale(sale_id=sale_id or next(self.names), amount=cents, **told)
        return self.database.run(sales.record, self.counter, sale)

    def use(self, code: str, event: str = "") -> Redeemed:
        return self.database.run(sales.redeem, self.counter, event or next(self.names), code)

    def undo(self, event: str) -> Answer:
        return self.database.run(sales.void, self.counter, event)

    def scan(self, who: Enrolled) -> Scan:
        with self.database.read() as connection:
            return sales.at_the_counter(connection, self.counter.brand_id, who.code)

    def books(self, who: Enrolled) -> tuple[str, ...]:
        with self.database.write() as connection:
            return ledger.verify(connection, who.member_id)


def a_till(database: Database) -> Till:
    with database.write() as connection:
        brand = a_brand(connection)
        [shop] = brands.locations(connection, brand.brand_id)
    # Stories go faster than a shop does; `test_velocity` has a till of its own.
    counter = Counter(
        brand_id=brand.brand_id, source="till:1", location_id=shop.location_id, unhurried=True
    )
    return Till(database=database, counter=counter, names=(f"event-{n}" for n in count()))


@pytest.fixture
def till(database: Database) -> Till:
    return a_till(database)


@pytest.fixture
def enrol(database: Database, till: Till) -> Callable[..., Enrolled]:
    def enrolled(name: str = "Aino", **facts: Any) -> Enrolled:
        with database.write() as connection:
            brand = brands.get(connection, till.counter.brand_id)
            return a_member(connection, brand, name, **facts)

    return enrolled


@pytest.fixture
def aino(enrol: Callable[..., Enrolled]) -> Enrolled:
    return enrol()
