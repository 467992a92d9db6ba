"""Signing in with a password and a code: who is let in, and how little the others learn."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import ModuleType

import pytest
import sqlalchemy as sa
from anna import ANOTHER, PASSWORD, CodesApp, codes_on
from argon2 import PasswordHasher

from wallet_service import access, audit
from wallet_service.access import (
    accounts,
    attempts,
    known,
    passwords,
    second_factor,
    sessions,
    sign_in,
    tables,
)
from wallet_service.access.accounts import Account
from wallet_service.access.errors import (
    Crowded,
    DeadLink,
    Locked,
    WeakPassword,
    WrongCode,
    WrongPassword,
)
from wallet_service.access.sign_in import CodeNeeded, SignedIn
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.keys import Keyring

SignIn = Callable[..., SignedIn | CodeNeeded]


def outcome(try_it: Callable[[], object]) -> str:
    """What somebody reads who tries to come in."""
    try:
        try_it()
    except (WrongPassword, WrongCode, Locked, DeadLink) as refusal:
        return f"{refusal.code}: {refusal.say.say('en')}"
    return "in"


# ---- the password -------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["anna@kielo.example", " ANNA@Kielo.Example "])
def test_the_right_password_lets_anna_in_however_she_writes_her_address(
    database: Database, signs_in: SignIn, email: str
) -> None:
    found = signs_in(email)
    assert isinstance(found, SignedIn)
    with database.read() as connection:
        entry = access.enter(connection, found.token)
    assert entry is not None
    assert entry.account.name == "Anna"
    assert entry.session.factors == "password"


def test_wrong_and_unknown_get_the_same_words(signs_in: SignIn) -> None:
    wrong = outcome(lambda: signs_in(password="a plum in every summer coat"))
    unknown = outcome(lambda: signs_in("nobody@kielo.example"))
    assert wrong == unknown == "wrong_password: The address or the password is not right."


@pytest.mark.parametrize("email", ["", "\x00", "\ud800", "ä" * 5000, "' OR 1=1 --"])
def test_odd_addresses_are_unknown_and_no_fault(signs_in: SignIn, email: str) -> None:
    assert outcome(lambda: signs_in(email)).startswith("wrong_password")


def test_wrong_and_unknown_cost_the_same_work(
    signs_in: SignIn, anna: Account, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[str] = []
    statements: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            work.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting(time_cost=2, memory_cost=47_104))
    sa.event.listen(
        database.engine, "before_cursor_execute", lambda *args: statements.append(args[2])
    )
    done = []
    for email in (anna.email, "nobody@kielo.example"):
        outcome(lambda email=email: signs_in(email, "a plum in every summer coat"))
        done.append((tuple(work), tuple(statements)))
        work.clear()
        statements.clear()
    assert done[0] == done[1]
    assert len(done[0][0]) == 1


def test_known_and_unknown_are_locked_in_the_same_way(
    signs_in: SignIn, driven_clock: ModuleType
) -> None:
    def tries(email: str) -> list[str]:
        return [outcome(lambda: signs_in(email, "wrong")) for _ in range(8)]

    known, unknown = tries("anna@kielo.example"), tries("nobody@kielo.example")
    assert known == unknown
    assert [each.partition(":")[0] for each in known] == ["wrong_password"] * 5 + ["locked"] * 3
    assert known[-1].endswith("Wait a minute, then try again.")


def test_while_it_is_locked_even_the_right_password_is_not_judged(
    signs_in: SignIn, driven_clock: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        outcome(lambda: signs_in(password="wrong"))
    with monkeypatch.context() as context:
        context.setattr(passwords, "is_right", lambda *_: pytest.fail("it was judged"))
        assert outcome(signs_in).startswith("locked")
    driven_clock.advance(timedelta(minutes=1))
    assert outcome(signs_in) == "in"


def test_the_waits_grow_and_never_last_for_ever(signs_in: SignIn, driven_clock: ModuleType) -> None:
    for _ in range(4):
        assert outcome(lambda: signs_in(password="wrong")).startswith("wrong")
    for minutes in (1, 5, 15, 60, 60, 60):
        assert outcome(lambda: signs_in(password="wrong")).startswith("wrong")
        driven_clock.advance(timedelta(minutes=minutes, seconds=-1))
        assert outcome(signs_in).startswith("locked")
        driven_clock.advance(timedelta(seconds=1))
    assert outcome(signs_in) == "in"
    # What was right begins anew.
    for _ in range(4):
        assert outcome(lambda: signs_in(password="wrong")).startswith("wrong")
    assert outcome(signs_in) == "in"


def test_tries_of_the_day_before_are_forgotten(signs_in: SignIn, driven_clock: ModuleType) -> None:
    for _ in range(4):
        outcome(lambda: signs_in(password="wrong"))
    driven_clock.advance(timedelta(days=1, seconds=1))
    for _ in range(4):
        assert outcome(lambda: signs_in(password="wrong")).startswith("wrong")
    assert outcome(signs_in) == "in"


def test_many_at_once_cannot_outrun_the_lock(
    signs_in: SignIn, driven_clock: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    really = passwords.is_right

    def counted(password: str, kept: str | None) -> bool:
        judged.append(password)
        return really(password, kept)

    monkeypatch.setattr(passwords, "is_right", counted)
    with ThreadPoolExecutor(12) as pool:
        said = list(pool.map(lambda n: outcome(lambda: signs_in(password=f"wrong {n}")), range(12)))
    assert len(judged) == attempts.FREE
    assert sum(each.startswith("locked") for each in said) == 12 - attempts.FREE


def test_no_address_stands_in_the_rows_of_tries(database: Database, signs_in: SignIn) -> None:
    outcome(lambda: signs_in("nobody@kielo.example"))
    with database.read() as connection:
        row = connection.execute(sa.select(tables.attempt)).one()
    assert "nobody" not in str(row)


def test_a_password_of_older_parameters_is_kept_anew_and_still_opens(
    database: Database, anna: Account, signs_in: SignIn
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    with database.write() as connection:
        passwords.put(connection, anna.account_id, old)
    assert outcome(signs_in) == "in"
    with database.read() as connection:
        kept = passwords.kept(connection, anna.account_id)
    assert kept is not None
    assert not passwords.is_dated(kept)
    assert outcome(signs_in) == "in"


def test_no_token_can_be_read_from_the_tables(
    database: Database, anna: Account, signs_in: SignIn
) -> None:
    found = signs_in()
    with database.write() as connection:
        codes_on(connection, anna)
    asked = signs_in()
    with database.read() as connection:
        rows = [
            str(connection.execute(sa.select(each)).all())
            for each in (tables.session, tables.challenge)
        ]
    assert found.token not in "".join(rows)
    assert asked.token not in "".join(rows)


# ---- the code -----------------------------------------------------------------------------------


@pytest.fixture
def app(database: Database, anna: Account, driven_clock: ModuleType) -> CodesApp:
    """Anna's app; the step in which it was set up is over."""
    with database.write() as connection:
        found, _ = codes_on(connection, anna)
    driven_clock.advance(timedelta(seconds=30))
    return found


@pytest.fixture
def with_code(database: Database, keyring: Keyring) -> Callable[[str, str], str]:
    def try_it(token: str, code: str) -> str:
        return outcome(
            lambda: sign_in.with_code(
                database, keyring, token=token, code=code, browser="a browser of the tests"
            )
        )

    return try_it


WithCode = Callable[[str, str], str]


def test_the_password_alone_is_not_enough_any_more(
    database: Database, app: CodesApp, signs_in: SignIn
) -> None:
    asked = signs_in()
    assert isinstance(asked, CodeNeeded)
    with database.read() as connection:
        assert access.enter(connection, asked.token) is None
        assert sign_in.is_asked(connection, asked.token)


@pytest.mark.parametrize("later", [-1, 0, 1])
def test_the_code_of_now_of_before_and_of_next_let_in(
    app: CodesApp, signs_in: SignIn, with_code: WithCode, driven_clock: ModuleType, later: int
) -> None:
    driven_clock.advance(timedelta(minutes=5))
    assert with_code(signs_in().token, app.code(later)) == "in"


@pytest.mark.parametrize("later", [-2, 2])
def test_the_code_of_another_minute_does_not(
    app: CodesApp, signs_in: SignIn, with_code: WithCode, driven_clock: ModuleType, later: int
) -> None:
    driven_clock.advance(timedelta(minutes=5))
    assert with_code(signs_in().token, app.code(later)).startswith("wrong_code")


def test_it_may_be_typed_with_a_gap(app: CodesApp, signs_in: SignIn, with_code: WithCode) -> None:
    code = app.code()
    assert with_code(signs_in().token, f" {code[:3]} {code[3:]} ") == "in"


def test_a_code_opens_once(
    app: CodesApp, signs_in: SignIn, with_code: WithCode, driven_clock: ModuleType
) -> None:
    code = app.code()
    assert with_code(signs_in().token, code) == "in"
    assert with_code(signs_in().token, code).startswith("wrong_code")
    # Nor does one that is older than the last that opened.
    driven_clock.advance(timedelta(seconds=60))
    assert with_code(signs_in().token, app.code()) == "in"
    assert with_code(signs_in().token, app.code(-1)).startswith("wrong_code")


def test_of_two_at_once_with_the_same_code_one_comes_in(
    database: Database, app: CodesApp, signs_in: SignIn, with_code: WithCode
) -> None:
    code, tokens = app.code(), [signs_in().token for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda token: with_code(token, code), tokens))
    assert sorted(each.partition(":")[0] for each in said) == ["in"] + ["wrong_code"] * 3
    with database.read() as connection:
        assert (
            connection.execute(sa.select(sa.func.count(tables.session.c.session_id))).scalar() == 1
        )


def test_the_step_is_used_up_by_success(
    app: CodesApp, signs_in: SignIn, with_code: WithCode, driven_clock: ModuleType
) -> None:
    token = signs_in().token
    assert with_code(token, app.code()) == "in"
    driven_clock.advance(timedelta(seconds=30))
    assert with_code(token, app.code()).startswith("dead_link")


def test_the_step_waits_five_minutes(
    app: CodesApp, signs_in: SignIn, with_code: WithCode, driven_clock: ModuleType
) -> None:
    token = signs_in().token
    driven_clock.advance(timedelta(minutes=5))
    assert with_code(token, app.code()).startswith("dead_link")


def test_guessing_codes_ends_soon_whoever_knows_the_password(
    app: CodesApp, signs_in: SignIn, with_code: WithCode, driven_clock: ModuleType
) -> None:
    token = signs_in().token
    said = [with_code(token, f"00000{n}").partition(":")[0] for n in range(7)]
    assert said == ["wrong_code"] * 5 + ["dead_link"] * 2
    # A new step is no new start: the account's codes are locked, though the password is not.
    token = signs_in().token
    assert with_code(token, app.code()).startswith("locked")
    driven_clock.advance(timedelta(minutes=1))
    assert with_code(token, app.code()) == "in"


@pytest.mark.parametrize("code", ["", "abc", "12345", "1234567", "١٢٣٤٥٦", "\x00", "9" * 5000])
def test_odd_codes_are_wrong_and_no_fault(
    app: CodesApp, signs_in: SignIn, with_code: WithCode, code: str
) -> None:
    assert with_code(signs_in().token, code).startswith("wrong_code")


@pytest.mark.parametrize("token", ["", "x", "ä", "\ud800"])
def test_a_step_that_nobody_was_given_leads_nowhere(
    app: CodesApp, with_code: WithCode, token: str
) -> None:
    assert with_code(token, app.code()).startswith("dead_link")


def test_a_spare_code_opens_once_however_it_is_typed(
    database: Database, anna: Account, signs_in: SignIn, with_code: WithCode
) -> None:
    with database.write() as connection:
        _, spare = codes_on(connection, anna)
    assert len(set(spare)) == 10
    typed = spare[0].lower().replace(" ", "-").replace("0", "o").replace("1", "l")
    assert with_code(signs_in().token, typed) == "in"
    assert with_code(signs_in().token, spare[0]).startswith("wrong_code")
    assert with_code(signs_in().token, spare[1]) == "in"
    with database.read() as connection:
        assert second_factor.spare_codes_left(connection, anna.account_id) == 8


def test_no_code_and_no_secret_can_be_read_from_the_tables(
    database: Database, anna: Account
) -> None:
    with database.write() as connection:
        app, spare = codes_on(connection, anna)
        rows = str(connection.execute(sa.select(tables.account)).all())
        rows += str(connection.execute(sa.select(tables.spare_code)).all())
    secret = app.uri.partition("secret=")[2].partition("&")[0]
    assert len(secret) == 32
    assert secret not in rows
    assert all(code.replace(" ", "") not in rows for code in spare)


def test_new_spare_codes_end_the_old_ones(
    database: Database, keyring: Keyring, anna: Account, signs_in: SignIn, with_code: WithCode
) -> None:
    with database.write() as connection:
        _, old = codes_on(connection, anna)
        new = second_factor.spare_codes(connection, keyring, anna.account_id)
    assert with_code(signs_in().token, old[0]).startswith("wrong_code")
    assert with_code(signs_in().token, new[0]) == "in"


def test_codes_that_were_turned_off_and_on_have_another_secret(
    database: Database, keyring: Keyring, anna: Account, app: CodesApp, signs_in: SignIn
) -> None:
    with database.write() as connection:
        second_factor.turn_off(connection, keyring, anna)
    assert isinstance(signs_in(), SignedIn)
    with database.write() as connection:
        again, _ = codes_on(connection, anna)
    assert again.uri != app.uri


def test_the_app_must_show_the_right_code_before_codes_are_asked_for(
    database: Database, keyring: Keyring, anna: Account, signs_in: SignIn
) -> None:
    for code in ("000000", "", "abc"):
        with pytest.raises(WrongCode):
            database.run(second_factor.turn_on, keyring, anna, code)
    assert isinstance(signs_in(), SignedIn)


def test_a_newer_key_in_front_leaves_codes_as_they_are(
    database: Database, anna: Account, app: CodesApp, signs_in: SignIn
) -> None:
    newer = Keyring(["another key of the tests, also long enough",
                     "a key of the tests, long enough to be taken"])  # fmt: skip
    asked = signs_in()
    found = sign_in.with_code(
        database, newer, token=asked.token, code=app.code(), browser="a browser of the tests"
    )
    assert isinstance(found, SignedIn)


def test_a_lost_key_is_missed_only_by_those_who_have_codes(
    database: Database, keyring: Keyring, anna: Account
) -> None:
    other = Keyring(["another key of the tests, also long enough"])
    with database.write() as connection:
        assert accounts.lost_key(connection, other) is None
        codes_on(connection, anna)
        assert accounts.lost_key(connection, other) == keyring.current_id
        assert accounts.lost_key(connection, keyring) is None


# ---- what one changes oneself -------------------------------------------------------------------


def test_another_password_ends_every_other_session_and_gives_this_one_a_new_token(
    database: Database, keyring: Keyring, brand: Brand, anna: Account, signs_in: SignIn
) -> None:
    here, elsewhere = signs_in().token, signs_in().token
    with database.read() as connection:
        entry = access.enter(connection, here)
    assert entry is not None
    new = sign_in.change_password(database, keyring, anna, entry.session, old=PASSWORD, new=ANOTHER)
    with database.read() as connection:
        assert [access.enter(connection, each) is not None for each in (here, elsewhere, new)] == [
            False, False, True,
        ]  # fmt: skip
        lines = [each.say.say("en") for each in audit.read(connection, brand.brand_id)]
    assert "Anna chose a new password" in lines
    assert outcome(signs_in).startswith("wrong_password")
    assert outcome(lambda: signs_in(password=ANOTHER)) == "in"


def test_the_old_password_has_to_be_shown_for_a_new_one(
    database: Database, keyring: Keyring, anna: Account, signs_in: SignIn
) -> None:
    token = signs_in().token
    with database.read() as connection:
        session = sessions.of_token(connection, token)
    assert session is not None
    with pytest.raises(WrongPassword):
        sign_in.change_password(database, keyring, anna, session, old="wrong", new=ANOTHER)
    assert outcome(signs_in) == "in"


def test_showing_the_password_again_gives_the_session_a_new_token(
    database: Database, keyring: Keyring, anna: Account, signs_in: SignIn, driven_clock: ModuleType
) -> None:
    token = signs_in().token
    driven_clock.advance(timedelta(hours=2))
    with database.read() as connection:
        entry = access.enter(connection, token)
    assert entry is not None
    assert not entry.session.is_proved(entry.level, driven_clock.now())
    new = sign_in.prove(database, keyring, anna, entry.session, PASSWORD)
    with database.read() as connection:
        assert access.enter(connection, token) is None
        again = access.enter(connection, new)
    assert again is not None
    assert again.session.session_id == entry.session.session_id
    assert again.session.is_proved(again.level, driven_clock.now())


def test_what_others_guess_locks_nobody_where_they_have_signed_in(
    database: Database, keyring: Keyring, anna: Account, signs_in: SignIn, driven_clock: ModuleType
) -> None:
    here = known.STRANGER.after(keyring, accounts.email_key(anna.email))
    again = known.read(here.written())
    for _ in range(6):
        outcome(lambda: signs_in(password="wrong"))

    def at_home(password: str = PASSWORD, shown: known.Known = again) -> str:
        return outcome(
            lambda: sign_in.with_password(
                database, keyring, email=anna.email, password=password, browser="", known=shown
            )
        )

    assert outcome(signs_in).startswith("locked")
    assert at_home() == "in"
    # Nobody makes that up, and somebody else's browser is a stranger's.
    other = known.STRANGER.after(keyring, "nora@kielo.example")
    made_up = known.Known(nonce=other.nonce, marks=("0" * 32,))
    for stranger in (other, made_up, known.read("x" * 22 + "." + "0" * 32), known.read("")):
        assert at_home(shown=stranger).startswith("locked")
    # Guessed at in this very browser, it is locked there as well.
    said = [at_home("wrong").partition(":")[0] for _ in range(6)]
    assert said == ["wrong_password"] * 5 + ["locked"]


def test_a_shops_computer_knows_the_few_who_share_it(keyring: Keyring) -> None:
    shared = known.STRANGER
    for name in ("a", "b", "c", "d", "e", "b"):
        shared = known.read(shared.after(keyring, f"{name}@kielo.example").written())
    there = [name for name in "abcde" if shared.has_been(keyring, f"{name}@kielo.example")]
    assert there == ["b", "c", "d", "e"]
    assert "kielo" not in shared.written()


def test_guessing_outside_locks_nobody_who_is_inside(
    database: Database, keyring: Keyring, anna: Account, signs_in: SignIn, driven_clock: ModuleType
) -> None:
    token = signs_in().token
    for _ in range(6):
        outcome(lambda: signs_in(password="wrong"))
    with database.read() as connection:
        session = sessions.of_token(connection, token)
    assert session is not None
    assert sign_in.prove(database, keyring, anna, session, PASSWORD)


def test_a_password_that_was_changed_while_it_was_judged_begins_nothing(
    database: Database, anna: Account, signs_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    another = passwords.hashed(ANOTHER)
    really = passwords.is_right

    def slowly(password: str, kept: str | None) -> bool:
        found = really(password, kept)
        database.run(passwords.put, anna.account_id, another)
        return found

    monkeypatch.setattr(passwords, "is_right", slowly)
    assert outcome(signs_in).startswith("wrong_password")
    with database.read() as connection:
        assert not sessions.of_account(connection, anna.account_id)


def test_codes_that_were_turned_on_while_the_password_was_judged_are_asked_for(
    database: Database, anna: Account, signs_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = passwords.is_right

    def slowly(password: str, kept: str | None) -> bool:
        with database.write() as connection:
            codes_on(connection, anna)
        return really(password, kept)

    monkeypatch.setattr(passwords, "is_right", slowly)
    assert isinstance(signs_in(), CodeNeeded)


def test_whoever_finds_the_line_too_long_is_told_so_and_the_try_counts_for_nothing(
    database: Database, signs_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = threading.BoundedSemaphore(1)
    full.acquire()
    with monkeypatch.context() as context:
        context.setattr(passwords, "_at_once", full)
        context.setattr(passwords, "_WAIT_SECONDS", 0.01)
        for _ in range(attempts.FREE + 1):
            with pytest.raises(Crowded):
                signs_in()
    assert outcome(signs_in) == "in"


def test_a_weak_new_password_is_judged_only_for_whoever_shows_the_old_one(
    database: Database,
    keyring: Keyring,
    anna: Account,
    signs_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = signs_in().token
    with database.read() as connection:
        session = sessions.of_token(connection, token)
    assert session is not None

    def change(old: str) -> None:
        sign_in.change_password(
            database, keyring, anna, session, old=old, new="password1234", known=("Anna",)
        )

    with pytest.raises(WeakPassword):
        change(PASSWORD)
    monkeypatch.setattr(passwords, "zxcvbn", lambda *_args, **_: pytest.fail("it was judged"))
    with pytest.raises(WrongPassword):
        change("wrong")
