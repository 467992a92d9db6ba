"""The ledger: one writer, sums of zero, a chain, and no way to change the past."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from factories import a_brand, a_member
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from wallet_service import clock, ledger
from wallet_service.db import Database
from wallet_service.language import phrase
from wallet_service.ledger import Balance, EntryKind, Event, Line, NotEnough, tables
from wallet_service.ledger.errors import Unbalanced
from wallet_service.programme.tables import programme_version

WHY = phrase("because")


def event(key: str, kind: EntryKind = EntryKind.ACCRUAL, **facts: Any) -> Event:
    return Event(
        kind=kind, source="till", key=key, part=0, rule_version=1, occurred_at=clock.now(), **facts
    )


@pytest.fixture
def aino(database: Database) -> str:
    with database.write() as connection:
        return a_member(connection, a_brand(connection)).member_id


def gain(connection: Connection, member_id: str, key: str, amount: int) -> ledger.Entry:
    lines = ledger.gained("points", amount, funder="brand", why=WHY)
    return ledger.post(connection, member_id, event(key), lines)


def spend(connection: Connection, member_id: str, key: str, amount: int) -> ledger.Entry:
    lines = ledger.spent("points", amount, why=WHY)
    return ledger.post(connection, member_id, event(key, EntryKind.REDEMPTION), lines)


def test_entries_are_numbered_and_chained_and_their_sums_are_the_balance(
    database: Database, aino: str
) -> None:
    with database.write() as connection:
        first = gain(connection, aino, "s1", 12)
        second = gain(connection, aino, "s2", 5)
        third = spend(connection, aino, "r1", 10)

        assert [first.number, second.number, third.number] == [1, 2, 3]
        assert second.previous_hash == first.hash
        assert third.previous_hash == second.hash
        assert ledger.balances_of(connection, aino) == {
            "points": Balance(available=7, pending=0, lifetime=17)
        }
        assert ledger.verify(connection, aino) == ()


def test_more_than_there_is_cannot_be_spent(database: Database, aino: str) -> None:
    with database.write() as connection:
        gain(connection, aino, "s1", 12)
    with pytest.raises(NotEnough), database.write() as connection:
        spend(connection, aino, "r1", 13)
    with database.write() as connection:
        assert ledger.balances_of(connection, aino)["points"].available == 12
        assert ledger.verify(connection, aino) == ()


def test_lines_that_do_not_sum_to_zero_are_a_mistake_of_ours(database: Database, aino: str) -> None:
    one = Line(unit="points", account=ledger.Account.AVAILABLE, amount=1)
    with pytest.raises(Unbalanced), database.write() as connection:
        ledger.post(connection, aino, event("s1"), [one])


def test_a_reversed_use_comes_back_and_a_reversed_gain_leaves_no_trace_in_the_balance(
    database: Database, aino: str
) -> None:
    with database.write() as connection:
        first = gain(connection, aino, "s1", 12)
        used = spend(connection, aino, "r1", 7)
        ledger.reverse(connection, aino, used.number, event("v1"), why=WHY)
        assert ledger.balances_of(connection, aino)["points"] == Balance(available=12, lifetime=12)
        ledger.reverse(connection, aino, first.number, event("v2"), why=WHY)
        assert ledger.balances_of(connection, aino)["points"] == Balance()
        assert ledger.verify(connection, aino) == ()


def test_behind_idempotency_a_key_stops_the_same_event_from_being_written_twice(
    database: Database, aino: str
) -> None:
    with database.write() as connection:
        gain(connection, aino, "s1", 12)
    with pytest.raises(DBAPIError), database.write() as connection:
        gain(connection, aino, "s1", 12)


APPEND_ONLY = (tables.entry, tables.entry_line, tables.lot_use, programme_version)


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.name)
def test_the_past_can_be_neither_changed_nor_deleted(
    database: Database, aino: str, table: sa.Table
) -> None:
    with database.write() as connection:
        gain(connection, aino, "s1", 12)
        spend(connection, aino, "r1", 5)
    attempts = [sa.update(table).values(brand_id="other"), sa.delete(table)]
    if not database.is_sqlite:
        attempts.append(sa.text(f"TRUNCATE {table.name} CASCADE"))
    for attempt in attempts:
        with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
            connection.execute(attempt)
    with database.write() as connection:
        assert ledger.verify(connection, aino) == ()


def test_a_cache_that_was_changed_by_hand_is_found(database: Database, aino: str) -> None:
    with database.write() as connection:
        gain(connection, aino, "s1", 12)
        connection.execute(sa.update(tables.balance).values(available=99))
        connection.execute(sa.update(tables.lot).values(remaining=1))
        faults = ledger.verify(connection, aino)
    assert len(faults) == 2


def test_an_entry_that_was_changed_past_the_triggers_is_found(
    sqlite_database: Database, driven_clock: Any
) -> None:
    with sqlite_database.write() as connection:
        member_id = a_member(connection, a_brand(connection)).member_id
        gain(connection, member_id, "s1", 12)
        driven_clock.advance(timedelta(days=1))
        gain(connection, member_id, "s2", 12)
        connection.execute(sa.text("DROP TRIGGER entry_append_only_update"))
        connection.execute(
            sa.update(tables.entry).where(tables.entry.c.number == 1).values(source="forger")
        )
        assert ledger.verify(connection, member_id) == ("Entry 1 is not as it was written.",)


def test_an_entry_that_speaks_no_word_of_the_ledger_stops_no_audit(
    sqlite_database: Database,
) -> None:
    with sqlite_database.write() as connection:
        member_id = a_member(connection, a_brand(connection)).member_id
        gain(connection, member_id, "s1", 12)
        connection.execute(sa.text("DROP TRIGGER entry_append_only_update"))
        connection.execute(sa.update(tables.entry).values(kind="present"))
        assert ledger.verify(connection, member_id) == (
            "Entry 1 cannot be read; what follows was not looked at.",
        )
