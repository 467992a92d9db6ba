"""Coming: a new member has a card, a pass and a welcome; the same person twice is one member."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import ModuleType

import pytest
import sqlalchemy as sa
from factories import ISSUING, a_brand, a_member

from wallet_service import clock, enrolment, members
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled, MemberExists, NewMember
from wallet_service.members import codes, consents, people, tables
from wallet_service.phones import issued, news


def enrol(database: Database, brand: Brand, **facts: object) -> Enrolled:
    new = NewMember(**{"given_name": "Aino", **facts})
    return database.run(enrolment.enrol, brand.brand_id, new, "tests", ISSUING)


def how_many(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(
            sa.select(sa.func.count()).select_from(tables.member)
        ).scalar_one()


def test_a_new_member_has_a_card_a_pass_and_a_welcome(database: Database, brand: Brand) -> None:
    aino = enrol(database, brand)
    with database.read() as connection:
        assert codes.find(connection, brand.brand_id, aino.code).member_id == aino.member_id
        (issued_pass,) = issued.of_member(connection, aino.member_id)
        (welcome,) = news.latest(connection, aino.member_id)
    assert aino.is_new
    assert issued_pass.person_id == aino.person_id
    assert "Kielo" in welcome.words["en"]
    assert set(welcome.words) == {"en", "fi", "sv"}


def test_all_that_was_told_is_kept(
    database: Database, brand: Brand, driven_clock: ModuleType
) -> None:
    aino = enrol(
        database, brand, family_name="Koskela", email="Aino@Kielo.example", phone="+358401234567",
        language="fi", birthday=date(1990, 2, 28), external_id="crm-1",
        attributes={"shoe size": 38}, consents={"email": True, "sms": False},
    )  # fmt: skip
    with database.read() as connection:
        view = members.read(connection, brand.brand_id, aino.member_id)
    person = view.person
    assert (person.given_name, person.family_name) == ("Aino", "Koskela")
    assert (person.email, person.phone) == ("Aino@Kielo.example", "+358401234567")
    assert (person.language, person.birthday) == ("fi", date(1990, 2, 28))
    assert person.attributes == {"shoe size": 38}
    assert (view.member.external_id, view.member.joined_at) == ("crm-1", clock.now())
    assert view.consents == {"pass": False, "email": True, "sms": False, "web_push": False}
    assert view.code == aino.code


@pytest.mark.parametrize(("asked", "spoken"), [("sv", "sv"), (None, "en"), ("tlh", "en")])
def test_who_says_no_language_is_spoken_to_in_the_shops(
    database: Database, brand: Brand, asked: str | None, spoken: str
) -> None:
    aino = enrol(database, brand, language=asked)
    with database.read() as connection:
        assert people.get(connection, aino.member_id, aino.person_id).language == spoken


def test_a_register_sent_twice_makes_each_member_once(database: Database, brand: Brand) -> None:
    first = enrol(database, brand, external_id="crm-1")
    again = enrol(database, brand, external_id="crm-1", given_name="Somebody else")
    assert first.is_new
    assert not again.is_new
    assert (again.member_id, again.person_id, again.code) == (
        first.member_id,
        first.person_id,
        first.code,
    )
    with database.read() as connection:
        assert people.of(connection, first.member_id)[0].given_name == "Aino"


def test_the_same_external_id_in_another_shop_is_another_member(
    database: Database, brand: Brand
) -> None:
    with database.write() as connection:
        other = a_brand(connection, name="Vuokko")
    assert enrol(database, other, external_id="1").member_id != (
        enrol(database, brand, external_id="1").member_id
    )


def test_an_address_that_a_member_has_is_refused_with_that_members_id(
    database: Database, brand: Brand
) -> None:
    aino = enrol(database, brand, email="aino@kielo.example")
    with pytest.raises(MemberExists) as refused:
        enrol(database, brand, email=" AINO@kielo.example")
    assert refused.value.code == "member_exists"
    assert refused.value.facts == {"id": aino.member_id}
    assert how_many(database) == 1


def test_two_who_join_with_one_address_at_the_same_moment_are_one_member(
    database: Database, brand: Brand
) -> None:
    def join(n: int) -> str:
        try:
            return enrol(database, brand, email="aino@kielo.example", given_name=f"A{n}").member_id
        except MemberExists as exists:
            return f"exists {exists.facts['id']}"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(join, range(6)))
    (made,) = [answer for answer in answers if not answer.startswith("exists")]
    assert sorted(answers) == sorted([made, *[f"exists {made}"] * 5])
    assert how_many(database) == 1


def test_a_list_that_two_crms_send_at_once_makes_each_member_once(
    database: Database, brand: Brand
) -> None:
    def send(_: int) -> Enrolled:
        return enrol(database, brand, external_id="crm-1")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert len({answer.member_id for answer in answers}) == 1
    assert [answer.is_new for answer in answers].count(True) == 1
    assert how_many(database) == 1


def test_a_refused_member_leaves_nothing_behind(database: Database, brand: Brand) -> None:
    enrol(database, brand, email="aino@kielo.example")
    before = snapshot(database)
    with pytest.raises(MemberExists):
        enrol(database, brand, email="aino@kielo.example", external_id="crm-2")
    assert snapshot(database) == before


def snapshot(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in tables.member.metadata.sorted_tables
        }


def test_a_register_brought_along_keeps_when_people_joined(
    database: Database, brand: Brand, driven_clock: ModuleType
) -> None:
    long_ago = clock.now().replace(year=2019)
    with database.write() as connection:
        aino = a_member(connection, brand, joined_at=long_ago)
        assert members.lock(connection, aino.member_id).joined_at == long_ago


def test_a_yes_is_kept_with_the_programmes_present_wording(
    database: Database, brand: Brand
) -> None:
    aino = enrol(database, brand, consents={"email": True})
    with database.read() as connection:
        row = connection.execute(
            sa.select(tables.consent).where(tables.consent.c.member_id == aino.member_id)
        ).one()
        assert consents.of(connection, aino.member_id, aino.person_id)["email"]
    assert row.wording
    assert row.source == "tests"
