"""Bonus stamps at joining: on the card from the start, in the books with their reason."""

from factories import a_brand, a_member

from wallet_service import ledger, programme
from wallet_service.db import Database
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()


def test_a_new_card_begins_with_the_programmes_bonus_stamps(database: Database) -> None:
    with database.write() as connection:
        brand = a_brand(connection)
        two = FLORIST.replace("[stamps]\n", "[stamps]\nwelcome = 2\n", 1)
        programme.apply(connection, brand.brand_id, two)
        aino = a_member(connection, brand, "Aino")
        stamps = ledger.balances_of(connection, aino.member_id)["stamps"]
        assert (stamps.available, stamps.lifetime) == (2, 2)
        [given, _] = ledger.lines_of(connection, aino.member_id, 1)
        assert given.why is not None
        assert given.why.say("en") == "2 stamps to begin with"
        assert ledger.verify(connection, aino.member_id) == ()


def test_a_card_begins_empty_where_the_programme_gives_none(database: Database) -> None:
    with database.write() as connection:
        aino = a_member(connection, a_brand(connection), "Aino")
        assert ledger.balances_of(connection, aino.member_id) == {}
