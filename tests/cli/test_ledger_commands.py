"""`wallet-service ledger verify`: whole books are counted, others are told and refused."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from factories import a_member
from ledger_books import gain
from shell import Shell

from wallet_service import brands
from wallet_service.db import Database
from wallet_service.ledger import jobs, tables


@pytest.fixture
def books(shop: Shell, driven_clock: Any) -> Database:
    """A shop with two members who have points, and a day that is over."""
    database = Database(f"sqlite:///{shop.folder / 'wallet.db'}")
    with database.write() as connection:
        brand = brands.the_only(connection)
        assert brand is not None
        for name in ("Aino", "Eeva"):
            member = a_member(connection, brand, name)
            gain(connection, member.member_id, name, 12)
    driven_clock.advance(timedelta(days=1))
    jobs.make_heads(database, driven_clock.now())
    return database


def a_member_id(database: Database) -> str:
    with database.read() as connection:
        return str(connection.execute(sa.select(sa.func.min(tables.entry.c.member_id))).scalar())


def test_whole_books_are_counted_and_the_last_head_is_shown(shop: Shell, books: Database) -> None:
    counted, head = shop.well("ledger", "verify").splitlines()
    assert counted == "Members: 2. Entries: 2. Each is as it was written."
    assert head.startswith("2026-11-25 ")
    one = shop.well("ledger", "verify", "--member", a_member_id(books))
    assert one == "Members: 1. Entries: 1. Each is as it was written.\n"
    assert shop.badly("ledger", "verify", "--member", "nobody") == "There is no member nobody."

    (shop.folder / "heads.txt").write_text(head + "\n")
    shop.well("ledger", "verify", "--heads", "heads.txt")
    (shop.folder / "heads.txt").write_text("2026-11-25 another\n")
    assert shop.badly("ledger", "verify", "--heads", "heads.txt") == (
        "The head of 2026-11-25 is not the one that was kept elsewhere."
    )
    (shop.folder / "heads.txt").write_text("yesterday\n")
    assert "line 1" in shop.badly("ledger", "verify", "--heads", "heads.txt")


def test_books_that_do_not_agree_are_told_with_the_member_and_refused(
    shop: Shell, books: Database
) -> None:
    member_id = a_member_id(books)
    with books.write() as connection:
        connection.execute(
            sa.update(tables.lot).where(tables.lot.c.member_id == member_id).values(remaining=1)
        )
    wrong = shop.badly("ledger", "verify")
    assert wrong == f"{member_id}: The lots are not what a replay gives."
    shop.badly("ledger", "verify", "--member", member_id)
