"""Passes are issued once a person, and every change leaves one word for the phones."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from wallet_service import clock
from wallet_service.db import Database
from wallet_service.keys import Keyring
from wallet_service.language import Words, phrase
from wallet_service.phones import issued, news, outbox
from wallet_service.phones.tables import outbox as outbox_table

PASS_TYPE = "pass.example.practice"


def issue(connection, member_id="m1", person_id="p1", key_id="k1"):
    return issued.issue(
        connection,
        member_id=member_id,
        person_id=person_id,
        brand_id="b1",
        pass_type_identifier=PASS_TYPE,
        key_id=key_id,
    )


def word_about(database, issued_pass):
    with database.read() as connection:
        return connection.execute(
            sa.select(outbox_table).where(
                outbox_table.c.member_id == issued_pass.member_id,
                outbox_table.c.pass_id == issued_pass.pass_id,
            )
        ).one_or_none()


def test_a_person_gets_one_pass_however_often_it_is_asked_for(database: Database) -> None:
    first = database.run(issue)
    again = database.run(issue, key_id="a later key")

    assert again == first
    assert re.fullmatch(r"[A-Za-z0-9]{24}", first.serial_number)
    other = database.run(issue, person_id="p2")
    assert other.serial_number != first.serial_number
    with database.read() as connection:
        assert len(issued.of_member(connection, "m1")) == 2
        assert issued.by_serial(connection, PASS_TYPE, first.serial_number) == first
        assert issued.by_serial(connection, "pass.other", first.serial_number) is None


def test_twelve_changes_in_one_second_have_twelve_dates(
    database: Database, driven_clock: object
) -> None:
    card = database.run(issue)
    dates = []
    for _ in range(12):
        database.run(outbox.changed, "m1")
        with database.read() as connection:
            found = issued.by_serial(connection, PASS_TYPE, card.serial_number)
        assert found is not None
        dates.append(issued.last_modified_http(found))

    assert len(set(dates)) == 12
    assert dates[0] == "Wed, 25 Nov 2026 09:00:01 GMT"
    assert dates[-1] == "Wed, 25 Nov 2026 09:00:12 GMT"


def test_many_changes_are_one_word_of_the_last_version(database: Database) -> None:
    card = database.run(issue)
    for _ in range(3):
        database.run(outbox.changed, "m1", priority=outbox.CAMPAIGN)
    database.run(outbox.changed, "m1")

    word = word_about(database, card)
    assert word is not None
    assert word.version == 5
    assert word.priority == outbox.INTERACTIVE
    assert word.lane == f"apns:{PASS_TYPE}"


def test_a_later_campaign_neither_delays_nor_hides_what_is_due(
    database: Database, driven_clock: object
) -> None:
    card = database.run(issue)
    database.run(outbox.changed, "m1")
    database.run(
        outbox.changed,
        "m1",
        priority=outbox.CAMPAIGN,
        due_at=clock.now() + timedelta(hours=2),
    )

    word = word_about(database, card)
    assert word is not None
    assert (word.priority, word.due_at) == (outbox.INTERACTIVE, clock.now())


def test_a_change_that_is_undone_leaves_no_word(database: Database) -> None:
    card = database.run(issue)

    def change_and_fail(connection):
        outbox.changed(connection, "m1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run(change_and_fail)

    word = word_about(database, card)
    assert word is not None
    assert word.version == 1


def test_the_worker_is_woken_by_the_commit_and_not_before(database: Database) -> None:
    database.run(issue)
    database.woken.clear()
    with database.write() as connection:
        outbox.changed(connection, "m1")
        assert not database.woken.is_set()
    assert database.woken.is_set()


def test_what_time_alone_changes_is_woken_at_its_time(
    database: Database, driven_clock: object
) -> None:
    card = database.run(issue)
    opens = clock.now() + timedelta(days=1)
    table = issued.issued_pass
    with database.write() as connection:
        connection.execute(sa.update(table).values(next_change_at=opens))
    assert database.run(outbox.wake_due_passes, clock.now()) == 0

    clock.set_to(opens)
    assert database.run(outbox.wake_due_passes, clock.now()) == 1
    assert database.run(outbox.wake_due_passes, clock.now()) == 0
    word = word_about(database, card)
    assert word is not None
    assert word.version == 2


def test_the_authentication_token_never_changes_and_is_each_passs_own(
    database: Database, keyring: Keyring
) -> None:
    mine = database.run(issue, key_id=keyring.current_id)
    theirs = database.run(issue, member_id="m2", person_id="p9", key_id=keyring.current_id)
    token = issued.authentication_token(keyring, mine.serial_number, mine.key_id)

    rotated = Keyring(["a newer key, put in front of the old one", *_OLD])
    assert issued.authentication_token(rotated, mine.serial_number, mine.key_id) == token
    assert issued.authentication_token(keyring, theirs.serial_number, theirs.key_id) != token
    assert len(token) == 43


_OLD = ["a key of the tests, long enough to be taken"]


def test_the_newest_sentence_comes_first_and_the_sixth_is_the_last(database: Database) -> None:
    for number in range(1, 9):
        database.run(news.tell, "m1", phrase("{have} of {of} stamps.", have=number, of=10))

    with database.read() as connection:
        told = news.latest(connection, "m1")
    assert [each.words["en"][0] for each in told] == ["8", "7", "6", "5", "4", "3"]
    assert told[0].number == 8

    assert (told[0].words["en"], told[0].words["fi"]) == ("8 of 10 stamps.", "8/10 leimaa.")

    database.run(news.forget, "m1")
    with database.read() as connection:
        assert news.latest(connection, "m1") == ()


def test_a_sentence_is_kept_with_the_language_of_each_of_its_words(database: Database) -> None:
    rest = Words(words={"fi": "Enää yksi."}, fallback="fi")
    database.run(news.tell, "m1", phrase("{have} of {of}. {rest}", have=9, of=10, rest=rest))

    with database.read() as connection:
        told = news.latest(connection, "m1", 1)[0]
    assert told.words["sv"] == "9 av 10. Enää yksi."
    assert [(piece.text, piece.language) for piece in told.pieces["sv"]] == [
        ("9 av 10. ", "sv"),
        ("Enää yksi.", "fi"),
    ]
