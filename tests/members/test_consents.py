"""Consents: each yes and each no is kept, with its wording, its source and its time."""

from types import ModuleType

import pytest
import sqlalchemy as sa

from wallet_service import clock
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.members import consents, tables


def answer(database: Database, who: Enrolled, wording: str = "florist 1", **answers: bool) -> None:
    with database.write() as connection:
        consents.record(
            connection, who.member_id, who.person_id, answers, wording=wording, source="till:1"
        )


def holding(database: Database, who: Enrolled) -> dict[str, bool]:
    with database.read() as connection:
        return consents.of(connection, who.member_id, who.person_id)


def history(database: Database, who: Enrolled) -> list[tuple[object, ...]]:
    with database.read() as connection:
        rows = connection.execute(
            sa.select(tables.consent)
            .where(tables.consent.c.member_id == who.member_id)
            .order_by(tables.consent.c.channel, tables.consent.c.number)
        )
        return [(row.channel, row.number, row.granted, row.wording) for row in rows]


def test_never_asked_means_no(database: Database, aino: Enrolled) -> None:
    assert holding(database, aino) == dict.fromkeys(consents.CHANNELS, False)
    assert history(database, aino) == []


def test_a_yes_holds_for_its_channel_alone(database: Database, aino: Enrolled) -> None:
    answer(database, aino, email=True)
    assert holding(database, aino) == {
        "pass": False, "email": True, "sms": False, "web_push": False
    }  # fmt: skip


def test_the_history_stays_when_somebody_changes_their_mind(
    database: Database, aino: Enrolled
) -> None:
    answer(database, aino, email=True)
    answer(database, aino, email=False)
    answer(database, aino, "florist 2", email=True)
    assert holding(database, aino)["email"]
    assert history(database, aino) == [
        ("email", 1, True, "florist 1"),
        ("email", 2, False, "florist 1"),
        ("email", 3, True, "florist 2"),
    ]


def test_the_same_answer_again_is_no_new_row(database: Database, aino: Enrolled) -> None:
    for _ in range(3):
        answer(database, aino, sms=True, email=False)
    assert history(database, aino) == [("sms", 1, True, "florist 1")]


def test_an_answer_keeps_who_asked_and_when(
    database: Database, aino: Enrolled, driven_clock: ModuleType
) -> None:
    answer(database, aino, sms=True)
    with database.read() as connection:
        row = connection.execute(sa.select(tables.consent)).one()
    assert (row.source, row.at, row.purpose) == ("till:1", clock.now(), "marketing")


def test_a_channel_that_does_not_exist_is_refused(database: Database, aino: Enrolled) -> None:
    with pytest.raises(ValueError, match="pigeon"):
        answer(database, aino, pigeon=True)
    assert history(database, aino) == []
