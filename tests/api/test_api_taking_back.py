"""What was told is undone, and what is wrong is corrected, over the API."""

from typing import Any

import pytest


def points(caller: Any, member: dict[str, Any]) -> int:
    return caller("GET", f"/members/{member['id']}").json["balances"]["points"]["available"]


def test_a_sale_is_undone_once_however_often_it_is_told(pos: Any) -> None:
    aino = pos.enrol()
    pos("PUT", "/sales/r-17", {"code": aino["code"], "amount": 1250, "currency": "EUR"})

    first = pos("POST", "/sales/r-17/void")
    again = pos("POST", "/sales/r-17/void", {})

    assert first.status_code == 200
    assert first.json["balances"]["points"] == {"available": 0, "pending": 0, "lifetime": 0}
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"


def test_what_was_never_told_cannot_be_undone(caller: Any) -> None:
    answer = caller("POST", "/sales/r-99/void", {})

    assert (answer.status_code, answer.json["code"]) == (404, "unknown_sale")
    assert answer.json["say"]


def test_a_balance_is_corrected_with_a_reason_and_never_below_nothing(pos: Any) -> None:
    aino = pos.enrol()
    more = {"event_id": "a1", "code": aino["code"], "unit": "points", "amount": 50}
    more["reason"] = "Forgotten at the counter"
    less = {"event_id": "a2", "member": aino["id"], "unit": "points", "amount": -20}
    less["reason"] = "Counted twice"

    assert pos("POST", "/adjustments", more).json["balances"]["points"]["available"] == 50
    assert pos("POST", "/adjustments", more).headers["Idempotent-Replayed"] == "true"
    assert pos("POST", "/adjustments", less).status_code == 200
    assert points(pos, aino) == 30

    refused = pos("POST", "/adjustments", less | {"event_id": "a3", "amount": -31})
    assert (refused.status_code, refused.json["code"]) == (409, "not_enough")
    assert points(pos, aino) == 30


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 0}, "bad_adjustment"),
        ({"unit": "kisses"}, "bad_adjustment"),
        ({"reason": "."}, "bad_reason"),
        ({"reason": None}, "invalid"),
        ({"amount": "5"}, "invalid"),
        ({"member": "nobody"}, "unknown_member"),
    ],
)
def test_a_correction_that_says_too_little_is_refused(
    caller: Any, change: dict[str, Any], code: str
) -> None:
    aino = caller.enrol()
    told = {"event_id": "a1", "member": aino["id"], "unit": "points", "amount": 5}

    answer = caller("POST", "/adjustments", told | {"reason": "Counted twice"} | change)

    assert answer.json["code"] == code
    assert points(caller, aino) == 0
