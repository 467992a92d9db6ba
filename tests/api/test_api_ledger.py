"""The ledger over the API: read whole, page by page, and by a key of one shop."""

from datetime import timedelta
from typing import Any

from wallet_service import brands, clock
from wallet_service.audit import COMMAND


def read(caller: Any, **asked: Any) -> dict[str, Any]:
    answer = caller("GET", "/ledger", query_string=asked)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_ledger_says_what_happened_why_and_by_which_rules(pos: Any) -> None:
    aino = pos.enrol()
    sale = {"code": aino["code"], "amount": 1250, "currency": "EUR", "till": "2"}
    pos("PUT", "/sales/r-17", sale)

    (entry,) = read(pos, sale="r-17")["items"]

    assert (entry["member"], entry["number"], entry["kind"]) == (aino["id"], 1, "accrual")
    assert (entry["key"], entry["till"], entry["rule_version"]) == ("r-17", "2", 1)
    assert len(entry["hash"]) == 64
    gained = {line["unit"]: line for line in entry["lines"] if line["account"] == "available"}
    assert (gained["points"]["amount"], gained["stamps"]["amount"]) == (12, 1)
    assert gained["points"]["why"].startswith("12 points")
    assert sum(line["amount"] for line in entry["lines"]) == 0


def test_pages_of_the_ledger_miss_nothing_and_say_nothing_twice(pos: Any) -> None:
    for name in ("Aino", "Mikko", "Sari"):
        member = pos.enrol(given_name=name)
        for visit in range(3):
            pos.stamps(member, 1, f"{name}-{visit}")  # all at one moment: the clock stands

    seen, cursor = [], None
    while True:
        page = read(pos, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [(each["member"], each["number"]) for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 9
    assert seen == [(e["member"], e["number"]) for e in read(pos)["items"]]


def test_since_reads_on_from_a_moment(pos: Any) -> None:
    aino = pos.enrol()
    pos.stamps(aino, 1, "before")
    clock.advance(timedelta(hours=1))
    pos.stamps(aino, 1, "after")
    moment = clock.written(clock.now())

    assert [each["key"] for each in read(pos, since=moment)["items"]] == ["after"]


def test_a_key_of_one_shop_sees_only_what_happened_there(shop: Any, pos: Any) -> None:
    with shop.database.write() as connection:
        other = brands.add_location(connection, shop.brand_id, name="Töölö", actor=COMMAND)
    there = shop.key("sales", "members", "ledger:read", locations=[other.location_id])
    everywhere = shop.key("ledger:read", locations=[])
    aino = pos.enrol()
    pos.stamps(aino, 1, "here")
    there.stamps(aino, 1, "there")

    assert [each["key"] for each in read(there)["items"]] == ["there"]
    assert [each["key"] for each in read(pos)["items"]] == ["here"]
    assert {each["key"] for each in read(everywhere)["items"]} == {"here", "there"}
    asked = {"location": other.location_id}
    assert [each["key"] for each in read(everywhere, **asked)["items"]] == ["there"]
    refused = pos("GET", "/ledger", query_string=asked)
    assert (refused.status_code, refused.json["code"]) == (403, "other_location")


def test_another_brands_ledger_is_empty(two_shops: tuple[Any, Any]) -> None:
    kielo, rove = two_shops
    aino = kielo.enrol()
    kielo.stamps(aino, 1, "e1")

    assert read(rove)["items"] == []
    assert read(rove, member=aino["id"])["items"] == []


def test_a_cursor_that_we_never_gave_is_refused_with_its_place(caller: Any) -> None:
    for cursor in ("x", "bm9uZQ", "WzEsMiwzXQ", "W10", "bnVsbA", "_" * 300):
        answer = caller("GET", "/ledger", query_string={"cursor": cursor})
        assert (answer.status_code, answer.json["code"]) == (400, "invalid")
        assert answer.json["errors"][0]["where"] == "cursor"
