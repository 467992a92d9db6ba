"""Other rules over a shop's sales, at the prompt."""

import csv
import json
from pathlib import Path

import pytest
from shell import Shell


@pytest.fixture
def dearer(shop: Shell) -> Shell:
    """A shop with three purchases, and a file beside it whose card is longer."""
    rules = shop.well("programme", "show")
    for was, becomes in (("card = 10", "card = 12"), ("cost = 10", "cost = 12")):
        rules = rules.replace(was, becomes, 1)
    (shop.folder / "dearer.toml").write_text(rules)
    return shop


def sold(shop: Shell) -> None:
    """A hundred euros for Aino, in ten purchases, told over the room as the API does."""
    from wallet_service import brands, config, sales
    from wallet_service.enrolment import Issuing, NewMember, enrol
    from wallet_service.sales import Counter, Sale
    from wallet_service.wallet import Wallet

    wallet = Wallet.open(config.load(shop.folder / "config.toml"))
    with wallet.database.write() as connection:
        [brand] = brands.every(connection)
        [place] = brands.locations(connection, brand.brand_id)
        issuing = Issuing(pass_type_identifier="pass.example", key_id=wallet.keyring.current_id)
        aino = enrol(connection, brand.brand_id, NewMember(given_name="Aino"), "t", issuing=issuing)
        counter = Counter(
            brand_id=brand.brand_id, source="t", location_id=place.location_id, unhurried=True
        )
        for number in range(10):
            sale = Sale(sale_id=f"s{number}", currency="EUR", amount=1000, code=aino.code)
            sales.record(connection, counter, sale)
    wallet.close()


def test_a_back_test_says_what_a_file_would_have_cost(dearer: Shell) -> None:
    sold(dearer)
    before = (dearer.folder / "wallet.db").read_bytes()
    said = dearer.well(
        "programme", "backtest", "dearer.toml", "--worth", "bouquet=2500",
        "--json", "report.json", "--csv", "members.csv",
    )  # fmt: skip
    assert "10 purchases of 1 member." in said
    assert "- The stamp card: the number of stamps that fill it is 12 instead of 10." in said
    lines = [line.split() for line in said.splitlines()]
    assert ["bouquet", "1", "0", "-1"] in lines
    assert "bouquet: 1 of 1 (exact)" in said
    assert max(map(len, said.splitlines())) <= 80
    report = json.loads((dearer.folder / "report.json").read_text())
    assert (report["today"]["cost"]["brand"]["got"], report["members"]["worse"]) == (2500, 1)
    with (dearer.folder / "members.csv").open(newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["verdict"], row["money_difference"]) == ("worse", "-417")
    assert "Aino" not in said + (dearer.folder / "members.csv").read_text()
    assert (dearer.folder / "wallet.db").read_bytes() == before


def test_a_back_test_that_cannot_be_says_why(dearer: Shell, tmp_path: Path) -> None:
    ask = ("programme", "backtest", "dearer.toml")
    assert "No sale was recorded since" in dearer.badly(*ask)
    sold(dearer)
    assert (
        dearer.badly(*ask, "--worth", "tea=1")
        == "There is no reward tea; the rewards are: bouquet."
    )
    assert "as bouquet=2500" in dearer.badly(*ask, "--worth", "bouquet")
    assert "There is no shop Turku" in dearer.badly(*ask, "--location", "Turku")
    assert "cannot be written" in dearer.badly(*ask, "--csv", "nowhere/members.csv")
    assert "cannot be written" in dearer.run(*ask, "--json", "nowhere/report.json").stderr
    assert dearer.badly("programme", "backtest", "none.toml") == "There is no file none.toml here."
    (dearer.folder / "bad.toml").write_text("key = 1")
    bad = dearer.run("programme", "backtest", "bad.toml")
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "error: units: Field required" in bad.stdout
