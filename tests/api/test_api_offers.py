"""Offers made, given, held, used and rolled back over the API; and a door with tickets."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from wallet_service import clock

TULIP = {
    "name": {"en": "A tulip", "fi": "Tulppaani"},
    "kind": "discount",
    "words": "One each, in spring.",
    "worth": {"percent": 20},
    "quota": 2,
    "per_member": 1,
}


def give(caller: Any, member: dict[str, Any], event_id: str, offer: str = "tulip") -> Any:
    told = {"event_id": event_id, "code": member["code"], "offer": offer}
    return caller("POST", "/coupons", told)


def test_an_offer_is_made_read_changed_and_never_written_over(pos: Any) -> None:
    made = pos("PUT", "/offers/tulip", TULIP)
    listed = pos("GET", "/offers").json["items"]
    seen = {"If-Match": made.headers["ETag"]}
    changed = pos("PUT", "/offers/tulip", TULIP | {"quota": 3}, headers=seen)
    late = pos("PUT", "/offers/tulip", TULIP | {"quota": 4}, headers=seen)

    assert made.status_code == 201
    assert listed == [made.json]
    assert made.json["words"] == {"en": "One each, in spring."}
    assert (changed.status_code, changed.json["quota"]) == (200, 3)
    assert (late.status_code, late.json["code"]) == (412, "changed_meanwhile")
    nowhere = pos("PUT", "/offers/rose", TULIP, headers=seen)
    assert (nowhere.status_code, nowhere.json["code"]) == (412, "changed_meanwhile")


def test_of_two_who_change_what_both_saw_one_is_told_so(pos: Any) -> None:
    for quota in range(3, 7):
        made = pos("PUT", "/offers/tulip", TULIP | {"quota": quota})
        seen = {"If-Match": made.headers["ETag"]}
        told = [TULIP | {"quota": quota * 10 + each} for each in (1, 2)]
        with ThreadPoolExecutor(2) as both:
            asked = [
                both.submit(pos.another(), "PUT", "/offers/tulip", each, headers=seen)
                for each in told
            ]
        assert sorted(each.result().status_code for each in asked) == [200, 412]


def test_an_offer_that_does_not_hang_together_is_refused_with_every_place(caller: Any) -> None:
    wrong = TULIP | {"worth": None, "conditions": {"locations": ["the moon"]}, "then": "rose"}

    answer = caller("PUT", "/offers/tulip", wrong)

    assert (answer.status_code, answer.json["code"]) == (422, "bad_offer")
    assert answer.json["faults"]
    assert caller("GET", "/offers").json["items"] == []


@pytest.mark.parametrize(
    "said", ["Night\nof roses", "Night\x00", "\u202eNight", "a\u2066b", "a\x85b"]
)
def test_what_a_ticket_says_is_one_line_that_can_be_read(caller: Any, said: str) -> None:
    begins = clock.now() + timedelta(days=1)
    evening = {
        "event": said,
        "place": said,
        "starts_at": clock.written(begins),
        "ends_at": clock.written(begins + timedelta(hours=3)),
    }
    told = {"name": "Night of roses", "kind": "ticket", "ticket": evening}

    answer = caller("PUT", "/offers/roses", told)
    assert (answer.status_code, answer.json["code"]) == (422, "bad_offer")
    assert [each["at"] for each in answer.json["faults"]] == ["ticket.event", "ticket.place"]

    family = evening | {"event": "Kids’ night 👨‍👩‍👧 “roses”", "place": None}
    assert caller("PUT", "/offers/roses", told | {"ticket": family}).status_code == 201


def test_an_ended_offer_gives_no_more_copies_and_those_that_are_out_can_be_used(pos: Any) -> None:
    made = pos("PUT", "/offers/tulip", TULIP)
    aino, mikko = pos.enrol(given_name="Aino"), pos.enrol(given_name="Mikko")
    code = give(pos, aino, "g1").json["code"]

    early = pos("DELETE", "/offers/tulip", headers={"If-Match": made.headers["ETag"]})
    ended = pos("DELETE", "/offers/tulip")
    twice = pos("DELETE", "/offers/tulip")

    assert (early.status_code, early.json["code"]) == (412, "changed_meanwhile")
    assert (ended.status_code, bool(ended.json["ended_at"])) == (200, True)
    assert twice.json == ended.json
    assert give(pos, mikko, "g2").json["code"] == "offer_ended"
    assert pos("POST", f"/coupons/{code}/redeem", {"event_id": "u1"}).status_code == 200
    assert pos("PUT", "/offers/tulip", TULIP).json["ended_at"] is None
    assert give(pos, mikko, "g3").status_code == 201


def test_the_programmes_rewards_are_listed_and_ended_by_its_file_alone(caller: Any) -> None:
    [bouquet] = caller("GET", "/offers").json["rewards"]

    assert (bouquet["key"], bouquet["unit"], bouquet["cost"]) == ("bouquet", "stamps", 10)
    assert (bouquet["comes"], bouquet["name"]["fi"]) == ("by_itself", "Kimppu")
    answer = caller("DELETE", "/offers/bouquet")
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_offer")


def test_a_long_list_of_offers_is_read_page_by_page(caller: Any) -> None:
    for number in range(5):
        assert caller("PUT", f"/offers/tulip-{number}", TULIP).status_code == 201

    first = caller("GET", "/offers?limit=3").json
    rest = caller("GET", f"/offers?limit=3&cursor={first['next']}").json

    keys = [each["key"] for each in first["items"] + rest["items"]]
    assert keys == [f"tulip-{number}" for number in range(5)]
    assert rest["next"] is None
    assert caller("GET", "/offers?cursor=rose").json["code"] == "invalid"


def test_a_coupon_is_given_once_each_while_there_are_some(pos: Any) -> None:
    pos("PUT", "/offers/tulip", TULIP)
    aino, mikko, sari = (pos.enrol(given_name=name) for name in ("Aino", "Mikko", "Sari"))

    first = give(pos, aino, "g1")
    again = give(pos, aino, "g1")
    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["Location"] == f"/api/v1/coupons/{first.json['code']}"
    assert pos("GET", f"/coupons/{first.json['code']}").json["worth"] == {"percent": 20}
    held = pos("GET", f"/members/{aino['id']}").json["coupons"]
    assert [each["code"] for each in held] == [first.json["code"]]

    assert give(pos, aino, "g2").json["code"] == "member_limit"
    assert give(pos, mikko, "g3").status_code == 201
    assert give(pos, sari, "g4").json["code"] == "quota_used"
    assert give(pos, sari, "g5", "rose").json["code"] == "unknown_offer"


def test_a_coupon_is_held_for_one_sale_and_rolled_back(pos: Any) -> None:
    pos("PUT", "/offers/tulip", TULIP)
    aino = pos.enrol()
    code = give(pos, aino, "g1").json["code"]

    held = pos("POST", f"/coupons/{code}/reserve", {"event_id": "r-17", "ttl_seconds": 60})
    other = pos("POST", f"/coupons/{code}/redeem", {"event_id": "r-18"})
    sale = {"code": aino["code"], "amount": 1000, "currency": "EUR", "redeem": [{"coupon": code}]}
    sold = pos("PUT", "/sales/r-17", sale)

    assert (held.status_code, held.json["state"]) == (200, "reserved")
    assert (other.status_code, other.json["code"]) == (409, "reserved")
    assert sold.json["applied"] == [{"coupon": code}]
    assert sold.json["uses"][0]["worth"] == 200

    back = pos("POST", f"/coupons/{code}/rollback", {"event_id": "r-17"})
    assert (back.status_code, back.json["state"]) == (200, "issued")
    assert pos("POST", f"/coupons/{code}/rollback", {"event_id": "r-17"}).json == back.json
    nothing = pos("POST", f"/coupons/{code}/rollback", {"event_id": "r-18"})
    assert (nothing.status_code, nothing.json["code"]) == (409, "nothing_to_roll_back")


def test_a_benefit_is_enjoyed_beside_a_purchase_that_it_takes_nothing_off(pos: Any) -> None:
    kept_warm = {"name": "A coffee while you wait", "kind": "benefit", "words": "Ask for it."}
    pos("PUT", "/offers/coffee", kept_warm)
    aino = pos.enrol()
    code = give(pos, aino, "g1", "coffee").json["code"]

    sale = {"code": aino["code"], "amount": 1000, "currency": "EUR", "redeem": [{"coupon": code}]}
    sold = pos("PUT", "/sales/s-1", sale).json

    assert sold["applied"] == [{"coupon": code}]
    assert [each["worth"] for each in sold["uses"]] == [None]
    assert sold["balances"]["points"]["available"] == 10
    assert pos("GET", f"/coupons/{code}").json["state"] == "redeemed"


def test_a_new_product_is_made_known_by_a_coupon_for_it_alone(pos: Any) -> None:
    peony = {
        "name": "Try the peony",
        "kind": "discount",
        "words": "The first peonies of the year.",
        "worth": {"percent": 50},
        "conditions": {"products": ["peony"]},
    }
    pos("PUT", "/offers/peony", peony)
    aino = pos.enrol()
    code = give(pos, aino, "g1", "peony").json["code"]

    def sale(*lines: dict[str, Any]) -> dict[str, Any]:
        told = {"code": aino["code"], "currency": "EUR", "redeem": [{"coupon": code}]}
        return told | {"lines": list(lines)}

    rose = {"product": "rose", "quantity": 3, "price": 400}
    other = pos("PUT", "/sales/s-1", sale(rose)).json
    tried = pos("PUT", "/sales/s-2", sale(rose, {"product": "peony", "quantity": 1, "price": 900}))

    assert [each["code"] for each in other["refused"]] == ["wrong_goods"]
    assert [each["worth"] for each in tried.json["uses"]] == [450]


def test_two_come_in_with_a_ticket_and_the_third_does_not(pos: Any) -> None:
    now = clock.now()
    ticket = {
        "event": "Evening of tulips",
        "starts_at": clock.written(now),
        "ends_at": clock.written(now + timedelta(hours=3)),
        "admissions": 2,
    }
    made = pos("PUT", "/offers/evening", {"name": "Evening", "kind": "ticket", "ticket": ticket})
    assert made.status_code == 201, made.text
    code = give(pos, pos.enrol(), "g1", "evening").json["code"]

    first = pos("POST", f"/tickets/{code}/admit", {"event_id": "d1"})
    second = pos("POST", f"/tickets/{code}/admit", {"event_id": "d2", "count": 1})
    third = pos("POST", f"/tickets/{code}/admit", {"event_id": "d3"})

    assert (first.json["admitted"], first.json["left"]) == (1, 1)
    assert second.json["left"] == 0
    assert (third.status_code, third.json["code"]) == (409, "already_in")
    assert third.json["say"]
    assert pos("POST", f"/tickets/{code}/admit", {"event_id": "d1"}).json == first.json


@pytest.mark.parametrize("call", ["redeem", "reserve", "rollback"])
def test_a_coupon_that_nobody_knows_is_refused_everywhere(caller: Any, call: str) -> None:
    answer = caller("POST", f"/coupons/CPNONE/{call}", {"event_id": "e1"})
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_coupon")
