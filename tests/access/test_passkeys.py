"""Passkeys: made for one account and one address, shown there, and by no copy, nowhere else."""

import json
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from authenticator import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from factories import a_colleague

from wallet_service import audit
from wallet_service.access import accounts, passkeys, tables
from wallet_service.access.accounts import Account
from wallet_service.access.errors import Locked, WrongPasskey, WrongPassword
from wallet_service.access.passkeys import Asked, Party
from wallet_service.brands import Brand
from wallet_service.brands.roles import Role
from wallet_service.db import Database

KIELO = Party(id="cards.kielo.example", origin="https://cards.kielo.example")


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(KIELO.origin)


def asked_to_register(database: Database, account: Account) -> Asked:
    return database.run(passkeys.ask_to_register, account, KIELO, "Wallet service")


def register(database: Database, account: Account, phone: Authenticator) -> passkeys.Passkey:
    asked = asked_to_register(database, account)
    return database.run(
        passkeys.register,
        account,
        KIELO,
        token=asked.token,
        answer=phone.make(asked.options),
        name="Anna’s phone",
    )


def show(database: Database, asked: Asked, answer: str, account: Account | None = None) -> Account:
    return database.run(passkeys.show, KIELO, token=asked.token, answer=answer, account=account)


@pytest.fixture
def made(database: Database, anna: Account, phone: Authenticator) -> passkeys.Passkey:
    return register(database, anna, phone)


def test_a_passkey_that_was_made_says_who_it_is(
    database: Database, brand: Brand, anna: Account, phone: Authenticator, made: passkeys.Passkey
) -> None:
    asked = database.run(passkeys.ask_to_show, KIELO)
    assert show(database, asked, phone.show(asked.options)) == anna
    with database.read() as connection:
        (kept,) = passkeys.of(connection, anna.account_id)
        lines = [each.say.say("en") for each in audit.read(connection, brand.brand_id)]
    assert kept.name == "Anna’s phone"
    assert kept.used_at is not None
    assert lines[0] == "Anna added the passkey “Anna’s phone”"


def test_the_browser_is_asked_for_a_finger_a_face_or_a_code_and_for_a_key_it_can_find(
    database: Database, anna: Account
) -> None:
    options = json.loads(asked_to_register(database, anna).options)
    assert options["rp"]["id"] == "cards.kielo.example"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    shown = json.loads(database.run(passkeys.ask_to_show, KIELO).options)
    assert shown["userVerification"] == "required"
    assert shown["allowCredentials"] == [], "whose passkeys there are is told to nobody"


def test_an_answer_opens_once(
    database: Database, phone: Authenticator, made: passkeys.Passkey
) -> None:
    asked = database.run(passkeys.ask_to_show, KIELO)
    answer = phone.show(asked.options)
    assert show(database, asked, answer)
    with pytest.raises(WrongPasskey):
        show(database, asked, answer)
    # Nor does it fit what is asked the next time.
    with pytest.raises(WrongPasskey):
        show(database, database.run(passkeys.ask_to_show, KIELO), answer)


def test_what_is_asked_waits_five_minutes(
    database: Database, phone: Authenticator, made: passkeys.Passkey, driven_clock: ModuleType
) -> None:
    asked = database.run(passkeys.ask_to_show, KIELO)
    driven_clock.advance(timedelta(minutes=5))
    with pytest.raises(WrongPasskey):
        show(database, asked, phone.show(asked.options))


def test_a_page_of_another_origin_gets_nobody_in(
    database: Database, phone: Authenticator, made: passkeys.Passkey
) -> None:
    for origin in (
        "https://cards.kielo.example.evil.example", "http://cards.kielo.example", "null",
    ):  # fmt: skip
        asked = database.run(passkeys.ask_to_show, KIELO)
        phone.origin = origin
        with pytest.raises(WrongPasskey):
            show(database, asked, phone.show(asked.options))


def test_a_passkey_of_another_address_gets_nobody_in(
    database: Database, phone: Authenticator, made: passkeys.Passkey
) -> None:
    asked = database.run(passkeys.ask_to_show, KIELO)
    with pytest.raises(WrongPasskey):
        show(database, asked, phone.show(asked.options, rpId="evil.example"))


def test_a_device_that_did_not_look_at_who_holds_it_is_not_enough(
    database: Database, anna: Account, phone: Authenticator, made: passkeys.Passkey
) -> None:
    phone.verifies = False
    asked = database.run(passkeys.ask_to_show, KIELO)
    with pytest.raises(WrongPasskey):
        show(database, asked, phone.show(asked.options))
    with pytest.raises(WrongPasskey):
        register(database, anna, Authenticator(KIELO.origin, verifies=False))


@pytest.mark.parametrize("behind", [0, 1])
def test_a_copy_whose_count_does_not_go_on_is_refused(
    database: Database, phone: Authenticator, made: passkeys.Passkey, behind: int
) -> None:
    for _ in range(3):
        asked = database.run(passkeys.ask_to_show, KIELO)
        show(database, asked, phone.show(asked.options))
    phone.count -= 1 + behind
    asked = database.run(passkeys.ask_to_show, KIELO)
    with pytest.raises(WrongPasskey):
        show(database, asked, phone.show(asked.options))


def test_a_device_that_does_not_count_is_taken_as_it_is(
    database: Database, phone: Authenticator, made: passkeys.Passkey
) -> None:
    for _ in range(2):
        phone.count = -1
        asked = database.run(passkeys.ask_to_show, KIELO)
        assert show(database, asked, phone.show(asked.options))


def test_another_key_under_the_same_name_is_refused(
    database: Database, phone: Authenticator, made: passkeys.Passkey
) -> None:
    thief = Authenticator(KIELO.origin, credential_id=phone.credential_id, handle=phone.handle)
    asked = database.run(passkeys.ask_to_show, KIELO)
    with pytest.raises(WrongPasskey):
        show(database, asked, thief.show(asked.options))


def test_a_passkey_is_its_own_accounts_alone(
    database: Database, brand: Brand, anna: Account, phone: Authenticator, made: passkeys.Passkey
) -> None:
    with database.write() as connection:
        otto = a_colleague(connection, brand, Role.MANAGER, "Otto")
        assert otto.account_id is not None
        ottos = accounts.get(connection, otto.account_id)
    assert ottos is not None
    # Hers shown where he must prove himself; hers under his handle; hers registered as his.
    asked = database.run(passkeys.ask_to_show, KIELO, ottos)
    with pytest.raises(WrongPasskey):
        show(database, asked, phone.show(asked.options), ottos)
    asked = database.run(passkeys.ask_to_show, KIELO)
    phone.handle = ottos.account_id.encode()
    with pytest.raises(WrongPasskey):
        show(database, asked, phone.show(asked.options))
    with pytest.raises(WrongPasskey):
        register(database, ottos, phone)
    hers = asked_to_register(database, anna)
    with pytest.raises(WrongPasskey):
        database.run(
            passkeys.register, ottos, KIELO, token=hers.token,
            answer=Authenticator(KIELO.origin).make(hers.options), name="",
        )  # fmt: skip


def test_what_was_asked_for_one_thing_is_no_answer_to_another(
    database: Database, anna: Account, phone: Authenticator, made: passkeys.Passkey
) -> None:
    asked = database.run(passkeys.ask_to_show, KIELO, anna)
    with pytest.raises(WrongPasskey):
        show(database, asked, phone.show(asked.options))
    made_now = asked_to_register(database, anna)
    with pytest.raises(WrongPasskey):
        show(database, made_now, phone.make(made_now.options))


def test_a_passkey_opens_while_the_password_is_locked(
    database: Database, signs_in: Any, phone: Authenticator, made: passkeys.Passkey
) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            signs_in(password="wrong")
    with pytest.raises(Locked):
        signs_in()
    asked = database.run(passkeys.ask_to_show, KIELO)
    assert show(database, asked, phone.show(asked.options))


def test_a_removed_passkey_opens_nothing_any_more(
    database: Database, anna: Account, phone: Authenticator, made: passkeys.Passkey
) -> None:
    assert database.run(passkeys.remove, anna, made.credential_id) is not None
    assert database.run(passkeys.remove, anna, made.credential_id) is None
    asked = database.run(passkeys.ask_to_show, KIELO)
    with pytest.raises(WrongPasskey):
        show(database, asked, phone.show(asked.options))


def test_there_are_twenty_passkeys_at_most(database: Database, anna: Account) -> None:
    for _ in range(passkeys.PER_ACCOUNT_MAX):
        register(database, anna, Authenticator(KIELO.origin))
    with pytest.raises(WrongPasskey):
        register(database, anna, Authenticator(KIELO.origin))


ODD = ["", "x", "[]", "{}", "null", "1", '"x"', "[" * 10_000, "9" * 5_000, "\x00", "x" * 20_000]


@pytest.mark.parametrize("answer", ODD)
def test_rubbish_is_a_wrong_passkey_and_no_fault(
    database: Database, anna: Account, answer: str
) -> None:
    asked = database.run(passkeys.ask_to_show, KIELO)
    with pytest.raises(WrongPasskey):
        show(database, asked, answer)
    making = asked_to_register(database, anna)
    with pytest.raises(WrongPasskey):
        database.run(
            passkeys.register, anna, KIELO, token=making.token, answer=answer, name="x"
        )  # fmt: skip


def spoilt(answer: str, *, but: str) -> list[str]:
    """An answer with each of its parts spoilt in turn, but for the one that may be left out."""
    whole = json.loads(answer)
    found = []
    for odd in (None, 1, "", "!", "ä", "AAAA", [], {}, "A" * 3_000):
        found += [json.dumps(whole | {name: odd}) for name in whole]
        for name in whole["response"].keys() - {but}:
            found.append(json.dumps(whole | {"response": whole["response"] | {name: odd}}))
    return found


def test_every_part_of_an_answer_may_be_spoilt_without_a_fault(
    database: Database, anna: Account, phone: Authenticator, made: passkeys.Passkey
) -> None:
    asked = database.run(passkeys.ask_to_show, KIELO)
    for answer in spoilt(phone.show(asked.options), but="userHandle"):
        with pytest.raises(WrongPasskey):
            show(database, asked, answer)
    making, other = asked_to_register(database, anna), Authenticator(KIELO.origin)
    for answer in spoilt(other.make(making.options), but="transports"):
        with pytest.raises(WrongPasskey):
            database.run(
                passkeys.register, anna, KIELO, token=making.token, answer=answer, name=""
            )  # fmt: skip


@pytest.mark.parametrize(
    ("base_url", "host", "offered"),
    [
        ("https://cards.kielo.example", "cards.kielo.example", KIELO),
        ("https://cards.kielo.example", "localhost:8080",
         KIELO),
        ("https://Cards.Kielo.example:443", "cards.kielo.example", KIELO),
        ("http://localhost:8080", "localhost:8080", Party(id="localhost", origin="http://localhost:8080")),
        ("http://127.0.0.1:8080", "localhost:8080", Party(id="localhost", origin="http://localhost:8080")),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", None),
        ("https://192.0.2.7", "192.0.2.7", None),
        ("https://[2001:db8::7]", "[2001:db8::7]", None),
        ("http://cards.kielo.example", "cards.kielo.example", None),
    ],
)  # fmt: skip
def test_passkeys_are_offered_where_browsers_make_them(
    base_url: str, host: str, offered: Party | None
) -> None:
    assert passkeys.party(base_url, is_practice=True, host=host) == offered


def test_in_live_mode_localhost_is_nobodys_name() -> None:
    assert passkeys.party("https://192.0.2.7", is_practice=False, host="localhost") is None


def test_only_public_keys_are_kept(
    database: Database, phone: Authenticator, made: passkeys.Passkey
) -> None:
    with database.read() as connection:
        row = connection.execute(sa.select(tables.passkey)).one()
    assert isinstance(phone.key, ec.EllipticCurvePrivateKey)
    secret = phone.key.private_numbers().private_value.to_bytes(32)
    assert secret not in row.public_key
