"""A member's books at random: gains, debts, waiting, ends and undoing; they stay whole."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from factories import a_brand, a_member
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection

from wallet_service import clock, ledger
from wallet_service.db import Database
from wallet_service.language import phrase
from wallet_service.ledger import Account, EntryKind, Event, NotEnough, tables

WHY = phrase("because")
START = datetime(2026, 11, 25, 9, tzinfo=UTC)
amounts = st.integers(1, 30)
days = st.none() | st.integers(1, 40)


class Books(RuleBasedStateMachine):
    """One member, and what was written of her so far."""

    database: Database
    member_id: str

    def __init__(self) -> None:
        super().__init__()
        clock.set_to(START)
        with self.database.write() as connection:
            brand = self.brand
            self.member_id = a_member(connection, brand).member_id
        self.events = 0
        self.may_owe = False
        self.moved: dict[int, int] = {}  # what an entry gave (or took) and still stands for

    brand: Any

    def event(self, kind: EntryKind) -> Event:
        self.events += 1
        return Event(
            kind=kind,
            source="till",
            key=f"{self.member_id} {self.events}",
            part=0,
            rule_version=1,
            occurred_at=clock.now(),
        )

    @rule(amount=amounts, ends=days, waits=days)
    def gains(self, amount: int, ends: int | None, waits: int | None) -> None:
        lines = ledger.gained(
            "points",
            amount,
            funder="brand",
            why=WHY,
            expires_at=clock.now() + timedelta(days=ends) if ends else None,
            confirm_at=clock.now() + timedelta(days=waits) if waits else None,
        )
        with self.database.write() as connection:
            entry = ledger.post(connection, self.member_id, self.event(EntryKind.ACCRUAL), lines)
        self.moved[entry.number] = amount

    @rule(amount=amounts, may_owe=st.booleans())
    def spends(self, amount: int, may_owe: bool) -> None:
        event = self.event(EntryKind.REDEMPTION)
        lines = ledger.spent("points", amount, why=WHY)
        available = self.available()
        try:
            with self.database.write() as connection:
                entry = ledger.post(connection, self.member_id, event, lines, may_owe=may_owe)
        except NotEnough:
            assert amount > max(0, available)
            assert not may_owe
            return
        assert may_owe or amount <= available
        self.may_owe = self.may_owe or amount > available
        self.moved[entry.number] = -amount

    @precondition(lambda self: self.moved)
    @rule(
        pick=st.integers(0, 1000),
        part=st.none() | amounts,
        policy=st.sampled_from([None, "only_pending", "within_balance", "unlimited"]),
    )
    def undoes(self, pick: int, part: int | None, policy: Any) -> None:
        number = sorted(self.moved)[pick % len(self.moved)]
        amounts = None if part is None else {"points": part}
        try:
            with self.database.write() as connection:
                undone = ledger.reverse(
                    connection,
                    self.member_id,
                    number,
                    self.event(EntryKind.REVERSAL),
                    why=WHY,
                    amounts=amounts,
                    policy=policy,
                )
        except NotEnough:
            assert policy is None
            return
        if undone is None:
            return
        own = (Account.AVAILABLE, Account.PENDING)
        change = sum(line.amount for line in undone.lines if line.account in own)
        left = self.moved[number]
        assert (change > 0) == (left < 0) or change == 0
        assert abs(change) <= min(abs(left), part if part is not None else abs(left))
        if policy == "only_pending" and left > 0:
            assert all(line.account is not Account.AVAILABLE for line in undone.lines)
        self.moved[number] += change
        self.may_owe = self.may_owe or policy == "unlimited"

    @rule(hours=st.integers(1, 24 * 20))
    def time_goes_by(self, hours: int) -> None:
        clock.advance(timedelta(hours=hours))

    @rule()
    def the_clock_confirms(self) -> None:
        with self.database.write() as connection:
            ledger.confirm_due(connection, self.member_id, clock.now())
            assert ledger.confirm_due(connection, self.member_id, clock.now()) == 0
            lots = self.open_lots(connection)
        assert not [each for each in lots if each.confirm_at and each.confirm_at <= clock.now()]

    @rule()
    def the_clock_expires(self) -> None:
        with self.database.write() as connection:
            ledger.expire_due(connection, self.member_id, clock.now())
            assert ledger.expire_due(connection, self.member_id, clock.now()) == 0
            lots = self.open_lots(connection)
        assert not [
            each
            for each in lots
            if each.account == "available" and each.expires_at and each.expires_at <= clock.now()
        ]

    @invariant()
    def the_books_are_whole(self) -> None:
        with self.database.write() as connection:
            assert ledger.verify(connection, self.member_id) == ()
            balance = ledger.balances_of(connection, self.member_id, ["points"])["points"]
            lots = self.open_lots(connection)
            sums = dict(
                connection.execute(
                    sa.select(tables.entry_line.c.account, sa.func.sum(tables.entry_line.c.amount))
                    .where(tables.entry_line.c.member_id == self.member_id)
                    .group_by(tables.entry_line.c.account)
                ).all()
            )
        out = sums.get("redeemed", 0) + sums.get("expired", 0)
        assert balance.available + balance.pending == balance.lifetime - out
        assert balance.pending >= 0
        assert self.may_owe or balance.available >= 0
        if balance.available < 0:
            assert not [each for each in lots if each.account == "available"]

    def available(self) -> int:
        with self.database.read() as connection:
            return ledger.balances_of(connection, self.member_id, ["points"])["points"].available

    def open_lots(self, connection: Connection) -> list[Any]:
        lot = tables.lot.c
        return list(
            connection.execute(
                sa.select(tables.lot).where(lot.member_id == self.member_id, lot.remaining > 0)
            )
        )


@pytest.mark.usefixtures("driven_clock")
def test_whatever_is_gained_owed_undone_or_ends_the_books_stay_whole(
    sqlite_database: Database,
) -> None:
    with sqlite_database.write() as connection:
        brand = a_brand(connection)
    books = type("BooksHere", (Books,), {"database": sqlite_database, "brand": brand})
    run_state_machine_as_test(
        books,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
