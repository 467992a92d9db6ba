"""What phones hear while our database cannot be written: their news, or to come again."""

from collections.abc import Iterator

import pytest
from small_shop import PASS_TYPE, FakePhone, Shop
from unwritable import WAYS, unwritable

from wallet_service.db import Database
from wallet_service.keys import Keyring
from wallet_service.phones.issued import IssuedPass


@pytest.fixture
def shop(sqlite_database: Database, keyring: Keyring, driven_clock: object) -> Shop:
    return Shop(sqlite_database, keyring)


@pytest.fixture
def card(shop: Shop) -> IssuedPass:
    return shop.issue()


@pytest.fixture
def phone(shop: Shop, card: IssuedPass) -> FakePhone:
    """A phone that was called and has not come yet."""
    phone = FakePhone(shop)
    phone.add(card)
    shop.say("1 of 10")
    shop.work()
    return phone


@pytest.fixture(params=WAYS)
def trouble(request: pytest.FixtureRequest, shop: Shop, phone: FakePhone) -> Iterator[None]:
    with unwritable(shop.database, request.param):
        yield


def test_a_phone_gets_its_news_though_nobody_can_note_it(
    trouble: None, phone: FakePhone, card: IssuedPass
) -> None:
    assert phone.wake() == [card.serial_number]

    assert phone.shows[card.serial_number] == "1 of 10"


def test_a_complaint_is_thanked_for_though_nobody_can_keep_it(trouble: None, shop: Shop) -> None:
    answer = shop.app.test_client().post("/apple/v1/log", json={"logs": ["it is slow"]})

    assert (answer.status_code, answer.data) == (200, b"")


def test_a_phone_that_registers_or_leaves_is_asked_to_come_again(
    trouble: None, shop: Shop, card: IssuedPass
) -> None:
    address = f"/apple/v1/devices/d2/registrations/{PASS_TYPE}/{card.serial_number}"
    headers = {"Authorization": f"ApplePass {shop.token_of(card)}"}
    client = shop.app.test_client()

    for answer in (
        client.post(address, json={"pushToken": "ab" * 32}, headers=headers),
        client.delete(address, headers=headers),
    ):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert "readonly" not in answer.text
    assert [each.device_library_identifier for each in shop.registrations()] != ["d2"]
