"""Sales by their lines, goods that come back, and tills that were offline, over the API."""

from typing import Any


def points(caller: Any, member: dict[str, Any]) -> int:
    return caller("GET", f"/members/{member['id']}").json["balances"]["points"]["available"]


def bouquet(member: dict[str, Any], **changes: Any) -> dict[str, Any]:
    lines = [
        {"product": "tulip", "category": "flowers", "quantity": 4, "price": 500},
        {"product": "vase", "quantity": 1, "price": 1000},
    ]
    return {"code": member["code"], "currency": "EUR", "lines": lines} | changes


def test_a_sale_is_told_by_its_lines(pos: Any) -> None:
    aino = pos.enrol()

    assert pos("PUT", "/sales/r-17", bouquet(aino)).status_code == 200
    assert points(pos, aino) == 30
    assert pos("PUT", "/sales/r-18", bouquet(aino, amount=2500)).status_code == 200
    assert points(pos, aino) == 55


def test_what_comes_back_takes_back_what_it_gave(pos: Any) -> None:
    aino = pos.enrol()
    pos("PUT", "/sales/r-17", bouquet(aino))

    part = {"return_id": "b-1", "lines": [{"product": "tulip", "quantity": 2}]}
    assert pos("POST", "/sales/r-17/returns", part).status_code == 200
    assert pos("POST", "/sales/r-17/returns", part).headers["Idempotent-Replayed"] == "true"
    assert points(pos, aino) == 20

    assert pos("POST", "/sales/r-17/returns", {"return_id": "b-2"}).status_code == 200
    assert points(pos, aino) == 0
    more = pos("POST", "/sales/r-17/returns", {"return_id": "b-3", "amount": 1})
    assert (more.status_code, more.json["code"]) == (409, "return_too_much")
    nothing = pos("POST", "/sales/r-99/returns", {"return_id": "b-4"})
    assert (nothing.status_code, nothing.json["code"]) == (404, "unknown_sale")


def test_a_batch_says_what_became_of_each_event_in_their_order(pos: Any) -> None:
    aino = pos.enrol()
    pos("PUT", "/sales/r-16", {"code": aino["code"], "amount": 500, "currency": "EUR"})
    sale = {"kind": "sale", "code": aino["code"], "currency": "EUR"}
    batch = {
        "device": "till 2",
        "events": [
            {"kind": "return", "return_id": "b-1", "sale_id": "r-17", "amount": 1000},
            sale | {"sale_id": "r-17", "amount": 2000},
            sale | {"sale_id": "r-16", "amount": 500},
            sale | {"sale_id": "r-18", "amount": 500, "code": "LP1AAAAAAAAAAAA"},
            sale | {"sale_id": "r-19", "amount": 0},
            {"kind": "stamps", "event_id": "e-1", "code": aino["code"], "occurred_at": "then"},
            {"kind": "song", "event_id": "e-2"},
            "a word",
        ],
    }

    items = pos("POST", "/offline-batches", batch).json["items"]

    assert [(each["key"], each["status"], each["code"]) for each in items] == [
        ("b-1", "accepted", None),
        ("r-17", "accepted", None),
        ("r-16", "duplicate", None),
        ("r-18", "conflict", "unknown_card"),
        ("r-19", "conflict", "bad_amount"),
        ("e-1", "conflict", "invalid"),
        ("e-2", "conflict", "invalid"),
        ("", "conflict", "invalid"),
    ]
    assert items[3]["say"]
    assert items[5]["errors"][0]["where"].endswith("occurred_at")
    assert points(pos, aino) == 15
    again = pos("POST", "/offline-batches", batch).json["items"]
    assert {each["status"] for each in again[:3]} == {"duplicate"}


def test_a_batch_that_is_no_batch_is_refused_whole(caller: Any) -> None:
    for wrong in ({}, {"events": {}}, {"events": [{}] * 501}):
        answer = caller("POST", "/offline-batches", wrong)
        assert (answer.status_code, answer.json["code"]) == (400, "invalid")
