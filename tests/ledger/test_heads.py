"""The end of a day as one hash, the audit of the books, and what a shop owes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from factories import a_brand, a_member
from ledger_books import gain, spend

from wallet_service import ledger
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.ledger import audit, heads, jobs, liability, tables
from wallet_service.ledger import hash as hashing

TODAY = date(2026, 11, 25)
NEW_YEAR = datetime(2026, 12, 31, 22, tzinfo=UTC)  # midnight in Helsinki


def test_a_day_has_a_head_once_it_is_over_by_the_shops_own_clock(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        gain(connection, aino.member_id, "s1", 12)
    assert [head.day for head in jobs.make_heads(database, driven_clock.now())] == [
        TODAY - timedelta(days=1)
    ]
    driven_clock.set_to(datetime(2026, 11, 25, 22, 3, tzinfo=UTC))
    assert jobs.make_heads(database, driven_clock.now()) == []
    driven_clock.set_to(datetime(2026, 11, 27, 22, 6, tzinfo=UTC))
    made = jobs.make_heads(database, driven_clock.now())
    assert [(head.day.day, head.members, head.entries) for head in made] == [
        (25, 1, 1),
        (26, 1, 1),
        (27, 1, 1),
    ]
    assert made[1].previous == made[0].head
    with database.write() as connection:
        gain(connection, aino.member_id, "s2", 12)
        assert list(heads.verify(connection, brand.brand_id)) == []
        assert heads.make(connection, brand.brand_id, TODAY) == made[0]


def test_a_day_written_anew_is_found_even_where_every_hash_was_made_again(
    sqlite_database: Database, driven_clock: Any
) -> None:
    with sqlite_database.write() as connection:
        brand = a_brand(connection)
        member_id = a_member(connection, brand).member_id
        gain(connection, member_id, "s1", 12)
    driven_clock.advance(timedelta(days=1))
    (head,) = jobs.make_heads(sqlite_database, driven_clock.now())
    with sqlite_database.write() as connection:
        assert list(heads.verify(connection, brand.brand_id, {head.day: head.head})) == []
        for trigger in ("entry_append_only_update", "entry_append_only_delete"):
            connection.execute(sa.text(f"DROP TRIGGER {trigger}"))
        connection.execute(sa.delete(tables.entry).where(tables.entry.c.member_id == member_id))
        wrong = list(heads.verify(connection, brand.brand_id))
        lost = list(heads.verify(connection, brand.brand_id, {TODAY: "another"}))
    assert wrong == [f"The entries up to {head.day} are not those that its head was made of."]
    assert f"The head of {head.day} is not the one that was kept elsewhere." in lost


def test_the_audit_goes_on_where_it_stopped_and_keeps_what_it_finds(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        others = [a_member(connection, brand, name).member_id for name in ("Eeva", "Otso")]
        for member_id in (aino.member_id, *others):
            gain(connection, member_id, f"s-{member_id}", 12)
        connection.execute(
            sa.update(tables.balance)
            .where(tables.balance.c.member_id == others[1])
            .values(available=99)
        )
    run = database.run(audit.begin, driven_clock.now())
    for looked_at in (2, 3):
        run = database.run(audit.step, run.audit_id, most=2)
        assert (run.members, run.finished_at) == (looked_at, None)
        assert database.run(audit.begin, driven_clock.now()).audit_id == run.audit_id
    done = jobs.audit_books(database, driven_clock.now())
    assert done is not None
    assert done.finished_at is not None
    assert (done.members, done.entries, done.faults) == (3, 3, 1)
    assert done.first_faults[0].startswith(f"{others[1]}: The balances are ")
    assert jobs.audit_books(database, driven_clock.now()) is None
    driven_clock.advance(timedelta(hours=13))  # midnight in Helsinki
    assert jobs.audit_books(database, driven_clock.now()) is None
    driven_clock.advance(timedelta(hours=2))
    assert jobs.audit_books(database, driven_clock.now()) is not None


def test_a_shop_sees_what_it_owes_and_in_which_month_it_ends(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        eeva = a_member(connection, brand, "Eeva").member_id
        gain(connection, aino.member_id, "s1", 12, expires_at=NEW_YEAR)
        gain(connection, aino.member_id, "s2", 5)
        gain(connection, aino.member_id, "s3", 7, confirm_at=NEW_YEAR)
        gain(connection, aino.member_id, "s4", 3, expires_at=NEW_YEAR + timedelta(days=400))
        spend(connection, eeva, "r1", 4, may_owe=True)
        (owed,) = liability.owed(connection, brand.brand_id, driven_clock.now())
    assert (owed.unit, owed.available, owed.pending, owed.debts) == ("points", 20, 7, 4)
    assert [month.month for month in owed.ends][:2] == ["2026-11", "2026-12"]
    assert [month.amount for month in owed.ends] == [0, 12, *[0] * 10]
    assert (owed.later, owed.open_end) == (3, 5)


def test_a_shop_sees_what_ended_unused_within_a_year(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        gain(connection, aino.member_id, "s1", 12, expires_at=NEW_YEAR)
        gain(connection, aino.member_id, "s2", 5)
        spend(connection, aino.member_id, "r1", 4)
    driven_clock.set_to(NEW_YEAR)
    jobs.expire(database, NEW_YEAR)
    with database.read() as connection:
        assert liability.unused(connection, brand.brand_id, NEW_YEAR) == {"points": 8}
        later = NEW_YEAR + timedelta(days=367)
        assert liability.unused(connection, brand.brand_id, later) == {}


def test_entries_of_the_first_formula_still_verify(
    sqlite_database: Database, driven_clock: Any, monkeypatch: Any
) -> None:
    with sqlite_database.write() as connection:
        member_id = a_member(connection, a_brand(connection)).member_id
        chained, facts = hashing.chained, hashing.line_facts
        with monkeypatch.context() as before:
            before.setattr(hashing, "FORMULA", 1)
            before.setattr(hashing, "chained", lambda **told: chained(**told, formula=1))
            before.setattr(hashing, "line_facts", lambda **told: facts(**told, formula=1))
            assert gain(connection, member_id, "s1", 12).formula == 1
        assert gain(connection, member_id, "s2", 12, confirm_at=NEW_YEAR).formula == 2
        assert ledger.verify(connection, member_id) == ()
