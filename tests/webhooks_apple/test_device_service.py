"""What a phone asks and hears: Apple's five calls, with good and bad manners."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from small_shop import PASS_TYPE, FakePhone, Shop

from wallet_service import clock
from wallet_service.db import Database
from wallet_service.keys import Keyring
from wallet_service.phones import device_log, issued, registrations, told
from wallet_service.phones.tables import device, issued_pass, pass_type


@pytest.fixture
def shop(database: Database, keyring: Keyring, driven_clock: object) -> Shop:
    return Shop(database, keyring)


@pytest.fixture
def small(sqlite_database: Database, keyring: Keyring, driven_clock: object) -> Shop:
    """The same on one engine, for what does not reach the database."""
    return Shop(sqlite_database, keyring)


def device_rows(shop: Shop) -> list[sa.Row]:
    with shop.database.read() as connection:
        return list(connection.execute(sa.select(device)))


def tags(shop: Shop) -> dict[sa.Table, list[sa.Row]]:
    with shop.database.read() as connection:
        return {
            table: list(connection.execute(sa.select(table))) for table in (issued_pass, pass_type)
        }


def restore_tags(shop: Shop, backup: dict[sa.Table, list[sa.Row]]) -> None:
    """The update tags are what they were, and so is the counter they come from."""
    with shop.database.write() as connection:
        for table, rows in backup.items():
            for row in rows:
                same = [column == row._mapping[column.name] for column in table.primary_key]
                connection.execute(sa.update(table).where(*same).values(update_tag=row.update_tag))


# Registering


def test_the_first_registration_is_created_and_the_next_is_fine(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    assert phone.add(card) == 201
    assert phone.register(card) == 200
    shop.work()
    assert shop.way.pushes == []


def test_a_token_renewed_through_one_pass_is_every_passs_token(shop: Shop) -> None:
    phone = FakePhone(shop)
    mine, hers = shop.issue("m1"), shop.issue("m2")
    phone.add(mine)
    phone.add(hers)
    phone.push_token = "ab" * 32
    assert phone.register(mine) == 200
    shop.say("1 of 10", "m2")
    shop.work()

    assert shop.way.pushes == ["ab" * 32]


def test_what_was_called_for_under_the_old_token_is_called_for_again(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    shop.say("1 of 10")
    shop.work()
    phone.push_token = "cd" * 32
    phone.register(card)
    shop.work()

    assert shop.way.pushes[1:] == ["cd" * 32]
    phone.register(card)
    shop.work()
    assert len(shop.way.pushes) == 2


def test_a_pass_that_moved_on_between_download_and_registration_is_told(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    shop.database.run(told.downloaded, card)
    shop.say("1 of 10")
    shop.work()
    assert shop.way.pushes == []
    # A scanner opens the link again before the person has added the pass.
    clock.advance(timedelta(minutes=1))
    shop.database.run(told.downloaded, shop.card(card))
    phone.tokens[card.serial_number] = shop.token_of(card)
    assert phone.register(card) == 201
    shop.work()

    assert shop.way.pushes == [phone.push_token]
    phone.wake()
    assert phone.shows[card.serial_number] == "1 of 10"


def test_a_second_phone_with_the_last_version_is_not_called(shop: Shop) -> None:
    card = shop.issue()
    FakePhone(shop).add(card)
    shop.say("1 of 10")
    shop.work()
    calls = len(shop.way.pushes)
    clock.advance(timedelta(hours=1))
    assert FakePhone(shop).add(card) == 201
    shop.work()
    assert len(shop.way.pushes) == calls


def test_downloading_changes_nothing_that_another_visitor_sees(shop: Shop) -> None:
    card = shop.issue()
    shop.database.run(told.downloaded, card)
    after = shop.card(card)
    assert (after.version, after.last_modified, after.update_tag, after.serial_number) == (
        card.version,
        card.last_modified,
        card.update_tag + 1,  # taken when it was first drawn, after `issue` had read it
        card.serial_number,
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 60_000,
        json.dumps({"pushToken": 5}).encode(),
        json.dumps({"pushToken": "xyz" * 30}).encode(),
        json.dumps({"pushToken": "ab" * 31}).encode(),
        json.dumps({"pushToken": "ab" * 101}).encode(),
        json.dumps({"pushToken": "٣" * 64}).encode(),
        json.dumps({"pushtoken": "ab" * 32}).encode(),
    ],
)
def test_a_body_without_a_push_token_gets_a_plain_sentence(small: Shop, body: bytes) -> None:
    card = small.issue()
    answer = small.app.test_client().post(
        f"/apple/v1/devices/d1/registrations/{PASS_TYPE}/{card.serial_number}",
        data=body,
        headers={"Authorization": f"ApplePass {small.token_of(card)}"},
    )
    assert answer.status_code == 400
    assert "64 to 200 hex digits" in answer.get_json()["detail"]
    assert small.registrations() == []


def test_a_body_of_a_hundred_thousand_bytes_is_too_large(small: Shop) -> None:
    card = small.issue()
    answer = small.app.test_client().post(
        f"/apple/v1/devices/d1/registrations/{PASS_TYPE}/{card.serial_number}",
        data=b" " * 100_000,
        headers={"Authorization": f"ApplePass {small.token_of(card)}"},
    )
    assert answer.status_code == 413


def test_a_pass_is_on_twenty_devices_at_most(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registrations, "DEVICES_A_PASS_MAX", 3)
    card = shop.issue()
    assert [FakePhone(shop).add(card) for _ in range(4)] == [201, 201, 201, 403]
    assert len(device_rows(shop)) == 3


# Proving


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "ApplePass",
        "ApplePass ",
        "Bearer {token}",
        "ApplePass {token}x",
        "ApplePass a=b",
        "ApplePass kahvi ä",
        "ApplePass " + "x" * 5000,
        "{token}",
    ],
)
def test_whoever_cannot_prove_it_is_unauthorised(small: Shop, header: str | None) -> None:
    card = small.issue()
    token = small.token_of(card)
    client = small.app.test_client()
    headers = {} if header is None else {"Authorization": header.format(token=token)}
    registration = f"/apple/v1/devices/d1/registrations/{PASS_TYPE}/{card.serial_number}"
    answers = [
        client.post(registration, json={"pushToken": "ab" * 32}, headers=headers),
        client.delete(registration, headers=headers),
        client.get(f"/apple/v1/passes/{PASS_TYPE}/{card.serial_number}", headers=headers),
        client.head(f"/apple/v1/passes/{PASS_TYPE}/{card.serial_number}", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401]
    assert token not in answers[0].get_data(as_text=True)


def test_unknown_passes_and_wrong_tokens_are_answered_alike(small: Shop) -> None:
    card, other = small.issue("m1"), small.issue("m2")
    headers = {"Authorization": f"ApplePass {small.token_of(card)}"}
    client = small.app.test_client()
    answers = {
        client.get(path, headers=headers).get_data()
        for path in (
            f"/apple/v1/passes/{PASS_TYPE}/{other.serial_number}",
            f"/apple/v1/passes/{PASS_TYPE}/UNKNOWN",
            f"/apple/v1/passes/pass.other/{card.serial_number}",
            f"/apple/v1/passes/{PASS_TYPE}/{card.serial_number.lower()}",
            f"/apple/v1/passes/{PASS_TYPE}/{'x' * 400}",
            f"/apple/v1/passes/{PASS_TYPE}/caf%C3%A9",
        )
    }
    assert len(answers) == 1
    assert b'"status": 401' in answers.pop()


def test_the_scheme_may_be_written_in_any_case(small: Shop) -> None:
    card = small.issue()
    assert FakePhone(small).register(card, f"applepass {small.token_of(card)}") == 201


# Asking


def test_a_phone_hears_only_of_its_own_passes_and_only_of_what_changed(shop: Shop) -> None:
    mine, hers, others = shop.issue("m1"), shop.issue("m2"), shop.issue("m3")
    phone = FakePhone(shop)
    phone.add(mine)
    phone.add(hers)
    FakePhone(shop).add(others)
    assert set(phone.ask()) == {mine.serial_number, hers.serial_number}
    assert phone.ask(phone.tag) == []

    shop.say("1 of 10", "m2")
    shop.say("1 of 10", "m3")
    shop.work()
    assert phone.ask(phone.tag) == [hers.serial_number]
    assert phone.ask(phone.tag) == []
    # What is no tag is no tag: everything is told.
    for odd in ("", "rubbish", "-1", "1.5", "٣", "9" * 30, "2026-11-25T10:00:00 00:00"):
        assert set(phone.ask(odd)) == {mine.serial_number, hers.serial_number}


def test_a_phone_from_after_the_backup_that_was_restored_hears_all(shop: Shop) -> None:
    mine, hers = shop.issue("m1"), shop.issue("m2")
    phone = FakePhone(shop)
    phone.add(mine)
    phone.add(hers)
    tags_of_the_backup = tags(shop)
    for number in range(1, 6):
        shop.say(f"{number} of 10")
        shop.work()
        phone.wake()
    restore_tags(shop, tags_of_the_backup)

    shop.say("1 of 10", "m2")
    shop.work()
    assert set(phone.wake()) == {mine.serial_number, hers.serial_number}
    assert phone.shows[hers.serial_number] == "1 of 10"
    # From here on its tag is ours again.
    assert phone.ask(phone.tag) == []
    shop.say("6 of 10")
    shop.work()
    assert phone.ask(phone.tag) == [mine.serial_number]


def test_a_device_that_nobody_knows_has_nothing_new(small: Shop) -> None:
    client = small.app.test_client()
    for name in ("unknown", "x" * 400, "caf%C3%A9", "a%20b"):
        answer = client.get(f"/apple/v1/devices/{name}/registrations/{PASS_TYPE}")
        assert (answer.status_code, answer.get_data()) == (204, b"")
    phone = FakePhone(small)
    phone.add(small.issue())
    answer = client.get(f"/apple/v1/devices/{phone.device}/registrations/pass.other")
    assert answer.status_code == 204


def test_no_door_of_the_phones_redirects(small: Shop) -> None:
    card = small.issue()
    phone = FakePhone(small)
    phone.add(card)
    client = small.app.test_client()
    for path in (
        f"/apple//v1/devices/{phone.device}/registrations/{PASS_TYPE}",
        f"/apple/v1//devices/{phone.device}//registrations/{PASS_TYPE}",
    ):
        assert client.get(path).status_code == 200
    assert client.post("/apple//v1/log", json={"logs": []}).status_code == 200
    assert client.get(f"/apple/v1/passes/{PASS_TYPE}/{card.serial_number}/").status_code == 404


# Fetching


def test_the_pass_comes_with_its_date_and_is_not_sent_twice(small: Shop) -> None:
    card = small.issue()
    client = small.app.test_client()
    path = f"/apple/v1/passes/{PASS_TYPE}/{card.serial_number}"
    headers = {"Authorization": f"ApplePass {small.token_of(card)}"}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/vnd.apple.pkpass"
    assert answer.headers["Last-Modified"] == issued.last_modified_http(card)

    built = small.built
    again = client.get(
        path, headers=headers | {"If-Modified-Since": answer.headers["Last-Modified"]}
    )
    assert (again.status_code, again.get_data()) == (304, b"")
    look = client.head(path, headers=headers)
    assert (look.status_code, look.get_data()) == (200, b"")
    assert look.headers["Last-Modified"] == answer.headers["Last-Modified"]
    assert small.built == built


@pytest.mark.parametrize(
    "odd",
    [
        "rubbish",
        "0",
        "2026-11-25T09:00:00Z",
        "1764061200",
        "Wed, 25 Nov 2026 09:00:00",
        "Wed, 25 Nov 2026 09:00:00 +0200",
        "Wed, 31 Feb 2026 09:00:00 GMT",
        "Fri, 25 Nov 2199 09:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 25 Nov 20260 09:00:00 GMT",
        "Wed, 25 Nov 0000 09:00:00 GMT",
        "ä",
    ],
)
def test_a_date_that_is_none_of_ours_means_that_the_phone_gets_the_pass(
    small: Shop, odd: str
) -> None:
    card = small.issue()
    answer = small.app.test_client().get(
        f"/apple/v1/passes/{PASS_TYPE}/{card.serial_number}",
        headers={
            "Authorization": f"ApplePass {small.token_of(card)}",
            "If-Modified-Since": odd.encode().decode("latin-1"),
        },
    )
    assert answer.status_code == 200


# Unregistering


def test_only_the_registration_that_is_ended_ends(shop: Shop) -> None:
    mine, hers = shop.issue("m1"), shop.issue("m2")
    phone = FakePhone(shop)
    assert phone.remove(mine) == 200  # some systems say DELETE before the first POST
    phone.add(mine)
    phone.add(hers)
    assert phone.remove(mine, "ApplePass wrong") == 401
    assert len(shop.registrations()) == 2
    assert phone.remove(mine) == 200
    assert phone.remove(mine) == 200
    assert [each.member_id for each in shop.registrations()] == ["m2"]
    assert len(device_rows(shop)) == 1
    assert phone.add(mine) == 201

    phone.remove(mine)
    phone.remove(hers)
    assert device_rows(shop) == []


# Whose fetch it was


def test_a_fetch_that_nobody_asked_for_hides_no_push(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    shop.say("1 of 10")
    other_app = FakePhone(shop)
    other_app.tokens[card.serial_number] = shop.token_of(card)
    assert other_app.fetch(card.serial_number) == 200
    shop.work()
    assert shop.way.pushes == [phone.push_token]


def test_of_two_that_asked_the_first_fetch_is_nobodys_and_the_second_both(shop: Shop) -> None:
    card = shop.issue()
    phone, watch = FakePhone(shop), FakePhone(shop)
    phone.add(card)
    watch.add(card)
    shop.say("1 of 10")
    shop.work()
    phone.ask(phone.tag)
    watch.ask(watch.tag)
    phone.fetch(card.serial_number)
    assert [each.fetched_version for each in shop.registrations()] == [1, 1]
    watch.fetch(card.serial_number)
    assert [each.fetched_version for each in shop.registrations()] == [2, 2]
    assert [each.remind_at for each in shop.registrations()] == [None, None]


def test_a_phone_is_never_believed_to_have_what_it_did_not_ask_about(shop: Shop) -> None:
    card = shop.issue()
    phone = FakePhone(shop)
    phone.add(card)
    shop.say("1 of 10")
    shop.work()
    phone.ask(phone.tag)
    shop.say("2 of 10")
    other_app = FakePhone(shop)
    other_app.tokens[card.serial_number] = shop.token_of(card)
    other_app.fetch(card.serial_number)  # taken for the phone's
    shop.work()
    clock.advance(timedelta(seconds=3))
    shop.work()

    assert shop.way.pushes == [phone.push_token] * 2


# The log


def test_what_phones_complain_about_is_kept_without_names_and_secrets(shop: Shop) -> None:
    card = shop.issue()
    lines = [
        f"[2026-11-25] Register task (for device 0f3a9c1b2d4e5f60718293a4b5c6d7e8, pass type"
        f" {PASS_TYPE}, serial number {card.serial_number}; with web service url"
        f" https://cards.example/apple) encountered error: Unexpected response code 401",
        f"Authorization: ApplePass {shop.token_of(card)}",
        "short serial number K17, mail anna@example.com\x00\nnext \ud800 line",
        "x " * 1000,
        {"not": "a line"},
        *(f"more {n}" for n in range(50)),
    ]
    answer = shop.app.test_client().post("/apple/v1/log", data=json.dumps({"logs": lines}))
    assert answer.status_code == 200
    with shop.database.read() as connection:
        kept = device_log.latest(connection)[::-1]

    assert len(kept) == device_log.LINES_A_REPORT_MAX
    assert kept[0].endswith("encountered error: Unexpected response code 401")
    assert PASS_TYPE in kept[0]
    everything = "\n".join(kept)
    for secret in (card.serial_number, shop.token_of(card), "0f3a9c1b", "K17", "anna@", "\x00"):
        assert secret not in everything
    assert max(map(len, kept)) == 300


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b'{"logs": 5}', b"\xff" * 500, b"[" * 90_000, b"x" * 1_200_000],
)
def test_rubbish_in_the_log_is_thanked_for(small: Shop, body: bytes) -> None:
    answer = small.app.test_client().post("/apple/v1/log", data=body)
    assert (answer.status_code, answer.get_data()) == (200, b"")
    with small.database.read() as connection:
        assert device_log.latest(connection) == ()


def test_an_address_that_reports_without_end_is_heard_ten_times_a_minute(small: Shop) -> None:
    client = small.app.test_client()
    for n in range(15):
        assert client.post("/apple/v1/log", json={"logs": [f"line {n}"]}).status_code == 200
    with small.database.read() as connection:
        assert len(device_log.latest(connection)) == 10


def test_the_log_keeps_the_newest_thousand_lines(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_log, "LINES_KEPT_MAX", 7)
    for n in range(4):
        shop.database.run(device_log.keep, [f"line {n} {m}" for m in "abc"])
    with shop.database.read() as connection:
        kept = device_log.latest(connection)
    assert len(kept) == 7
    assert kept[0] == "line 3 c"
    assert kept[-1] == "line 1 c"
