"""What JSON or Unicode allows and a card or a list of members would break on."""

import json
from datetime import timedelta
from typing import Any

import pytest


def faults_of(answer: Any) -> list[dict[str, str]]:
    """What was wrong, by place."""
    assert answer.status_code == 400, answer.text
    assert answer.json["code"] == "invalid"
    return answer.json["errors"]


def read_strictly(answer: Any) -> Any:
    """As JavaScript reads it: NaN and Infinity are no JSON."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON.")

    return json.loads(answer.data, parse_constant=refuse)


def raw(caller: Any, method: str, path: str, text: str) -> Any:
    return caller(method, path, data=text.encode(), content_type="application/json")


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9007199254740993", "9" * 400]
)
def test_a_number_that_not_everybody_can_read_is_refused_and_the_list_stays_whole(
    pos: Any, number: str
) -> None:
    mikko = pos.enrol(given_name="Mikko")
    attributes = f'{{"attributes": {{"visits": {number}}}'

    new = raw(pos, "POST", "/members", f'{attributes}, "given_name": "Aino"}}')
    changed = raw(pos, "PATCH", f"/members/{mikko['id']}", f"{attributes}}}")

    for answer in (new, changed):
        assert [fault["where"] for fault in faults_of(answer)] == ["attributes.visits"]
    [only] = read_strictly(pos("GET", "/members"))["items"]
    assert (only["given_name"], only["attributes"]) == ("Mikko", {})


def test_attributes_are_texts_numbers_and_yes_or_no_and_come_back_as_they_were(pos: Any) -> None:
    attributes = {"a": "lily ", "b": 2**53, "c": -(2**53), "d": 0.25, "e": True, "f": None, "g": ""}

    member = pos.enrol(attributes=attributes)

    assert member["attributes"] == attributes | {"a": "lily"}
    assert member["attributes"]["e"] is True
    assert pos("GET", f"/members/{member['id']}").json["attributes"] == member["attributes"]


@pytest.mark.parametrize("value", [{"b": 1}, [1], [[[]]], "x" * 501, "a\nb"])
def test_an_attribute_is_one_short_value(caller: Any, value: Any) -> None:
    answer = caller("POST", "/members", {"given_name": "Aino", "attributes": {"a": value}})

    [fault] = faults_of(answer)
    assert fault["where"] == "attributes.a"


def test_attributes_are_eight_kibibytes_at_most(caller: Any) -> None:
    almost = {str(number): "x" * 400 for number in range(20)}
    caller.enrol(attributes=almost)

    answer = caller("POST", "/members", {"given_name": "A", "attributes": almost | {"z": "ä" * 99}})

    [fault] = faults_of(answer)
    assert fault == {"where": "attributes", "says": "attributes have at most 8 KiB together"}


@pytest.mark.parametrize(
    "name",
    [
        "\u200b",
        "\ufeff\u200d",
        "\u2060 \u200c",
        "\u3164",
        "\u2800\u2800",
        "\ufe0f",
        "\u0301",
        "\U000e0061",
        "\ue000",
        "\u200bAino",
        "\u202eoniA",
        "Ai\u2067no",
        "Aino\u200f",
        "Aino\ufffe",
        "Aino\ufdd0",
        "Aino\U0010ffff",
        "Ai\u2028no",
    ],
    ids=ascii,
)
def test_a_name_that_shows_nothing_or_turns_what_follows_is_refused(caller: Any, name: str) -> None:
    given = caller("POST", "/members", {"given_name": name})
    family = caller("POST", "/members", {"given_name": "Aino", "family_name": name})

    assert [fault["where"] for fault in faults_of(given)] == ["given_name"]
    assert [fault["where"] for fault in faults_of(family)] == ["family_name"]


@pytest.mark.parametrize(
    "name",
    [
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d🌾",
        "🏴\U000e0067\U000e0062\U000e007f",
        "❤\ufe0f",
        "Åsa",
        "A\u030asa",
        "1️⃣",
        "🫨",
        "O\u2019Brien",
        "\u05d0\u05d9\u05e0\u05d4",
        "Nguyễn\u00a0An",
    ],
    ids=ascii,
)
def test_a_name_keeps_what_its_language_and_its_emoji_need(caller: Any, name: str) -> None:
    member = caller.enrol(given_name=name, family_name=name)

    assert (member["given_name"], member["family_name"]) == (name, name)


def test_an_address_is_the_same_however_its_letters_are_put_together(pos: Any) -> None:
    aino = pos.enrol(email="p\u00e4ivi@example.fi")

    answer = pos("POST", "/members", {"given_name": "P", "email": "pa\u0308ivi@example.fi"})

    assert (answer.status_code, answer.json["code"]) == (409, "member_exists")
    assert answer.json["id"] == aino["id"]


def test_what_stands_twice_is_refused(caller: Any) -> None:
    aino = caller.enrol()
    sale = f'"code": "{aino["code"]}", "currency": "EUR"'
    for method, path, text, where in (
        ("POST", "/members", '{"given_name": "Aino", "given_name": "Eve"}', "given_name"),
        ("POST", "/members", '{"given_name": "A", "given\\u005fname": "E"}', "given_name"),
        ("POST", "/members", '{"given_name": "A", "attributes": {"a": 1, "a": 2}}', "a"),
        ("PATCH", f"/members/{aino['id']}", '{"email": null, "email": null}', "email"),
        ("PUT", "/sales/s1", f'{{{sale}, "amount": 1, "amount": 100000}}', "amount"),
        ("POST", "/stamps", f'{{{sale}, "event_id": "a", "event_id": "b"}}', "event_id"),
    ):
        faults = faults_of(raw(caller, method, path, text))
        assert faults == [{"where": where, "says": "this key stands twice"}]
    assert caller("GET", f"/scan/{aino['code']}").json["last_visit"] is None


@pytest.mark.parametrize(
    "moment",
    ["{day}T10:00Z", "{day}T12:00:00+02:00", "{day}t10:00:00.123456z", "{day} 10:00:00,5+0000"],
)
def test_a_time_is_written_as_iso_8601_allows(caller: Any, driven_clock: Any, moment: str) -> None:
    aino = caller.enrol()
    driven_clock.advance(timedelta(days=1))
    sale = {"code": aino["code"], "amount": 1000, "currency": "EUR"}
    sale["occurred_at"] = moment.format(day="2026-11-25")

    answer = caller("PUT", "/sales/s1", sale)

    assert answer.status_code == 200, answer.text
    scan = caller("GET", f"/scan/{aino['code']}").json
    assert scan["last_visit"].startswith("2026-11-25T10:00:00")


@pytest.mark.parametrize("event_id", [".", "..", "...", "\u200b"])
def test_an_event_that_is_called_nothing_is_refused(caller: Any, event_id: str) -> None:
    aino = caller.enrol()
    stamps = {"event_id": event_id, "code": aino["code"]}

    for path, body in (("/stamps", stamps), ("/coupons/CP1/redeem", {"event_id": event_id})):
        answer = caller("POST", path, body)
        assert (answer.status_code, answer.json["code"]) == (422, "bad_id")
        assert "not only dots" in answer.json["say"]
