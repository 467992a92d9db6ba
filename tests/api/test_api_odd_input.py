"""What JSON or Unicode allows and a card or a list of members would break on."""

import json
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
