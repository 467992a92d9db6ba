"""A phone that holds a newer pass than the backup comes to show what is true now."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories import KEYRING
from shopfront import Shop, on_a_port

from passes.design import Design
from wallet_service import backup
from wallet_service.db import Database
from wallet_service.phones import issued, told
from wallet_service.practice.iphone import IPhone
from wallet_service.wallet import practice_certificates


@pytest.fixture
def served(sqlite_database: Database, certs: Path, kielo: Design) -> Iterator[Shop]:
    with on_a_port(sqlite_database, certs, kielo) as shop:
        yield shop


def test_a_phone_with_a_newer_date_than_the_backup_is_given_the_pass(
    served: Shop, tmp_path: Path
) -> None:
    wallet = served.wallet
    phone = IPhone(practice_certificates(wallet.config).root)
    topic = wallet.credentials.pass_type_identifier
    served.stamp(2)
    made = backup.make(wallet.database, KEYRING, tmp_path)
    served.stamp(3)
    phone.add(f"{served.url}{served.link()}/apple")
    assert phone.shows("stamps") == "5/10"

    done = backup.restore(
        wallet.database, KEYRING, made.file, into=str(tmp_path / "restored.db"), anyway=False
    )
    old, wallet.database = wallet.database, Database(f"sqlite:///{done.where}")
    # It registered after the backup, which therefore did not know it.
    phone.pushed(topic)

    assert phone.shows("stamps") == "2/10"
    assert [str(complaint) for complaint in phone.complaints] == []
    wallet.database.close()
    wallet.database = old
    phone.close()


def test_a_phone_that_the_backup_knows_must_be_called(served: Shop, tmp_path: Path) -> None:
    wallet = served.wallet
    phone = IPhone(practice_certificates(wallet.config).root)
    phone.add(f"{served.url}{served.link()}/apple")
    made = backup.make(wallet.database, KEYRING, tmp_path)
    served.stamp(3)
    phone.pushed(wallet.credentials.pass_type_identifier)
    assert phone.shows("stamps") == "3/10"

    done = backup.restore(
        wallet.database, KEYRING, made.file, into=str(tmp_path / "restored.db"), anyway=False
    )
    old, wallet.database = wallet.database, Database(f"sqlite:///{done.where}")
    with wallet.database.read() as connection:
        (card,) = issued.of_member(connection, served.aino.member_id)
        (device,) = told.of_passes(connection, [(card.member_id, card.pass_id)])
    assert device.must_be_called(card.version)

    phone.pushed(wallet.credentials.pass_type_identifier)
    assert phone.shows("stamps") == "0/10"
    wallet.database.close()
    wallet.database = old
    phone.close()
