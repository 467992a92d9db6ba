"""Passwords: which are good enough, and that nothing of one can be read where it is kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher, extract_parameters

from wallet_service.access import passwords
from wallet_service.access.accounts import Account
from wallet_service.access.errors import WeakPassword
from wallet_service.db import Database


def weakness(password: str, *known: str) -> str:
    try:
        passwords.check_strength(password, *known)
    except WeakPassword as refusal:
        return refusal.say.say("en")
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "a plum in every winter coat",
        "kolme kissaa ja yksi sateenvarjo",
        "ÄÖÅ ßtraße 東京 🌷 häkki",
        "x7#Kq!9vLm2$",
        "a plum in every winter coat, " * 4,
    ],
)
def test_long_and_odd_ones_are_good(password: str) -> None:
    assert weakness(password, "Anna", "anna@kielo.example", "Kielo") == ""


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "at least 12"),
        ("x7#Kq!9vLm2", "at least 12"),
        ("x7#Kq!9vLm2$" * 11, "128"),
        ("password1234", "many people take"),
        ("qwertyuiop12", "many people take"),
        ("aaaaaaaaaaaaaaaa", "Rows, repeats"),
        ("abcdefghijklmnop", "Rows, repeats"),
        ("anna kielo kielo anna", "what others try first"),
        ("Anna.Virtanen@kielo.example", "what others try first"),
    ],
)
def test_those_that_are_soon_guessed_are_refused_with_what_to_mend(
    password: str, says: str
) -> None:
    known = ("Anna Virtanen", "anna.virtanen@kielo.example", "Kielo")
    assert says in weakness(password, *known)


@pytest.mark.parametrize(
    ("length", "is_good"), [(11, False), (12, True), (128, True), (129, False)]
)
def test_the_length_counts_characters_not_bytes(length: int, is_good: bool) -> None:
    password = ("ä7#Kö!9vLå2$ü§" * 10)[:length]
    assert (weakness(password) == "") is is_good


def test_what_one_person_is_called_does_not_make_another_ones_password_weak() -> None:
    with ThreadPoolExecutor(4) as pool:
        said = pool.map(
            lambda name: weakness("grumbelhorst tanzt", name), ["Grumbelhorst tanzt", "Anna"] * 8
        )
    assert [bool(each) for each in said] == [True, False] * 8


def test_an_a_umlaut_is_the_same_on_every_keyboard() -> None:
    kept = passwords.hashed("p\u00e4\u00e4sky lent\u00e4\u00e4 kev\u00e4\u00e4ll\u00e4")
    assert passwords.is_right(
        "pa\u0308a\u0308sky lenta\u0308a\u0308 keva\u0308a\u0308lla\u0308", kept
    )


def test_a_lone_half_of_a_character_is_wrong_and_no_fault() -> None:
    assert not passwords.is_right("\ud800", passwords.hashed("a plum in every winter coat"))


def test_it_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    one, other = (passwords.hashed("a plum in every winter coat") for _ in range(2))
    assert one != other
    assert one.startswith("$argon2id$")
    assert "plum" not in one
    parameters = extract_parameters(one)
    # OWASP's least is 19 MiB twice; thirty-two threads wait their turn for these.
    assert parameters.memory_cost >= 19_456
    assert parameters.time_cost >= 2
    assert passwords._at_once._initial_value * parameters.memory_cost <= 256 * 1024  # type: ignore[attr-defined]


def test_nobodys_password_costs_what_a_real_one_costs() -> None:
    real, nobodys = passwords.hashed("a plum in every winter coat"), passwords._NOBODYS
    assert extract_parameters(real) == extract_parameters(nobodys)
    assert not passwords.is_right("a plum in every winter coat", None)


def test_only_older_parameters_are_dated() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1)
    assert passwords.is_dated(old.hash("a plum in every winter coat"))
    assert not passwords.is_dated(passwords.hashed("a plum in every winter coat"))


def test_a_hash_that_is_none_opens_nothing() -> None:
    for kept in ("", "x", "$argon2id$"):
        assert not passwords.is_right("a plum in every winter coat", kept)


def test_a_password_that_was_set_by_a_command_is_the_one_that_opens(
    database: Database, anna: Account
) -> None:
    with database.write() as connection:
        passwords.set(connection, anna.account_id, "seven grey herons on a roof")
        kept = passwords.kept(connection, anna.account_id)
    assert passwords.is_right("seven grey herons on a roof", kept)
    assert not passwords.is_right("a plum in every winter coat", kept)


@pytest.mark.parametrize(
    "password", ["4@8({[<36!1|0$57+%2z" * 4, "1|7!69+4@8(5" * 9, "x4@8({[<36!1|0$57+%2z"]
)
def test_of_signs_that_stand_for_letters_only_a_few_are_judged_as_that_takes_long(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    really = passwords.zxcvbn

    def noted(text: str, **facts: object) -> object:
        judged.append(text)
        return really(text, **facts)

    monkeypatch.setattr(passwords, "zxcvbn", noted)
    passwords.check_strength(password)
    assert all(passwords.LENGTH_MIN <= len(each) <= 24 for each in judged)
    assert judged != [password]
