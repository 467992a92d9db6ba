"""Backup and restore: what was written is whole, and nobody comes back who was forgotten."""

import io
import json
import subprocess
import tarfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from factories import KEYRING, a_brand, a_member
from vault import Vault

from wallet_service import __version__, audit, backup, enrolment, ledger, members, migrations
from wallet_service.audit import COMMAND
from wallet_service.backup import copying, dumping
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.errors import StartError
from wallet_service.keys import Keyring
from wallet_service.ledger import tables as books
from wallet_service.members import people
from wallet_service.members.tables import erasure
from wallet_service.phones import issued, outbox, registrations, told


def entries(database: Database, member: Enrolled) -> int:
    with database.read() as connection:
        mine = books.entry.c.member_id == member.member_id
        return connection.execute(sa.select(sa.func.count()).where(mine)).scalar_one()


def changed(vault: Vault, made: Any, change: Callable[[dict[str, Any]], None]) -> Any:
    """A backup that says something else of itself."""
    file = made.file.with_name("changed.backup")
    with tarfile.open(made.file) as old, tarfile.open(file, "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == "manifest.json":
                told = json.loads(content)
                change(told)
                content = json.dumps(told).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return replace(made, file=file)


def test_a_backup_is_one_private_file_that_says_what_it_is(
    vault: Vault, stamp: Callable[..., None]
) -> None:
    stamp(3)

    made = vault.backed_up()

    assert made.unsound == ()
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in vault.folder.iterdir()] == [made.file.name]
    told = backup.read(made.file)
    assert told == made.manifest
    assert (told.schema, told.version) == (migrations.state(vault.database)[1], __version__)
    assert told.counts["member"] == 1
    assert told.counts["entry"] == 1
    assert told.key == KEYRING.current_id
    assert "a key of the tests" not in made.file.read_bytes().decode("latin-1")


def test_a_restore_brings_everything_back_and_the_books_agree(
    vault: Vault, stamp: Callable[..., None], aino: Enrolled, brand: Brand
) -> None:
    stamp(3)
    made = vault.backed_up()
    stamp(4)

    done, restored = vault.put_back(made)

    assert (done.unsound, done.erased, done.passes) == ((), 0, 1)
    assert (entries(vault.database, aino), entries(restored, aino)) == (2, 1)
    migrations.require_head(restored)
    with restored.read() as connection:
        assert ledger.verify(connection, aino.member_id) == ()
        assert migrations.missing_triggers(connection) == []
        assert people.of(connection, aino.member_id)[0].given_name == "Aino"
        line = audit.read(connection, brand.brand_id, limit=1)[0]
        assert list(audit.verify(connection, brand.brand_id)) == []
    assert line.what == "backup.restored"


def test_a_backup_is_made_while_a_till_works(
    vault: Vault, stamp: Callable[..., None], aino: Enrolled
) -> None:
    stop = threading.Event()
    slowest = [0.0]

    def sell() -> None:
        while not stop.is_set():
            begun = monotonic()
            stamp()
            slowest.append(monotonic() - begun)

    till = threading.Thread(target=sell)
    till.start()
    try:
        stamp(5)
        before = entries(vault.database, aino)
        made = [vault.backed_up().file.rename(vault.folder / f"{n}.backup") for n in range(2)]
    finally:
        stop.set()
        till.join()

    assert max(slowest) < 10
    for file in made:
        done, restored = vault.put_back(SimpleNamespace(file=file))
        assert done.unsound == ()
        assert before <= entries(restored, aino) <= entries(vault.database, aino)


def test_whoever_was_erased_stays_erased(
    vault: Vault, brand: Brand, aino: Enrolled, stamp: Callable[..., None]
) -> None:
    stamp(3)
    made = vault.backed_up()
    with vault.database.write() as connection:
        late = a_member(connection, brand, "Ilona")
    for gone in (aino, late):
        vault.database.run(enrolment.erase, brand.brand_id, gone.member_id, actor=COMMAND)

    done, restored = vault.put_back(made)

    assert done.erased == 1
    with restored.read() as connection:
        assert people.of(connection, aino.member_id) == ()
        with pytest.raises(LookupError):
            members.read(connection, brand.brand_id, aino.member_id)
        theirs = {row.member_id: row.erased_at for row in connection.execute(sa.select(erasure))}
        assert ledger.verify(connection, aino.member_id) == ()
    with vault.database.read() as connection:
        ours = {row.member_id: row.erased_at for row in connection.execute(sa.select(erasure))}
    assert theirs == ours
    assert set(theirs) == {aino.member_id, late.member_id}


def test_every_pass_is_newer_than_any_phone_knows_and_waits_to_be_told(
    vault: Vault, aino: Enrolled, stamp: Callable[..., None]
) -> None:
    stamp()
    made = vault.backed_up()
    for _ in range(5):  # in one second: the date runs ahead of the clock
        stamp()
    with vault.database.read() as connection:
        (on_phones,) = issued.of_member(connection, aino.member_id)

    _, restored = vault.put_back(made)

    with restored.read() as connection:
        (renewed,) = issued.of_member(connection, aino.member_id)
        waiting, _ = outbox.waiting(connection)
    assert renewed.serial_number == on_phones.serial_number
    assert renewed.last_modified > on_phones.last_modified
    assert renewed.update_tag > on_phones.update_tag
    assert renewed.content_hash == ""
    assert waiting == 1


def test_a_phone_that_registered_since_is_called_too(vault: Vault, aino: Enrolled) -> None:
    made = vault.backed_up()
    with vault.database.write() as connection:
        (card,) = issued.of_member(connection, aino.member_id)
        registrations.register(connection, card, "a-phone", "cafe" * 16)

    _, restored = vault.put_back(made)

    with restored.read() as connection:
        (card,) = issued.of_member(connection, aino.member_id)
        (phone,) = told.of_passes(connection, [(card.member_id, card.pass_id)])
    assert (phone.device_library_identifier, phone.push_token) == ("a-phone", "cafe" * 16)
    assert phone.must_be_called(card.version)


def test_a_damaged_backup_is_refused(vault: Vault) -> None:
    made = vault.backed_up()
    whole = made.file.read_bytes()
    middle = len(whole) // 2

    for damaged in (
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        whole[:middle],
        whole[:1024],
    ):
        made.file.write_bytes(damaged)
        with pytest.raises(StartError, match="is damaged"):
            vault.put_back(made)


def test_what_is_no_backup_is_refused(vault: Vault, tmp_path: Path) -> None:
    made = vault.backed_up()
    for content in (b"", b"SQLite format 3\0" * 100):
        made.file.write_bytes(content)
        with pytest.raises(StartError, match="is not a backup"):
            vault.put_back(made)
    made.file.unlink()
    with pytest.raises(StartError, match="There is no file"):
        vault.put_back(made)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("schema", "9999", "newer than this version"),
        ("key", "00000000", "The secret key is not the one"),
        ("engine", "oracle", "a backup goes back to where it came from"),
        ("counts", {"member": 7}, "rows are missing"),
        ("made_at", "yesterday", "is damaged"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused(
    vault: Vault, name: str, value: object, says: str
) -> None:
    made = changed(vault, vault.backed_up(), lambda told: told.update({name: value}))
    with pytest.raises(StartError, match=says):
        vault.put_back(made)


def test_another_key_that_links_were_made_with_is_missed(vault: Vault, aino: Enrolled) -> None:
    other = Keyring(["another key of the tests, long enough too"])
    made = backup.make(vault.database, other, vault.folder)
    into = vault.an_empty_place()
    with pytest.raises(StartError, match=f"put key {KEYRING.current_id}"):
        backup.restore(vault.database, other, made.file, into=into, anyway=False)


def test_books_that_do_not_agree_are_told_and_restored_only_when_asked(
    vault: Vault, stamp: Callable[..., None]
) -> None:
    stamp(3)
    with vault.database.write() as connection:
        connection.execute(sa.update(books.balance).values(available=4))

    made = vault.backed_up()

    assert made.unsound
    with pytest.raises(StartError, match="do not agree"):
        vault.put_back(made)
    done, _ = vault.put_back(made, anyway=True)
    assert done.unsound


def test_a_backup_never_writes_over_another_file(vault: Vault) -> None:
    made = vault.backed_up()
    with pytest.raises(StartError, match="exists already"):
        backup.make(vault.database, KEYRING, made.file)
    with pytest.raises(StartError, match="does not exist"):
        backup.make(vault.database, KEYRING, vault.folder / "no" / "where")


def test_a_full_disk_is_said_and_nothing_is_left(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(StartError, match="There is no room"):
        vault.backed_up()
    assert list(vault.folder.iterdir()) == []


def test_a_database_that_is_not_empty_is_left_alone(vault: Vault, database: Database) -> None:
    made = vault.backed_up()
    into = str(database.url.database)
    with pytest.raises(StartError, match=r"is not empty|exists already"):
        backup.restore(database, KEYRING, made.file, into=into, anyway=False)


# ---- SQLite: in the database's own place --------------------------------------------------------


def test_a_restore_takes_the_place_of_the_database_and_keeps_the_old_one(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with sqlite_database.write() as connection:
        brand = a_brand(connection)
        a_member(connection, brand, "Aino")
    made = backup.make(sqlite_database, KEYRING, tmp_path)
    with sqlite_database.write() as connection:
        a_member(connection, brand, "Ilona")
    assert sqlite_database.file is not None

    held = sqlite_database.file.hold()
    assert held is not None
    with pytest.raises(StartError, match="The service runs"):
        backup.restore(sqlite_database, KEYRING, made.file, anyway=False)
    held.close()
    done = backup.restore(sqlite_database, KEYRING, made.file, anyway=False)

    assert done.kept is not None
    for file, expected in ((sqlite_database.file.path, 1), (done.kept, 2)):
        database = Database(f"sqlite:///{file}")
        with database.read() as connection:
            count = sa.select(sa.func.count()).select_from(members.tables.member)
            assert connection.execute(count).scalar() == expected
        database.close()
    assert sqlite_database.file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", [b"nothing that was ever a database" * 500, None])
def test_a_lost_database_is_restored_though_nobody_knows_who_was_erased(
    sqlite_database: Database, tmp_path: Path, left: bytes | None
) -> None:
    made = backup.make(sqlite_database, KEYRING, tmp_path)
    sqlite_database.close()
    assert sqlite_database.file is not None
    path = sqlite_database.file.path
    path.unlink()
    if left:
        path.write_bytes(left)

    database = Database(f"sqlite:///{path}")
    done = backup.restore(database, KEYRING, made.file, anyway=False)
    database.close()

    assert done.erased is None
    assert (done.kept is not None) == (left is not None)
    restored = Database(f"sqlite:///{path}")
    migrations.require_head(restored)
    restored.close()


# ---- PostgreSQL's tools -------------------------------------------------------------------------


def test_a_password_is_no_argument(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Any] = []

    def run(words: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        seen.append((words, options["env"]))
        return subprocess.CompletedProcess(
            words, 1, stderr="pg_restore: error: could not connect to the server\nmore"
        )

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr("shutil.which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setenv("WALLET_SERVICE__SERVICE__SECRET_KEY", "s" * 40)
    database = Database("postgresql://wallet:swordfish@db.example:5433/wallet?sslmode=require")
    with pytest.raises(StartError, match="pg_restore could not: could not connect to the server"):
        dumping.load(database, tmp_path / "dump")

    ((words, environment),) = seen
    assert "swordfish" not in " ".join(words)
    assert "--dbname=postgresql://wallet@db.example:5433/wallet?sslmode=require" in words
    assert environment["PGPASSWORD"] == "swordfish"
    assert not [name for name in environment if name.startswith("WALLET_SERVICE")]


def test_a_machine_without_the_tools_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartError, match="pg_restore is not on the PATH"):
        dumping.load(Database("postgresql://db.example/wallet"), tmp_path / "dump")
