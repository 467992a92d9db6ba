"""A shop and its members, and what is tried on their purchases."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from factories import a_member

from wallet_service import audit, clock, sales
from wallet_service.backtest import Report, Trial, run
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.ledger import jobs
from wallet_service.programme import ruleset, versions
from wallet_service.sales import Answer, Counter, Sale, StampsTold, Wanted, by_clock, tier_end
from wallet_service.sales.adjust import Adjustment, adjust
from wallet_service.sales.returns import Return, take_back

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class Shop:
    """A counter, its members, and what is tried on their purchases. `on(day)` drives the clock."""

    database: Database
    brand: Brand
    counter: Counter
    names: Any = field(default_factory=lambda: (f"event-{n}" for n in count()))

    def follow(self, toml: str, **options: Any) -> None:
        with self.database.write() as connection:
            versions.apply(connection, self.brand.brand_id, toml, **options)

    def enrol(self, name: str = "Aino") -> Enrolled:
        with self.database.write() as connection:
            return a_member(connection, self.brand, name)

    def on(self, days_before: float) -> None:
        """So many days before the end, after all that time did until then."""
        clock.set_to(NOW - timedelta(days=days_before))
        by_clock.confirm(self.database, clock.now())
        jobs.expire(self.database, clock.now())
        tier_end.end(self.database, clock.now())

    def buy(self, who: Enrolled, cents: int, **facts: Any) -> Answer:
        told = {"currency": "EUR", "code": who.code, "sale_id": next(self.names)} | facts
        return self.database.run(sales.record, self.counter, Sale(amount=cents, **told))

    def choose(self, who: Enrolled, cents: int, reward: str, amount: int | None = None) -> Answer:
        return self.buy(who, cents, redeem=(Wanted(reward=reward, amount=amount),))

    def stamp(self, who: Enrolled, n: int = 1, **facts: Any) -> Answer:
        told = StampsTold(event_id=next(self.names), count=n, code=who.code, **facts)
        return self.database.run(sales.stamp, self.counter, told)

    def give_back(self, sale_id: str, amount: int | None = None) -> Answer:
        back = Return(return_id=next(self.names), sale_id=sale_id, amount=amount)
        return self.database.run(take_back, self.counter, back)

    def undo(self, event: str) -> Answer:
        return self.database.run(sales.void, self.counter, event)

    def correct(self, who: Enrolled, unit: str, amount: int) -> Answer:
        wish = Adjustment(
            event_id=next(self.names), member_id=who.member_id, unit=unit, amount=amount
        )
        return self.database.run(adjust, self.counter, wish, actor=audit.COMMAND)

    def backtest(self, toml: str, **facts: Any) -> Report:
        rules = ruleset.read(toml)
        return run(self.database, Trial(brand=self.brand, rules=rules, now=NOW, **facts))
