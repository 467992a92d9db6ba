"""What callers get wrong, and the sentence and status they get for it: never a 500."""

import json
from typing import Any

import pytest

AMOUNTS = [0, -1, 1.5, "ten", 10**12, 10**400, True, [], {}, "1250", float("1e3")]
NAMES = ["", "   ", "a\x00b", "x" * 101, 7, None, [], "line\nbreak", "\ud800"]
UNICODE = [
    "Łukasz Ж 🌷",
    "Ma'ayan O'Brien",
    "<b>Bo</b>",
    "{{ 7*7 }}",
    "%(name)s %@ {0}",
    "Bob &amp; Ann",
]


def problem_of(answer: Any, *statuses: int) -> dict[str, Any]:
    assert answer.status_code in statuses, answer.text
    assert answer.content_type == "application/problem+json"
    told = answer.json
    assert told["status"] == answer.status_code
    assert told["code"]
    assert told["detail"]
    assert "Traceback" not in answer.text
    return told


def test_an_amount_that_is_no_amount_is_refused_with_a_code(pos: Any) -> None:
    aino = pos.enrol()
    for amount in AMOUNTS:
        sale = {"code": aino["code"], "amount": amount, "currency": "EUR"}

        told = problem_of(pos("PUT", "/sales/s1", sale), 422)

        assert told["code"] == "bad_amount"
        assert told["say"]
    seen = pos("GET", f"/scan/{aino['code']}").json
    assert seen["balances"]["points"]["lifetime"] == 0


@pytest.mark.parametrize("count", [0, -1, 21, 1.5, "ten", 10**12, True, None])
def test_a_number_of_stamps_that_makes_no_sense_is_refused(caller: Any, count: Any) -> None:
    aino = caller.enrol()

    told = {"event_id": "e1", "code": aino["code"], "count": count}

    assert problem_of(caller("POST", "/stamps", told), 422)["code"] == "bad_count"


def test_a_name_that_is_no_name_is_refused_with_its_place(pos: Any) -> None:
    for name in NAMES:
        told = problem_of(pos("POST", "/members", {"given_name": name}), 400)
        assert told["errors"][0]["where"] in ("given_name", "body")


def test_a_name_is_text_and_comes_back_as_it_was(pos: Any) -> None:
    for name in UNICODE:
        member = pos.enrol(given_name=name)

        assert pos("GET", f"/members/{member['id']}").json["given_name"] == name
        found = pos("GET", "/members", query_string={"query": name}).json["items"]
        assert [each["id"] for each in found] == [member["id"]]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("email", "nobody"),
        ("email", "a@b@c.fi"),
        ("email", "aino\u200b@example.fi"),
        ("email", "aino@exam\u00adple.fi"),
        ("email", "aino@example.fi\ufeff"),
        ("email", "aino\u3164@example.fi"),
        ("phone", "call me"),
        ("birthday", "17.5.1988"),
        ("birthday", "2999-01-01"),
        ("birthday", "1988-02-30"),
        ("birthday", 1),
        ("birthday", "86400"),
        ("language", "de"),
        ("consents", {"fax": True}),
        ("consents", {"email": "yes"}),
        ("attributes", {"a": {"b": 1}}),
        ("attributes", {str(number): 1 for number in range(51)}),
        ("attributes", {"a\x00": 1}),
        ("attributes", {"a": "b\x00"}),
        ("external_id", "a\x00b"),
        ("external_id", "x" * 129),
        ("emial", "aino@example.fi"),
    ],
)
def test_a_fact_of_a_member_that_cannot_be_is_refused_with_its_place(
    caller: Any, key: str, value: Any
) -> None:
    answer = caller("POST", "/members", {"given_name": "Aino", key: value})

    told = problem_of(answer, 400)

    assert told["code"] == "invalid"
    assert told["errors"][0]["where"].startswith(key)
    assert caller("GET", "/members").json["items"] == []


def test_all_that_is_wrong_is_said_at_once(caller: Any) -> None:
    told = problem_of(caller("POST", "/members", {"email": "x", "colour": "red"}), 400)

    assert {each["where"] for each in told["errors"]} == {"given_name", "email", "colour"}


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"{",
        b"nonsense",
        b"[]",
        b"null",
        b"17",
        b'"text"',
        b"\xff\xfe",
        b'{"given_name": "\\ud800"}',
        b'{"given_name": NaN}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"given_name": ' + b"9" * 60_000 + b"}",
    ],
    ids=lambda rubbish: repr(rubbish[:12]),
)
def test_rubbish_instead_of_json_is_refused(caller: Any, rubbish: bytes) -> None:
    for method, path in (
        ("POST", "/members"),
        ("PUT", "/sales/s1"),
        ("POST", "/stamps"),
        ("POST", "/coupons/CP1/redeem"),
        ("PATCH", "/members/x"),
    ):
        answer = caller(method, path, data=rubbish, content_type="application/json")
        problem_of(answer, 400)


def test_a_body_that_is_not_json_by_its_type_is_refused(caller: Any) -> None:
    answer = caller("POST", "/members", data="given_name=Aino", content_type="text/plain")
    assert problem_of(answer, 415)["code"] == "unsupported_media_type"


@pytest.mark.parametrize("size", [70_000, 1_048_576, 3_000_000])
def test_a_body_that_is_too_large_is_refused(caller: Any, size: int) -> None:
    text = json.dumps({"given_name": "x" * size})
    for method, path in (("POST", "/members"), ("PUT", "/sales/s1"), ("POST", "/stamps")):
        answer = caller(method, path, data=text, content_type="application/json")
        assert problem_of(answer, 413)["code"] == "too_large"


def test_a_path_that_leads_nowhere_is_not_found(pos: Any) -> None:
    for path in [
        "/members/%00",
        "/members/nobody",
        "/members/%F0%9F%8C%B7",
        "/members/" + "x" * 5000,
        "/scan/%00",
        "/scan/LP1",
        "/scan/%E2%82%AC%F0%9F%8C%B7",
        "/scan/" + "9" * 3000,
        "/scan/LP1000000000000.%00",
        "/coupons/%00",
        "/coupons/CP0000000000",
        "/coupons/%C3%A4",
        "/nothing",
        "/members/x/y",
        "/scan/a%2Fb",
    ]:
        problem_of(pos("GET", path), 404)


def test_a_query_that_cannot_be_answered_is_refused(pos: Any) -> None:
    for query in [
        "limit=0",
        "limit=101",
        "limit=many",
        "colour=red",
        "query=%00",
        "cursor=%00",
        "external_id=",
    ]:
        assert problem_of(pos("GET", f"/members?{query}"), 400)["code"] == "invalid"


def test_a_query_means_its_letters(pos: Any) -> None:
    for query in ["%25", "_", "'", '"', "\\", "%FF", "🌷", "%2B358", "x" * 200]:
        pos.enrol()
        assert pos("GET", f"/members?query={query}").json["items"] == []


def test_a_sale_whose_name_cannot_be_kept_is_refused(pos: Any) -> None:
    for sale_id in ["%20s", "s%0A1", "x" * 129, "%00", "%C2%85", ".", "..", "%2E%2e.", "%E2%80%8B"]:
        sale = {"code": pos.enrol()["code"], "amount": 100, "currency": "EUR"}
        problem_of(pos("PUT", f"/sales/{sale_id}", sale), 404, 422)


def test_a_sale_may_have_any_printable_name(pos: Any) -> None:
    for sale_id in ["17", "kuitti-ä", "2026 11 25", "🌷", "a'b\"c", "..1", "%25"]:
        sale = {"code": pos.enrol()["code"], "amount": 100, "currency": "EUR"}
        first = pos("PUT", f"/sales/{sale_id}", sale)
        assert first.status_code == 200, first.text
        assert pos("PUT", f"/sales/{sale_id}", sale).text == first.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"currency": "SEK"}, "wrong_currency"),
        ({"currency": "eur"}, "wrong_currency"),
        ({"currency": "€"}, "invalid"),
        ({"currency": None}, "invalid"),
        ({"occurred_at": "2026-11-25T10:00:00"}, "invalid"),
        ({"occurred_at": "yesterday"}, "invalid"),
        ({"occurred_at": 1764061200}, "invalid"),
        ({"occurred_at": "1764000000"}, "invalid"),
        ({"occurred_at": "20261125T090000Z"}, "invalid"),
        ({"occurred_at": "2026-11-25T10:00:60Z"}, "invalid"),
        ({"occurred_at": "2026-11-25T10:00:00+99:00"}, "invalid"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "invalid"),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, "invalid"),
        ({"occurred_at": "2099-01-01T00:00:00Z"}, "in_the_future"),
        ({"occurred_at": "2001-01-01T00:00:00Z"}, "before_joining"),
        ({"code": "LP1AAAAAAAAAAAA"}, "unknown_card"),
        ({"code": None, "member": "nobody"}, "unknown_member"),
        ({"member": "both"}, "invalid"),
        ({"code": None}, "invalid"),
        ({"location": "the moon"}, "unknown_location"),
        ({"lines": [{"price": -100, "quantity": 1}]}, "bad_lines"),
        ({"lines": [{"price": 100, "quantity": 0}]}, "bad_lines"),
        ({"lines": [{"price": 100}]}, "invalid"),
        ({"lines": [{"price": 100, "quantity": 1.5}]}, "invalid"),
        ({"lines": []}, "invalid"),
        ({"redeem": [{"reward": "bouquet", "coupon": "CP"}]}, "invalid"),
        ({"redeem": [{}]}, "invalid"),
        ({"redeem": "CP"}, "invalid"),
        ({"tip": 5}, "invalid"),
        ({"till": "a\x00b"}, "invalid"),
    ],
)
def test_a_sale_that_cannot_be_is_refused_and_leaves_nothing(
    caller: Any, changes: dict[str, Any], code: str
) -> None:
    aino = caller.enrol()
    sale = {"code": aino["code"], "amount": 1000, "currency": "EUR"}
    wrong = {key: value for key, value in (sale | changes).items() if value is not None}

    told = problem_of(caller("PUT", "/sales/s1", wrong), 400, 404, 409, 422)

    assert told["code"] == code
    assert code == "invalid" or told["say"]
    # Only successes are kept: the right sale of that name is taken afterwards.
    assert caller("PUT", "/sales/s1", sale).status_code == 200


def test_a_dry_run_keeps_nothing_and_its_name_stays_free(caller: Any) -> None:
    aino = caller.enrol()
    sale = {"code": aino["code"], "amount": 1000, "currency": "EUR"}

    tried = caller("PUT", "/sales/s1?dry=1", sale)
    assert tried.status_code == 200
    assert caller("GET", f"/members/{aino['id']}").json["balances"]["points"]["lifetime"] == 0
    told = caller("PUT", "/sales/s1", sale | {"amount": 2000})
    assert told.json["balances"]["points"]["available"] == 20
    assert problem_of(caller("PUT", "/sales/s2?dry=yes", sale), 400)["code"] == "invalid"


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer wk_", "Bearer wk_x_y", "Basic YTpi", "Bearer \xe4"],
)
def test_without_a_living_key_nothing_is_answered(small_shop: Any, authorization: Any) -> None:
    client = small_shop.app.test_client()
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = client.get("/api/v1/members", headers=headers)
    assert problem_of(answer, 401)["code"] == "unauthorised"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_does_what_its_scopes_say_and_no_more(small_shop: Any) -> None:
    crm, till = small_shop.key("members"), small_shop.key("sales")
    reader = small_shop.key("members:read")
    aino = crm.enrol()
    stamps = {"event_id": "e1", "code": aino["code"]}

    assert till("POST", "/stamps", stamps).status_code == 200
    assert till("GET", f"/scan/{aino['code']}").status_code == 200
    assert reader("GET", f"/members/{aino['id']}").status_code == 200
    for refused in (
        crm("POST", "/stamps", stamps),
        till("GET", "/members"),
        till("POST", "/members", {"given_name": "Mikko"}),
        till("POST", "/coupons/CP0/redeem", {"event_id": "r"}),
        reader("POST", "/members", {"given_name": "Mikko"}),
        reader("DELETE", f"/members/{aino['id']}"),
    ):
        assert problem_of(refused, 403)["code"] == "missing_scope"


def test_a_shop_never_sees_another_shops_people_or_coupons(two_shops: Any) -> None:
    kielo, rove = two_shops
    aino = kielo.enrol()
    coupon = kielo.stamps(aino, 10, "e1")["coupons"][0]["code"]

    sale = {"member": aino["id"], "amount": 1000, "currency": "EUR"}
    for answer in (
        rove("GET", f"/members/{aino['id']}"),
        rove("PATCH", f"/members/{aino['id']}", {"given_name": "Eve"}),
        rove("DELETE", f"/members/{aino['id']}"),
        rove("GET", f"/scan/{aino['code']}"),
        rove("GET", f"/coupons/{coupon}"),
        rove("POST", f"/coupons/{coupon}/redeem", {"event_id": "r1"}),
        rove("PUT", "/sales/s1", sale),
    ):
        problem_of(answer, 404)
    assert rove("GET", "/members").json["items"] == []
    assert kielo("GET", f"/coupons/{coupon}").json["state"] == "issued"
