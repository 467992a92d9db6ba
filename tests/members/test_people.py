"""People and members: what a screen may show of a name, who is who, and what is found."""

import dataclasses

import pytest
from factories import a_brand, a_member

from wallet_service import members
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.members import codes, people
from wallet_service.members.people import Person

AINO = Person(
    member_id="m", person_id="p", role="holder", given_name="Aino", family_name="Koskela",
    email=None, phone=None, birthday=None, language="fi",
)  # fmt: skip


@pytest.mark.parametrize(
    ("given_name", "family_name", "shown"),
    [
        ("Aino", "Koskela", "Aino K."),
        ("Aino", "", "Aino"),
        ("Åke", "Öhman", "Åke Ö."),
        ("Anna Maria", "von Essen", "Anna Maria v."),
    ],
)
def test_a_screen_in_a_shop_shows_first_name_and_initial(
    given_name: str, family_name: str, shown: str
) -> None:
    person = dataclasses.replace(AINO, given_name=given_name, family_name=family_name)
    assert person.short_name == shown


def test_two_addresses_are_the_same_whatever_their_case() -> None:
    assert people.email_key(" Aino@Kielo.Example ") == people.email_key("aino@kielo.example")
    assert people.email_key("aino@kielo.example") != people.email_key("aino2@kielo.example")


def test_a_member_has_its_people_and_nobody_elses(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    with database.write() as connection:
        a_member(connection, brand, "Mikko")
        (person,) = people.of(connection, aino.member_id)
        assert person == people.get(connection, aino.member_id, aino.person_id)
        assert (person.given_name, person.family_name) == ("Aino", "Koskela")
        with pytest.raises(LookupError):
            people.get(connection, aino.member_id, "nobody")


@pytest.mark.parametrize(
    "query", ["aino", "Koskela", "no kos", "aino@", "+358 40", "{code}", "{code_in_fours}"]
)
def test_a_member_is_found_by_a_part_of_what_is_known(
    database: Database, brand: Brand, query: str
) -> None:
    with database.write() as connection:
        a_member(connection, brand, "Mikko", "Virtanen", email="mikko@kielo.example")
        aino = a_member(
            connection, brand, "Aino", "Koskela", email="Aino@kielo.example", phone="+358 40 123"
        )
        query = query.replace("{code}", aino.code)
        query = query.replace("{code_in_fours}", codes.spaced(aino.code))
        found, following = members.search(connection, brand.brand_id, query=query)
    assert [view.member.member_id for view in found] == [aino.member_id]
    assert following is None


@pytest.mark.parametrize("query", ["%", "_", "100%", "' OR 1=1 --"])
def test_signs_that_mean_something_to_a_database_mean_nothing_here(
    database: Database, brand: Brand, aino: Enrolled, query: str
) -> None:
    with database.read() as connection:
        assert members.search(connection, brand.brand_id, query=query) == ((), None)


def test_a_list_is_turned_page_by_page_and_nobody_comes_twice(
    database: Database, brand: Brand
) -> None:
    with database.write() as connection:
        enrolled = [a_member(connection, brand, f"Member {n}").member_id for n in range(7)]
        seen, after = [], None
        while True:
            page, after = members.search(connection, brand.brand_id, after=after, limit=3)
            seen += [view.member.member_id for view in page]
            if after is None:
                break
    assert seen == sorted(enrolled)


def test_a_shop_sees_its_own_members_alone(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    with database.write() as connection:
        other = a_brand(connection, name="Vuokko")
        assert members.search(connection, other.brand_id) == ((), None)
        with pytest.raises(LookupError):
            members.read(connection, other.brand_id, aino.member_id)
