"""A year of a café by the test clock: both changes of the hour, every month's end, a leap day.

`CAFE_EVERY=1 make test ARGS=tests/journeys/test_cafe_year.py` opens the café every day.
"""

import os
import random
from collections import Counter as Tally
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from factories import a_brand, a_member

from wallet_service import by_time, clock, ids, ledger, sales
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal
from wallet_service.ledger import heads, liability, tables
from wallet_service.ledger.confirm import to_confirm
from wallet_service.ledger.expire import to_expire
from wallet_service.programme import versions
from wallet_service.sales import Counter, Sale
from wallet_service.shipped import shipped

ZONE = ZoneInfo("Europe/Helsinki")
FIRST, LAST = date(2027, 3, 1), date(2028, 3, 1)
# When the hour is put on and back, the year's end, the leap day.
GREAT_DAYS = {date(2027, 3, 28), date(2027, 10, 31), date(2027, 12, 31), date(2028, 2, 29), LAST}
EVERY = int(os.environ.get("CAFE_EVERY", "7"))
SALES_A_DAY = int(os.environ.get("CAFE_SALES", "2"))
# So many that a guest of every day's café has no longer a history than one of every week's.
GUESTS = 6 if EVERY > 1 else 24

CAFE = """
[expiry.points]
months = 3
warn_days = [14]

[pending.points]
days = 14

[[multiply]]
key = "tuesday"
unit = "points"
percent = 200
weekdays = ["tue"]
"""


DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def local(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), ZONE).astimezone(UTC)


def is_months_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


class Cafe:
    """The café, its guests, and what it knows of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.chance = random.Random(1904)
        self.gave: Tally[str] = Tally()
        clock.set_to(local(FIRST, 7))
        toml = shipped("templates", "programmes", "florist.toml").read_text() + CAFE
        with database.write() as connection:
            self.brand: Brand = a_brand(connection)
            versions.apply(connection, self.brand.brand_id, toml, actor=COMMAND)
            self.guests: list[Enrolled] = [
                a_member(connection, self.brand, f"Guest {n}") for n in range(GUESTS)
            ]
        self.counter = Counter(brand_id=self.brand.brand_id, source="till", unhurried=True)

    def drive_to(self, moment: datetime) -> None:
        clock.drive_to(moment)
        by_time.catch_up(self.database, clock.now())
        with self.database.read() as connection:
            assert to_confirm(connection, moment, 1) == (), "what was due is done"
            assert to_expire(connection, moment, 1) == (), "what has ended is closed"

    def sell(self) -> Enrolled:
        """A sale; one in eight is undone at once, and a coupon that came is used next time."""
        guest = self.chance.choice(self.guests)
        told = Sale(
            sale_id=ids.new_id(),
            code=guest.code,
            amount=self.chance.randint(200, 3000),
            currency="EUR",
        )
        done = self.database.run(sales.record, self.counter, told)
        self.gave["sales"] += 1
        if self.chance.random() < 1 / 8:
            self.database.run(sales.void, self.counter, told.sale_id)
            self.gave["undone"] += 1
        elif done.brought:
            try:
                self.database.run(sales.redeem, self.counter, ids.new_id(), done.brought[0])
                self.gave["coupons"] += 1
            except Refusal as refusal:  # pragma: no cover - said in full where it fails
                raise AssertionError(str(refusal)) from refusal
        return guest

    def verify(self, guests: list[Enrolled]) -> None:
        with self.database.read() as connection:
            for guest in guests:
                assert ledger.verify(connection, guest.member_id) == ()

    def close_the_books(self) -> None:
        """Everything that is counted twice comes to the same."""
        self.verify(self.guests)
        line, balance = tables.entry_line, tables.balance
        with self.database.read() as connection:
            sums = connection.execute(
                sa.select(line.c.unit, sa.func.sum(line.c.amount)).group_by(line.c.unit)
            ).all()
            assert {total for _, total in sums} <= {0}
            held = {
                unit: (int(available), int(pending))
                for unit, available, pending in connection.execute(
                    sa.select(
                        balance.c.unit,
                        sa.func.sum(balance.c.available),
                        sa.func.sum(balance.c.pending),
                    ).group_by(balance.c.unit)
                )
            }
            owed = liability.owed(connection, self.brand.brand_id, clock.now())
        for unit in owed:
            assert (unit.available - unit.debts, unit.pending) == held[unit.unit]


@pytest.fixture
def cafe(sqlite_database: Database) -> Iterator[Cafe]:
    # What is asked of the rules is the same on both engines; each statement has its own tests.
    # The disk is not waited for: a year of it would prove nothing.
    @sa.event.listens_for(sqlite_database.engine, "connect")
    def hurry(raw: Any, _record: object) -> None:
        raw.execute("PRAGMA synchronous=OFF")

    yield Cafe(sqlite_database)
    clock.release()


@pytest.mark.timeout(600)
def test_the_books_of_a_year_are_whole_on_every_day_of_it(cafe: Cafe) -> None:
    for day in DAYS:
        if (day - FIRST).days % EVERY and day not in GREAT_DAYS and not is_months_end(day):
            continue
        if day in GREAT_DAYS:  # also in the hours that are twice, or not at all
            for hours in (2, 3, 4):
                cafe.drive_to(local(day, 0, 30) + timedelta(hours=hours))
                cafe.verify([cafe.sell()])
        cafe.drive_to(local(day, 7, 30))
        seen = [cafe.sell() for _ in range(SALES_A_DAY)]
        if day in GREAT_DAYS:
            cafe.drive_to(local(day, 23, 55))
            seen.append(cafe.sell())
        cafe.verify(seen)
        if is_months_end(day) or day in GREAT_DAYS:
            cafe.close_the_books()

    assert cafe.gave["undone"] > 5
    assert cafe.gave["coupons"] > 5
    line = tables.entry_line
    with cafe.database.read() as connection:
        expired = connection.execute(
            sa.select(sa.func.sum(line.c.amount)).where(line.c.account == "expired")
        ).scalar_one()
        warned = connection.execute(
            sa.select(sa.func.count()).select_from(tables.expiry_warning)
        ).scalar_one()
        written = [head.day for head in heads.kept(connection, cafe.brand.brand_id)]
        assert list(heads.verify(connection, cafe.brand.brand_id)) == []
    assert abs(expired) > 100, "points that nobody used have ended"
    assert warned > 10, "and their holders were told before"
    assert written[-len(DAYS) + 1 :] == DAYS[:-1], "each day that is over has its head, once"


def test_points_end_at_local_midnight_and_are_confirmed_after_a_fortnight(cafe: Cafe) -> None:
    """Across the change of the hour in spring, to the minute."""
    cafe.drive_to(local(date(2027, 3, 15), 12))
    guest = cafe.guests[0]
    told = Sale(sale_id="one", code=guest.code, amount=1500, currency="EUR")
    cafe.database.run(sales.record, cafe.counter, told)

    def points() -> tuple[int, int]:
        with cafe.database.read() as connection:
            has = ledger.balances_of(connection, guest.member_id)["points"]
        return has.pending, has.available

    assert points() == (15, 0)
    with cafe.database.read() as connection:
        lot = tables.lot
        confirms, ends = connection.execute(
            sa.select(lot.c.confirm_at, lot.c.expires_at).where(lot.c.unit == "points")
        ).one()
    assert confirms.astimezone(ZONE).date() in (date(2027, 3, 29), date(2027, 3, 30))
    assert ends == local(date(2027, 7, 1), 0)

    cafe.drive_to(confirms - timedelta(minutes=5))
    assert points() == (15, 0)
    cafe.drive_to(confirms)
    assert points() == (0, 15)
    cafe.drive_to(ends - timedelta(minutes=5))
    assert points() == (0, 15)
    cafe.drive_to(ends)
    assert points() == (0, 0)
    cafe.close_the_books()
