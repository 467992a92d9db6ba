"""A shop's look is drawn before its transaction, so that a till beside it waits for no drawing."""

from pathlib import Path

import pytest

from passes.svg import Art
from wallet_service import starting
from wallet_service.db import Database
from wallet_service.starting import Shop

ROSA = Shop(name="Rosa", contact_email="hei@rosa.example")


def test_nothing_is_drawn_while_the_database_is_held(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = starting.draw(sqlite_database, ROSA, tmp_path)
    monkeypatch.delattr(Art, "png")
    opened = sqlite_database.run(starting.open_shop, ROSA, tmp_path, drawn)
    assert opened.brand.slug == "rosa"


def test_a_look_that_changed_meanwhile_is_drawn_anew(
    sqlite_database: Database, tmp_path: Path
) -> None:
    drawn = starting.draw(sqlite_database, ROSA, tmp_path)
    sqlite_database.run(starting.open_shop, ROSA, tmp_path, drawn)
    # Another of the name is called rosa-2, and so is its look.
    again = sqlite_database.run(starting.open_shop, ROSA, tmp_path, drawn)
    assert again.design.name == again.brand.slug == "rosa-2"
