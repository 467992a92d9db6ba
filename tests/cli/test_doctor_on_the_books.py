"""The doctor says when the books were audited last, and whether all agreed."""

from datetime import UTC, datetime, timedelta

from shell import Shell

from wallet_service import clock
from wallet_service.cli.options import load_here
from wallet_service.ledger import jobs, tables
from wallet_service.wallet import Wallet


def audited(shop: Shell, at: datetime, faults: int = 0) -> None:
    wallet = Wallet.open(load_here(shop.folder / "config.toml"))
    try:
        clock.set_to(at)
        jobs.audit_books(wallet.database, at)
        if faults:
            with wallet.database.write() as connection:
                connection.execute(
                    tables.books_audit.update().values(
                        faults=faults, first_faults=["m1: 7 stamps, but the entries make 6"]
                    )
                )
    finally:
        clock.release()
        wallet.close()


def test_a_new_shop_was_not_audited_yet(shop: Shell) -> None:
    assert "ok       books: They were not audited yet." in shop.well("doctor")


def test_an_audit_in_which_all_agreed_is_told_with_its_time(shop: Shell) -> None:
    at = datetime.now(UTC)
    audited(shop, at)
    said = shop.well("doctor")
    assert f"The audit of {at:%Y-%m-%d %H:%M} UTC looked at 0 members, and all agreed." in said


def test_an_audit_that_found_something_is_an_error(shop: Shell) -> None:
    audited(shop, datetime.now(UTC), faults=1)
    done = shop.run("doctor")
    assert done.returncode == 1
    assert "ERROR    books: The audit of" in done.stdout
    assert "first: m1: 7 stamps, but the entries make 6." in done.stdout


def test_two_nights_without_an_audit_are_a_warning(shop: Shell) -> None:
    audited(shop, datetime.now(UTC) - timedelta(hours=49))
    said = shop.well("doctor")
    assert "warning  books: The last audit began" in said
    assert "does a worker run?" in said
