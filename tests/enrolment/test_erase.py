"""Going: whoever is erased is found nowhere, and the books stay whole."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from factories import ISSUING, a_brand

from wallet_service import clock, enrolment, members, sales
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled, NewMember
from wallet_service.members import codes, people, tables
from wallet_service.members.codes import EndedCard
from wallet_service.phones import issued
from wallet_service.sales import Counter, StampsTold

PERSONAL = {
    "given_name": "Ainokainen",
    "family_name": "Koskelainen",
    "email": "ainokainen@kielo.example",
    "phone": "+358 40 555 1234",
    "birthday": date(1991, 2, 27),
    "external_id": "crm-ainokainen",
    "attributes": {"allergy": "chrysanthemum"},
    "consents": {"email": True, "sms": True},
}
TRACES = (
    "Ainokainen", "ainokainen", "Koskelainen", "555 1234", "1991-02-27", "chrysanthemum",
)  # fmt: skip


@pytest.fixture
def leaver(database: Database, brand: Brand) -> Enrolled:
    """A member of whom much is known, with stamps and a corrected name."""
    new = NewMember(**PERSONAL)
    who = database.run(enrolment.enrol, brand.brand_id, new, "tests", ISSUING)
    counter = Counter(brand_id=brand.brand_id, source="tests")
    stamps = StampsTold(event_id="s-1", code=who.code, count=2, occurred_at=clock.now())
    database.run(sales.stamp, counter, stamps)
    database.run(
        enrolment.correct,
        brand.brand_id,
        who.member_id,
        {"family_name": "Koskelainen-Aho"},
        "tests",
        actor=COMMAND,
    )
    return who


def everything(database: Database) -> Iterator[tuple[str, str]]:
    """Each row of each table, as text."""
    with database.read() as connection:
        for table in sorted(tables.member.metadata.tables.values(), key=lambda each: each.name):
            for row in connection.execute(sa.select(table)):
                yield table.name, repr(tuple(row))


def traces(database: Database) -> list[tuple[str, str]]:
    return [(name, trace) for name, row in everything(database) for trace in TRACES if trace in row]


def erase(database: Database, brand: Brand, who: Enrolled) -> None:
    database.run(enrolment.erase, brand.brand_id, who.member_id, actor=COMMAND)


def test_whoever_is_erased_stands_in_no_table(
    database: Database, brand: Brand, leaver: Enrolled
) -> None:
    assert {name for name, _ in traces(database)} >= {"person", "member"}
    erase(database, brand, leaver)
    assert traces(database) == []


def test_not_a_byte_is_left_in_the_file(
    sqlite_database: Database,
) -> None:
    # The same story on SQLite, read as whoever finds the file would read it.
    with sqlite_database.write() as connection:
        brand = a_brand(connection)
    new = NewMember(**PERSONAL)
    who = sqlite_database.run(enrolment.enrol, brand.brand_id, new, "tests", ISSUING)
    sqlite_database.checkpoint()
    file = Path(str(sqlite_database.url.database))
    assert b"Koskelainen" in file.read_bytes()

    erase(sqlite_database, brand, who)
    sqlite_database.checkpoint()

    left = file.read_bytes()
    assert [trace for trace in TRACES if trace.encode() in left] == []


def test_the_books_stay_whole_under_the_members_id(
    database: Database, brand: Brand, leaver: Enrolled
) -> None:
    def books() -> list[tuple[str, str]]:
        kept = {"entry", "entry_line", "lot", "lot_use", "balance", "sale"}
        return [(name, row) for name, row in everything(database) if name in kept]

    before = books()
    erase(database, brand, leaver)
    assert books() == before
    assert any(leaver.member_id in row for _, row in before)


def test_an_erased_member_is_found_no_more_and_the_card_has_ended(
    database: Database, brand: Brand, leaver: Enrolled
) -> None:
    erase(database, brand, leaver)
    with database.read() as connection:
        with pytest.raises(LookupError):
            members.read(connection, brand.brand_id, leaver.member_id)
        with pytest.raises(EndedCard):
            codes.find(connection, brand.brand_id, leaver.code)
        assert people.of(connection, leaver.member_id) == ()
        assert members.search(connection, brand.brand_id) == ((), None)


def test_the_phones_are_told_that_the_pass_is_void(
    database: Database, brand: Brand, leaver: Enrolled
) -> None:
    with database.read() as connection:
        (before,) = issued.of_member(connection, leaver.member_id)
    erase(database, brand, leaver)
    with database.read() as connection:
        (after,) = issued.of_member(connection, leaver.member_id)
    assert after.version > before.version


def test_the_erasure_is_listed_for_the_day_a_backup_is_restored(
    database: Database, brand: Brand, leaver: Enrolled
) -> None:
    erase(database, brand, leaver)
    with database.read() as connection:
        row = connection.execute(sa.select(tables.erasure)).one()
    assert (row.member_id, row.brand_id) == (leaver.member_id, brand.brand_id)


def test_a_second_erasure_finds_nobody(database: Database, brand: Brand, leaver: Enrolled) -> None:
    erase(database, brand, leaver)
    with pytest.raises(LookupError):
        erase(database, brand, leaver)


def test_the_address_is_free_again_for_a_new_beginning(
    database: Database, brand: Brand, leaver: Enrolled
) -> None:
    erase(database, brand, leaver)
    again = database.run(enrolment.enrol, brand.brand_id, NewMember(**PERSONAL), "tests", ISSUING)
    assert again.is_new
    assert again.member_id != leaver.member_id
