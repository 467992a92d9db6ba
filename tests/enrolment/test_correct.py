"""Correcting what is known of a person: what is named changes, what is not stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from factories import a_member

from wallet_service import enrolment, members
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Changes, Enrolled, MemberExists
from wallet_service.members import MemberView
from wallet_service.phones import issued


def correct(database: Database, brand: Brand, who: Enrolled, changes: Changes) -> MemberView:
    database.run(enrolment.correct, brand.brand_id, who.member_id, changes, "tests", actor=COMMAND)
    with database.read() as connection:
        return members.read(connection, brand.brand_id, who.member_id)


def test_what_is_not_named_stays(database: Database, brand: Brand, aino: Enrolled) -> None:
    view = correct(database, brand, aino, {"phone": "+358401234567"})
    assert (view.person.given_name, view.person.family_name) == ("Aino", "Koskela")
    assert view.person.phone == "+358401234567"
    assert correct(database, brand, aino, {"phone": None}).person.phone is None


def test_a_changed_name_is_shown_by_the_pass(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    with database.read() as connection:
        (before,) = issued.of_member(connection, aino.member_id)
    correct(database, brand, aino, {"given_name": "Aino Maria"})
    with database.read() as connection:
        (after,) = issued.of_member(connection, aino.member_id)
    assert after.version == before.version + 1
    assert after.last_modified > before.last_modified


def test_a_consent_taken_back_is_a_withdrawal(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    assert correct(database, brand, aino, {"consents": {"sms": True}}).consents["sms"]
    assert not correct(database, brand, aino, {"consents": {"sms": False}}).consents["sms"]


def test_somebody_elses_address_is_refused_and_ones_own_is_not(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    with database.write() as connection:
        mikko = a_member(connection, brand, "Mikko", email="mikko@kielo.example")
    with pytest.raises(MemberExists) as refused:
        correct(database, brand, aino, {"email": "Mikko@kielo.example"})
    assert refused.value.facts == {"id": mikko.member_id}
    assert correct(database, brand, mikko, {"email": "MIKKO@kielo.example"}).person.email == (
        "MIKKO@kielo.example"
    )


def test_somebody_elses_external_id_is_refused(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    with database.write() as connection:
        a_member(connection, brand, "Mikko", external_id="crm-1")
    with pytest.raises(MemberExists):
        correct(database, brand, aino, {"external_id": "crm-1"})
    assert correct(database, brand, aino, {"external_id": "crm-2"}).member.external_id == "crm-2"
    assert correct(database, brand, aino, {"external_id": None}).member.external_id is None


def test_two_who_take_one_address_at_the_same_moment_do_not_both_get_it(
    database: Database, brand: Brand
) -> None:
    with database.write() as connection:
        everybody = [a_member(connection, brand, f"Member {n}") for n in range(6)]

    def take(who: Enrolled) -> bool:
        try:
            correct(database, brand, who, {"email": "one@kielo.example"})
        except MemberExists:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(take, everybody)).count(True) == 1


def test_a_stranger_cannot_be_corrected(database: Database, brand: Brand) -> None:
    with pytest.raises(LookupError):
        database.run(
            enrolment.correct, brand.brand_id, "nobody", {"phone": "1"}, "tests", actor=COMMAND
        )
