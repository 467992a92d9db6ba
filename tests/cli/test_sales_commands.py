"""`wallet-service sales import`: a day file at the prompt."""

import sqlite3
from contextlib import closing

from shell import Shell

HEAD = "sale_id;code;occurred_at;amount;location\n"


def test_a_day_file_is_checked_imported_and_known_the_second_time(shop: Shell) -> None:
    file = shop.folder / "day.csv"
    file.write_text(HEAD + "k-1;LP1000000000000;25.11.2026 10:15;12,50;\n")

    done = shop.run("sales", "import", "day.csv", "--dry-run")
    assert done.returncode == 1
    assert done.stderr.startswith("Line 2: ")
    assert "0 sales would be imported, 0 known before, 1 lines refused." in done.stdout

    file.write_text(HEAD)
    assert "0 sales imported" in shop.well("sales", "import", "day.csv")
    with closing(sqlite3.connect(shop.folder / "wallet.db")) as database:
        assert database.execute("SELECT count(*) FROM sale").fetchone() == (0,)


def test_what_is_no_day_file_is_refused_in_a_sentence(shop: Shell) -> None:
    (shop.folder / "day.csv").write_text("hello\n")
    assert "names no column sale_id" in shop.badly("sales", "import", "day.csv")
    assert "day2.csv" in shop.badly("sales", "import", "day2.csv")
    (shop.folder / "day.csv").write_text(HEAD)
    assert "no living key" in shop.badly("sales", "import", "day.csv", "--key", "register")


def test_a_key_that_speaks_for_one_shop_knows_no_other(shop: Shell) -> None:
    shop.well("location", "add", "Harju")
    shop.well("api-key", "create", "--name", "register", "--location", "Harju")
    (shop.folder / "day.csv").write_text(HEAD + "k-1;x;25.11.2026 10:15;12,50;Rosa\n")
    done = shop.run("sales", "import", "day.csv", "--key", "register")
    assert "There is no shop “Rosa”" in done.stderr
