"""The audit log: written with the change, never without one, whole or it shows."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa
from factories import a_brand, a_cashier, a_till

from wallet_service import audit, brands
from wallet_service.audit import COMMAND, SERVICE, Actor
from wallet_service.brands import Brand, api_keys, locations, staff, tills
from wallet_service.brands.levels import LevelName
from wallet_service.db import Database
from wallet_service.language import phrase

ANNA = Actor(kind="staff", id="anna", name="Anna")


def lines(database: Database, brand: Brand) -> list[str]:
    with database.read() as connection:
        return [each.say.say("en") for each in audit.read(connection, brand.brand_id)]


def wrong(database: Database, brand: Brand) -> list[str]:
    with database.read() as connection:
        return list(audit.verify(connection, brand.brand_id))


def write(database: Database, brand: Brand, words: str = "{who} did it") -> None:
    with database.write() as connection:
        audit.write(connection, brand.brand_id, ANNA, phrase(words), what="tests")


@pytest.mark.parametrize(
    ("actor", "begins"),
    [
        (ANNA, "Anna did it"),
        (COMMAND, "The command line did it"),
        (SERVICE, "The service did it"),
        (Actor(kind="key", id="k", name="POS"), "The key POS did it"),
    ],
)
def test_a_line_says_who(database: Database, brand: Brand, actor: Actor, begins: str) -> None:
    with database.write() as connection:
        audit.write(connection, brand.brand_id, actor, phrase("{who} did it"), what="tests")
    assert lines(database, brand)[0] == begins


def test_what_is_undone_leaves_no_line_and_no_gap(database: Database, brand: Brand) -> None:
    before = lines(database, brand)
    with database.engine.connect() as connection, connection.begin() as change:
        audit.write(connection, brand.brand_id, ANNA, phrase("{who} did it"), what="tests")
        change.rollback()
    assert lines(database, brand) == before
    write(database, brand)
    assert wrong(database, brand) == []


def test_eight_at_once_number_without_a_gap(database: Database, brand: Brand) -> None:
    with database.read() as connection:
        before = audit.count(connection, brand.brand_id)

    def work(number: int) -> None:
        for turn in range(5):
            say = phrase("{who} wrote {n}", n=f"{number}.{turn}")
            database.run(audit.write, brand.brand_id, ANNA, say, what="tests")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with database.read() as connection:
        read = audit.read(connection, brand.brand_id, limit=100)
        assert audit.count(connection, brand.brand_id) == before + 40
    assert [each.number for each in read] == list(range(before + 40, 0, -1))
    assert len({each.say.say("en") for each in read if each.what == "tests"}) == 40
    assert wrong(database, brand) == []


def test_a_log_is_read_page_by_page(database: Database, brand: Brand) -> None:
    for _ in range(5):
        write(database, brand)
    with database.read() as connection:
        first = audit.read(connection, brand.brand_id, limit=2)
        second = audit.read(connection, brand.brand_id, before=first[-1].number, limit=2)
    numbers = [each.number for each in (*first, *second)]
    assert numbers == list(range(numbers[0], numbers[0] - 4, -1))


def test_each_brand_has_a_log_of_its_own(database: Database, brand: Brand) -> None:
    with database.write() as connection:
        other = a_brand(connection, "Rove")
    before = lines(database, other)
    write(database, brand)
    assert lines(database, other) == before


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("UPDATE audit_entry SET actor_name = 'Otto' WHERE number = 2", "Line 2 of the audit log"),
        ("DELETE FROM audit_entry WHERE number = 2", "Line 2 of the audit log is missing"),
        ("DELETE FROM audit_entry WHERE number = 5", "The end of the audit log is missing"),
    ],
)
def test_whoever_gets_past_the_triggers_is_seen(
    database: Database, brand: Brand, harm: str, says: str
) -> None:
    with database.read() as connection:
        there = audit.count(connection, brand.brand_id)
    for _ in range(5 - there):
        write(database, brand)
    with database.write() as connection:
        for trigger in audit_triggers(database):
            connection.execute(sa.text(trigger))
        connection.execute(sa.text(harm))
    assert any(sentence.startswith(says) for sentence in wrong(database, brand))


def audit_triggers(database: Database) -> list[str]:
    if database.is_sqlite:
        return [
            "DROP TRIGGER audit_entry_append_only_update",
            "DROP TRIGGER audit_entry_append_only_delete",
        ]
    return ["DROP TRIGGER audit_entry_append_only_row ON audit_entry"]


def test_every_change_is_told_once_and_nothing_changed_is_not_told(
    database: Database, brand: Brand
) -> None:
    with database.write() as connection:
        otto = a_cashier(connection, brand, "Otto")
        counter = a_till(connection, brand)
        shop = locations(connection, brand.brand_id)[0]
        other = brands.add_location(connection, brand.brand_id, name="Töölö", actor=COMMAND)
        key, _ = api_keys.create(
            connection, brand.brand_id, name="POS", scopes=["sales"], actor=COMMAND
        )
    before = len(lines(database, brand))

    moved = replace(counter, location_id=other.location_id)
    for _ in range(2):
        with database.write() as connection:
            brands.change(connection, replace(brand, name="Kielo & Co"), actor=COMMAND)
            brands.set_level(connection, brand.brand_id, LevelName.CHAIN, actor=COMMAND)
            brands.location.change(connection, replace(shop, name="Kallio"), actor=COMMAND)
            tills.change(connection, moved, actor=COMMAND)
            staff.change(connection, replace(otto, name="Otto H."), actor=COMMAND)
            staff.unlock(connection, otto, actor=COMMAND)
    with database.write() as connection:
        api_keys.replace(connection, key, actor=COMMAND)
        staff.end(connection, otto, actor=COMMAND)

    told = lines(database, brand)
    assert list(reversed(told[: len(told) - before])) == [
        "The command line renamed the brand from Kielo to Kielo & Co",
        "The command line raised the level of security from shop to chain",
        "The command line renamed the shop Kielo, Kallio to Kallio",
        "The command line moved the till Counter from Kallio to Töölö",
        "The command line renamed Otto to Otto H.",
        "The command line replaced the key POS by a new one",
        "The command line let Otto H. go",
    ]
    assert wrong(database, brand) == []


def test_no_secret_stands_in_the_log(database: Database, brand: Brand) -> None:
    with database.write() as connection:
        a_cashier(connection, brand, "Otto", pin="8642")
        _, secret = api_keys.create(
            connection, brand.brand_id, name="POS", scopes=["sales"], actor=COMMAND
        )
        code = tills.pairing_code(connection, a_till(connection, brand), actor=COMMAND)
        rows = str(connection.execute(sa.select(audit.audit_entry)).all())
    for hidden in ("8642", secret.rpartition("_")[2], code, code.replace(" ", "")):
        assert hidden not in rows
