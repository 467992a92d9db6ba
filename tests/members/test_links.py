"""The two links of a person: derived, never stored; whoever tampers holds nothing."""

from datetime import timedelta
from types import ModuleType

import pytest
import sqlalchemy as sa
from factories import KEYRING, a_member
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.keys import Keyring
from wallet_service.members import links as links_room
from wallet_service.members import tables
from wallet_service.members.links import DeadLink, Links, Opened, _parts

LINKS = Links(keyring=KEYRING, base_url="https://kielo.example")


def token_of(url: str) -> str:
    return url.removeprefix("https://kielo.example/c/").removesuffix("/card")


def invitation(database: Database, who: Enrolled, links: Links = LINKS) -> str:
    with database.read() as connection:
        return token_of(links.invitation_url(connection, who.member_id, who.person_id))


def card_link(database: Database, who: Enrolled, links: Links = LINKS) -> str:
    with database.read() as connection:
        return token_of(links.card_url(connection, who.member_id, who.person_id))


def opened(database: Database, token: str, links: Links = LINKS) -> Opened | None:
    with database.read() as connection:
        try:
            return links.open(connection, token)
        except DeadLink:
            return None


def test_each_of_the_two_links_says_whose_and_which_it_is(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    for kind, token in (
        ("invitation", invitation(database, aino)),
        ("card", card_link(database, aino)),
    ):
        assert opened(database, token) == Opened(
            kind=kind,
            brand_id=brand.brand_id,
            member_id=aino.member_id,
            person_id=aino.person_id,
        )


def test_a_link_stands_in_an_address_as_it_is(database: Database, aino: Enrolled) -> None:
    with database.read() as connection:
        invited = LINKS.invitation_url(connection, aino.member_id, aino.person_id)
        card = LINKS.card_url(connection, aino.member_id, aino.person_id)
    assert invited == f"https://kielo.example/c/{token_of(invited)}"
    assert card == f"https://kielo.example/c/{token_of(card)}/card"
    assert token_of(invited).isalnum()


def test_the_link_is_the_same_each_time_and_stands_nowhere(
    database: Database, aino: Enrolled
) -> None:
    token = invitation(database, aino)
    assert invitation(database, aino) == token
    with database.read() as connection:
        kept = str(connection.execute(sa.select(tables.person)).all())
    assert token not in kept
    assert token[-26:] not in kept


def test_every_single_changed_character_kills_the_link(database: Database, aino: Enrolled) -> None:
    token = invitation(database, aino)
    with database.read() as connection:
        for place, was in enumerate(token):
            wrong = "0" if was != "0" else "2"
            with pytest.raises(DeadLink):
                LINKS.open(connection, token[:place] + wrong + token[place + 1 :])


def test_an_invitation_does_not_open_as_a_card_nor_the_other_way_round(
    database: Database, aino: Enrolled
) -> None:
    assert opened(database, "k" + invitation(database, aino)[1:]) is None
    assert opened(database, "i" + card_link(database, aino)[1:]) is None


def test_one_persons_proof_opens_nobody_elses_card(
    database: Database, brand: Brand, aino: Enrolled
) -> None:
    with database.write() as connection:
        mikko = a_member(connection, brand, "Mikko")
    stolen = card_link(database, aino).replace(aino.person_id, mikko.person_id)
    assert opened(database, stolen) is None


def test_an_invitation_ends_after_ninety_days_and_the_card_link_does_not(
    database: Database, brand: Brand, driven_clock: ModuleType
) -> None:
    with database.write() as connection:
        aino = a_member(connection, brand)
    invited, card = invitation(database, aino), card_link(database, aino)
    driven_clock.advance(timedelta(days=89, hours=23))
    assert opened(database, invited) is not None
    driven_clock.advance(timedelta(hours=1))
    assert opened(database, invited) is None
    driven_clock.advance(timedelta(days=3650))
    assert opened(database, card) is not None


def test_a_revoked_invitation_is_dead_and_the_next_one_is_another(
    database: Database, aino: Enrolled
) -> None:
    old, card = invitation(database, aino), card_link(database, aino)
    with database.write() as connection:
        links_room.revoke_invitation(connection, aino.member_id, aino.person_id)
    new = invitation(database, aino)
    assert new != old
    assert opened(database, old) is None
    assert opened(database, new) is not None
    assert opened(database, card) is not None


def test_a_revoked_link_with_the_new_generation_written_in_is_still_dead(
    database: Database, aino: Enrolled
) -> None:
    old = invitation(database, aino)
    with database.write() as connection:
        links_room.revoke_invitation(connection, aino.member_id, aino.person_id)
    new = invitation(database, aino)
    forged = new[:-26] + old[-26:]
    assert forged != new
    assert opened(database, forged) is None


def test_after_a_key_is_put_in_front_the_old_links_still_open(
    database: Database, aino: Enrolled
) -> None:
    token = card_link(database, aino)
    rotated = Links(
        keyring=Keyring(
            ["a newer key of the tests, long enough", "a key of the tests, long enough to be taken"]
        ),
        base_url=LINKS.base_url,
    )
    assert opened(database, token, rotated) is not None
    assert card_link(database, aino, rotated) == token


def test_without_its_key_a_link_is_dead_and_nothing_breaks(
    database: Database, aino: Enrolled
) -> None:
    stranger = Links(
        keyring=Keyring(["a key that was never here, long enough"]), base_url=LINKS.base_url
    )
    assert opened(database, card_link(database, aino), stranger) is None


@given(st.text(max_size=60) | st.text(alphabet="ik0123456789abcz", min_size=49, max_size=49))
def test_whatever_somebody_types_there_it_is_dead_or_it_is_a_link(text: str) -> None:
    try:
        kind, person_id, generation, proof = _parts(text)
    except DeadLink:
        return
    assert len(kind + person_id + proof) == 47
    assert 0 <= generation < 1024


@pytest.mark.parametrize("text", ["", "i", "ä" * 49, "i" * 49, "x" + "0" * 48, "i" + "0" * 48])
def test_rubbish_is_dead(database: Database, aino: Enrolled, text: str) -> None:
    assert opened(database, text) is None


def test_opening_a_link_changes_nothing(database: Database, aino: Enrolled) -> None:
    token = invitation(database, aino)

    def everything(connection: Connection) -> list[object]:
        return [
            connection.execute(sa.select(table)).all()
            for table in tables.person.metadata.sorted_tables
        ]

    with database.read() as connection:
        before = everything(connection)
    for _ in range(3):
        assert opened(database, token)
    with database.read() as connection:
        assert everything(connection) == before
