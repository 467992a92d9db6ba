"""What a transaction means, on both engines."""

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, StatementError

from wallet_service import db, sqlite
from wallet_service.db import Busy, Database, FairLock, Flag, Integer64, Json, Moment, Text
from wallet_service.errors import StartError

notes = sa.Table(
    "notes",
    sa.MetaData(),
    sa.Column("key", Text, primary_key=True),
    sa.Column("at", Moment),
    sa.Column("flag", Flag),
    sa.Column("json", Json),
    sa.Column("number", Integer64),
    sqlite_strict=True,
)


@pytest.fixture
def noted(database: Database) -> Database:
    """A database with one more table, of every kind of column."""
    with database.write() as connection:
        notes.create(connection)
    return database


@pytest.fixture
def noted_on_sqlite(sqlite_database: Database) -> Database:
    with sqlite_database.write() as connection:
        notes.create(connection)
    return sqlite_database


def put(connection: Connection, key: str, **values: object) -> None:
    connection.execute(sa.insert(notes).values(key=key, **values))


def keys(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(sa.select(notes.c.key).order_by(notes.c.key)).scalars())


# ---- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 25, 9, 0, 0, 123456, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2126, 2, 28, 12, tzinfo=timezone(timedelta(hours=-11))),
    ],
)
def test_a_moment_comes_back_to_the_microsecond_and_in_utc(
    noted: Database, moment: datetime
) -> None:
    with noted.write() as connection:
        put(connection, "a", at=moment)
    with noted.read() as connection:
        back = connection.execute(sa.select(notes.c.at)).scalar_one()
    assert back == moment
    assert back.tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_survives_the_way_there_and_back(moment: datetime) -> None:
    kind, dialect = Moment(), sa.create_engine("sqlite://").dialect
    stored = kind.process_bind_param(moment, dialect)
    assert isinstance(stored, int)
    assert kind.process_result_value(stored, dialect) == moment


def test_a_moment_without_a_zone_is_never_stored(noted: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), noted.write() as connection:
        put(connection, "a", at=datetime(2026, 1, 1))  # noqa: DTZ001
    assert keys(noted) == []


@pytest.mark.parametrize("value", [True, False, None])
def test_a_flag_comes_back_as_yes_no_or_nothing(noted: Database, value: bool | None) -> None:
    with noted.write() as connection:
        put(connection, "a", flag=value)
    with noted.read() as connection:
        assert connection.execute(sa.select(notes.c.flag)).scalar_one() is value


def test_json_is_kept_in_one_form_whatever_the_order(noted: Database) -> None:
    with noted.write() as connection:
        put(connection, "a", json={"b": [1, "ä"], "a": None})
        put(connection, "b", json={"a": None, "b": [1, "ä"]})
    with noted.read() as connection:
        assert (
            connection.execute(sa.select(notes.c.json)).scalars().all()
            == [{"a": None, "b": [1, "ä"]}] * 2
        )
        raw = connection.execute(sa.text("SELECT json FROM notes")).scalars().all()
    assert set(raw) == {'{"a":null,"b":[1,"ä"]}'}


def test_money_beyond_thirty_two_bits_fits(noted: Database) -> None:
    with noted.write() as connection:
        put(connection, "a", number=9_007_199_254_740_993)
    with noted.read() as connection:
        assert connection.execute(sa.select(notes.c.number)).scalar_one() == 9_007_199_254_740_993


def test_both_engines_refuse_text_where_a_number_belongs(noted: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), noted.write() as connection:
        connection.execute(sa.text("INSERT INTO notes (key, number) VALUES ('a', 'many')"))


# ---- transactions -------------------------------------------------------------------------------


def test_an_error_undoes_the_whole_transaction(noted: Database) -> None:
    def stumble(connection: Connection) -> None:
        put(connection, "a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        noted.run(stumble)
    assert keys(noted) == []


def test_the_worker_is_woken_by_a_commit_and_never_by_an_undone_change(noted: Database) -> None:
    def stumble(connection: Connection) -> None:
        db.wake_after_commit(connection)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        noted.run(stumble)
    assert not noted.woken.is_set()
    with noted.write() as connection:
        put(connection, "a")
    assert not noted.woken.is_set()
    with noted.write() as connection:
        db.wake_after_commit(connection)
        assert not noted.woken.is_set()
    assert noted.woken.is_set()


def test_a_reader_is_not_held_up_by_a_writer(noted: Database) -> None:
    with noted.write() as connection:
        put(connection, "a")
        assert keys(noted) == []
    assert keys(noted) == ["a"]


class Crossed(Exception):
    """As psycopg says it when two transactions crossed."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


class CrossedTwice:
    """An intention that the database undoes twice before it lets it through."""

    def __init__(self, sqlstate: str, times: int = 2) -> None:
        self.sqlstate = sqlstate
        self.left = times
        self.calls = 0

    def __call__(self, connection: Connection, key: str) -> str:
        self.calls += 1
        put(connection, key)
        if self.left:
            self.left -= 1
            raise OperationalError("UPDATE", {}, Crossed(self.sqlstate))
        return key


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_an_intention_that_crossed_another_is_tried_again_whole(
    noted: Database, sqlstate: str
) -> None:
    intention = CrossedTwice(sqlstate)
    assert noted.run(intention, "a") == "a"
    assert intention.calls == 3
    assert keys(noted) == ["a"]


def test_any_other_fault_of_the_database_is_not_tried_again(noted: Database) -> None:
    intention = CrossedTwice("57014")
    with pytest.raises(OperationalError):
        noted.run(intention, "a")
    assert intention.calls == 1
    assert keys(noted) == []


def test_an_intention_that_crosses_for_ever_is_given_up(noted: Database) -> None:
    intention = CrossedTwice("40001", times=1000)
    with pytest.raises(OperationalError):
        noted.run(intention, "a")
    assert 3 <= intention.calls <= 20


def test_two_writers_at_once_both_count(noted: Database) -> None:
    with noted.write() as connection:
        put(connection, "till", number=0)

    def one_more(connection: Connection) -> None:
        row = connection.execute(sa.select(notes.c.number).with_for_update()).scalar_one()
        connection.execute(sa.update(notes).values(number=row + 1))

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(noted.run, one_more) for _ in range(40)]:
            future.result()

    with noted.read() as connection:
        assert connection.execute(sa.select(notes.c.number)).scalar_one() == 40


# ---- turns --------------------------------------------------------------------------------------


def test_the_lock_is_given_in_the_order_in_which_it_was_asked_for() -> None:
    lock, served = FairLock(), []
    threads = []

    def ask(number: int) -> None:
        assert lock.acquire(10)
        served.append(number)
        lock.release()

    assert lock.acquire(0)
    try:
        for number in range(20):
            thread = threading.Thread(target=ask, args=(number,))
            thread.start()
            threads.append(thread)
            while len(lock._queue) <= number:  # until it stands in the queue
                thread.join(0.001)
    finally:
        lock.release()
    for thread in threads:
        thread.join(10)
    assert served == list(range(20))


def test_whoever_has_waited_long_enough_leaves_the_queue() -> None:
    lock = FairLock()
    assert lock.acquire(0)
    assert not lock.acquire(0.01)
    assert not lock._queue
    lock.release()
    assert lock.acquire(0)


def test_a_writer_is_told_busy_while_another_process_holds_the_file(
    noted_on_sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = noted_on_sqlite
    assert noted.file is not None
    monkeypatch.setattr(db, "WAIT_SECONDS", 0.1)
    stranger = noted.file.connect()
    stranger.isolation_level = None
    stranger.execute("BEGIN IMMEDIATE")
    said: list[str] = []

    def write() -> None:
        try:
            noted.run(put, "late")
        except (Busy, OperationalError) as error:
            said.append(type(error).__name__)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(4 * sqlite.WAIT_SECONDS)
    assert len(said) == 3, "somebody still waits"
    stranger.close()


# ---- opening ------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["garbage", "sqlite://", "sqlite:///:memory:", "sqlite:///a?b=c"])
def test_what_is_no_address_of_a_database_is_said(url: str) -> None:
    with pytest.raises(StartError, match=r"\[database\] url"):
        Database(url)


def test_a_file_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'wallet.db'}")
    with pytest.raises(OperationalError), database.read():
        pass
    assert list(tmp_path.iterdir()) == []
    database.close()


def test_a_file_that_was_put_in_place_of_ours_is_noticed(sqlite_database: Database) -> None:
    noted = sqlite_database
    assert noted.file is not None
    with noted.read():
        pass
    assert not noted.file.was_replaced
    noted.file.path.rename(noted.file.path.with_name("aside.db"))
    assert noted.file.was_replaced


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gone' / 'wallet.db'}")
    assert database.file is not None
    with pytest.raises(StartError, match="does not exist"):
        database.file.make()


def test_only_its_owner_can_read_a_new_database_and_its_log(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'wallet.db'}")
    assert database.file is not None
    database.file.make()
    with database.write() as connection:
        notes.create(connection)
        rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    database.close()
    assert rights == dict.fromkeys(["wallet.db", "wallet.db-wal", "wallet.db-shm"], 0o600)


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(StartError, match="mysql"):
        Database("mysql://user:open-sesame@host/name")


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((4, 0, 0), False),
    ],
)
def test_the_sqlites_with_the_wal_reset_bug_are_known(
    version: tuple[int, int, int], has_it: bool
) -> None:
    assert sqlite.has_wal_reset_bug(version) is has_it


def test_sqlite_keeps_what_was_committed_and_checks_its_foreign_keys(
    sqlite_database: Database,
) -> None:
    with sqlite_database.read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "secure_delete": 1,  # what was deleted is overwritten
    }


def test_a_checkpoint_empties_the_log_into_the_file(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection:
        notes.create(connection)
        put(connection, "a mark to look for")
    file = Path(str(sqlite_database.url.database))
    assert b"a mark to look for" not in file.read_bytes()
    sqlite_database.checkpoint()
    assert b"a mark to look for" in file.read_bytes()
