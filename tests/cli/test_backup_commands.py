"""`backup` and `restore` at the prompt: one sentence each way."""

from pathlib import Path

from shell import Shell


def test_a_shop_is_backed_up_and_put_back(shop: Shell) -> None:
    shop.well("location", "add", "Kallio")
    said = shop.well("backup", ".")
    (file,) = Path(shop.folder).glob("*.backup")
    assert said.startswith(f"{file} holds 0 members")
    assert "Its books agree." in said
    shop.well("location", "add", "Harju")

    said = shop.well("restore", file.name)

    assert "is as it was at" in said
    assert "0 passes will be brought up to date" in said
    assert "Kallio" in shop.well("location", "list")
    assert "Harju" not in shop.well("location", "list")
    assert "put a backup of" in shop.well("audit", "list")
    (kept,) = Path(shop.folder).glob("wallet.db.replaced-*")
    assert str(kept) in said


def test_what_cannot_be_is_said_in_one_sentence(shop: Shell) -> None:
    assert "is not a backup" in shop.badly("restore", "config.toml")
    assert "There is no file" in shop.badly("restore", "nothing.backup")
    assert "does not exist" in shop.badly("backup", "no/where/at.all")
    assert "exists already" in shop.badly("backup", "config.toml")
    shop.well("backup", "one.backup")
    assert "exists already" in shop.badly("restore", "one.backup", "--into", "wallet.db")


def test_a_lost_folder_is_made_again_from_its_settings_its_keys_and_the_backup(
    shop: Shell,
) -> None:
    shop.well("backup", "one.backup")
    (shop.folder / "wallet.db").unlink()

    said = shop.well("restore", "one.backup")

    assert "erase them again" in said
    assert "Rosa" in shop.well("brand", "list")
