"""The card code: short, typed by people, and a mistake is noticed before it stamps a stranger."""

import pytest
from factories import a_brand, a_member
from hypothesis import assume, given
from hypothesis import strategies as st

from wallet_service import ids
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.members import codes
from wallet_service.members.codes import EndedCard, OtherBrandsCard, UnknownCard

BODIES = st.text(alphabet=ids.ALPHABET, min_size=11, max_size=11)


def code_of(body: str) -> str:
    return codes.PREFIX + body + codes._check(body)


@given(BODIES, st.integers(0, 11), st.sampled_from(ids.ALPHABET))
def test_every_single_wrong_character_is_noticed(body: str, place: int, wrong: str) -> None:
    right = code_of(body)
    at = len(codes.PREFIX) + place
    assume(right[at] != wrong)
    assert codes.normalise(right[:at] + wrong + right[at + 1 :]) is None


def test_most_swaps_of_two_neighbours_are_noticed() -> None:
    noticed = swaps = 0
    for first in ids.ALPHABET:
        for second in ids.ALPHABET:
            if first == second:
                continue
            right = code_of("0000" + first + second + "00000")
            at = len(codes.PREFIX) + 4
            swapped = right[:at] + second + first + right[at + 2 :]
            swaps += 1
            noticed += codes.normalise(swapped) is None
    assert noticed / swaps > 0.95


@given(BODIES)
def test_a_code_is_itself_however_it_is_typed(body: str) -> None:
    code = code_of(body)
    bare = code.removeprefix(codes.PREFIX)
    for typed in (
        code,
        bare,
        code.lower(),
        bare.lower(),
        codes.spaced(code),
        f"  LP1 {codes.spaced(code)} ",
        "-".join(bare[start : start + 4] for start in (0, 4, 8)),
        bare.replace("0", "O").replace("1", "I"),
        code.lower().replace("0", "o").replace("1", "l"),
        "1P1" + bare,
        f"{code}.a-signature-of-an-offline-till",
        f"{code}.",
    ):
        assert codes.normalise(typed) == code, typed


@pytest.mark.parametrize(
    "rubbish",
    ["", " ", "LP1", "LP2" + "0" * 12, "0" * 11, "U" * 12, "ä" * 12, "0" * 10_000, "\x00" * 12,
     "https://kielo.example/c/abc", "6400000000000"],
)  # fmt: skip
def test_what_cannot_be_a_code_is_none(rubbish: str) -> None:
    assert codes.normalise(rubbish) is None


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_the_reading(text: str) -> None:
    found = codes.normalise(text)
    assert found is None or codes.normalise(found) == found


def test_people_read_a_code_in_fours() -> None:
    assert codes.spaced("LP1ABCDEFGHJKMN") == "ABCD EFGH JKMN"


def test_a_card_is_found_by_what_was_typed(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    with database.read() as connection:
        found = codes.find(connection, brand.brand_id, codes.spaced(aino.code).lower())
    assert (found.member_id, found.person_id, found.code) == (
        aino.member_id,
        aino.person_id,
        aino.code,
    )


def test_a_card_that_nobody_holds_is_said_aloud(database: Database, brand: Brand) -> None:
    with database.read() as connection, pytest.raises(UnknownCard) as refused:
        codes.find(connection, brand.brand_id, code_of("0" * 11))
    assert refused.value.code == "unknown_card"
    assert refused.value.say.say("en")


def test_another_shops_card_is_said_to_be_that(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    with database.write() as connection:
        other = a_brand(connection, name="Vuokko")
        with pytest.raises(OtherBrandsCard):
            codes.find(connection, other.brand_id, aino.code)


def test_an_ended_card_is_said_to_be_that(database: Database, brand: Brand, aino: Enrolled) -> None:
    with database.write() as connection:
        codes.end(connection, aino.member_id)
        with pytest.raises(EndedCard):
            codes.find(connection, brand.brand_id, aino.code)
        assert codes.of(connection, aino.member_id) == {}


def test_a_new_card_has_a_code_of_its_own(database: Database, brand: Brand, aino: Enrolled) -> None:
    with database.write() as connection:
        mikko = a_member(connection, brand, "Mikko")
        codes.end(connection, aino.member_id)
        new = codes.issue(connection, brand.brand_id, aino.member_id, aino.person_id)
        assert codes.of(connection, aino.member_id) == {aino.person_id: new}
        assert codes.find(connection, brand.brand_id, new).member_id == aino.member_id
    assert len({aino.code, mikko.code, new}) == 3
