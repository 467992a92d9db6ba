"""A day at the shop, told over the API."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import sqlalchemy as sa

from wallet_service import ledger
from wallet_service.db import Database
from wallet_service.members.tables import consent


def test_a_member_is_enrolled_and_gets_a_personal_link(pos: Any) -> None:
    answer = pos(
        "POST",
        "/members",
        {
            "given_name": "Aino",
            "family_name": "Koski",
            "email": "aino@example.fi",
            "language": "fi",
            "birthday": "1988-05-17",
            "attributes": {"favourite": "lily", "visits": 3},
            "consents": {"email": True, "sms": False},
        },
    )

    member = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/members/{member['id']}"
    assert member["code"].startswith("LP1")
    assert len(member["code"]) == 15
    assert member["link"].startswith("http://127.0.0.1:8080/c/")
    assert member["balances"] == {
        "stamps": {"available": 0, "pending": 0, "lifetime": 0},
        "points": {"available": 0, "pending": 0, "lifetime": 0},
    }
    assert member["consents"] == {"pass": False, "email": True, "sms": False, "web_push": False}
    assert pos("GET", f"/members/{member['id']}").json == member


def test_a_known_external_id_gives_that_member_and_a_known_address_is_refused(pos: Any) -> None:
    first = pos.enrol(external_id="crm-7", email="aino@example.fi")

    again = pos("POST", "/members", {"given_name": "Aino", "external_id": "crm-7"})
    other = pos("POST", "/members", {"given_name": "A", "email": " AINO@example.fi "})

    assert (again.status_code, again.json["id"]) == (200, first["id"])
    assert (other.status_code, other.json["code"]) == (409, "member_exists")
    assert other.json["id"] == first["id"]


def test_members_are_found_by_name_address_code_and_own_number(pos: Any) -> None:
    aino = pos.enrol(email="aino@example.fi", external_id="crm-7")
    pos.enrol(given_name="Mikko", family_name="Laine")

    def found(query: str) -> list[str]:
        return [each["given_name"] for each in pos("GET", f"/members?{query}").json["items"]]

    assert found("query=koski") == ["Aino"]
    assert found("query=aino@example") == ["Aino"]
    assert found("external_id=crm-7") == ["Aino"]
    assert found(f"query={aino['code'].lower()}") == ["Aino"]
    assert found("query=nobody") == []
    page = pos("GET", "/members?limit=1").json
    assert [each["given_name"] for each in page["items"]] == ["Aino"]
    assert found(f"limit=1&cursor={page['next']}") == ["Mikko"]


def test_a_member_is_corrected_and_a_consent_withdrawn(pos: Any) -> None:
    aino = pos.enrol(consents={"email": True}, phone="+358 40 1234567")
    path = f"/members/{aino['id']}"

    changed = pos("PATCH", path, {"family_name": "Ranta", "consents": {"email": False}}).json

    assert (changed["given_name"], changed["family_name"]) == ("Aino", "Ranta")
    assert changed["consents"]["email"] is False
    assert changed["phone"] == "+358 40 1234567"
    assert pos("PATCH", path, {"phone": None}).json["phone"] is None


def test_what_was_answered_to_marketing_is_kept_with_its_wording_source_and_time(
    shop: Any, pos: Any, driven_clock: Any
) -> None:
    asked_at = driven_clock.now()
    aino = pos.enrol(consents={"email": True, "sms": False})
    path = f"/members/{aino['id']}"
    driven_clock.advance(timedelta(days=30))
    crm = shop.key("members", source="crm")
    withdrawn_at = driven_clock.now()

    withdrawn = crm("PATCH", path, {"consents": {"email": False, "sms": True}}).json["consents"]
    again = crm("PATCH", path, {"consents": {"email": False}}).json["consents"]
    driven_clock.advance(timedelta(days=1))
    given_again = pos("PATCH", path, {"consents": {"email": True}}).json["consents"]

    no_to_all = dict.fromkeys(("pass", "email", "sms", "web_push"), False)
    assert aino["consents"] == no_to_all | {"email": True}
    assert withdrawn == again == no_to_all | {"sms": True}
    assert given_again == pos("GET", path).json["consents"] == no_to_all | {
        "email": True, "sms": True
    }  # fmt: skip
    with shop.database.read() as connection:
        kept = connection.execute(
            sa.select(consent)
            .where(consent.c.member_id == aino["id"])
            .order_by(consent.c.channel, consent.c.number)
        ).all()
    here = f"api location:{shop.location_id}"
    assert [(row.channel, row.granted, row.source, row.at) for row in kept] == [
        ("email", True, here, asked_at),
        ("email", False, "api crm", withdrawn_at),
        ("email", True, here, driven_clock.now()),
        ("sms", True, "api crm", withdrawn_at),
    ]
    assert {row.wording for row in kept} == {"kielo 1"}


def test_an_address_or_a_number_that_is_somebody_elses_cannot_be_taken(pos: Any) -> None:
    aino = pos.enrol(email="aino@example.fi", external_id="crm-1")
    mikko = pos.enrol(given_name="Mikko", email="mikko@example.fi", external_id="crm-2")

    for changes in ({"email": "Aino@example.fi"}, {"external_id": "crm-1"}):
        answer = pos("PATCH", f"/members/{mikko['id']}", changes)
        assert (answer.status_code, answer.json["code"]) == (409, "member_exists")
        assert answer.json["id"] == aino["id"]


def test_an_erased_member_is_gone_while_the_books_stay(pos: Any, database: Database) -> None:
    aino = pos.enrol()
    pos.stamps(aino, 3, "e1")

    assert pos("DELETE", f"/members/{aino['id']}").status_code == 204
    assert pos("GET", f"/members/{aino['id']}").json["code"] == "unknown_member"
    assert pos("DELETE", f"/members/{aino['id']}").status_code == 404
    assert pos("GET", f"/scan/{aino['code']}").json["code"] == "ended_card"
    with database.write() as connection:
        assert ledger.balances_of(connection, aino["id"])["stamps"].available == 3
        assert ledger.verify(connection, aino["id"]) == ()


def test_ten_purchases_bring_a_bouquet_that_is_used_once(pos: Any) -> None:
    aino = pos.enrol()
    for number in range(1, 11):
        sale = {"code": aino["code"], "amount": 1250, "currency": "EUR"}
        answer = pos("PUT", f"/sales/s-{number}", sale).json

    assert answer["earned"] == [
        {"unit": "stamps", "amount": 1, "why": "1 stamp for a purchase of 5 € or more"},
        {"unit": "points", "amount": 12, "why": "12 points for 12.50 €"},
    ]
    assert answer["say"] == "10 of 10. A bouquet is on us."
    assert answer["balances"]["stamps"] == {"available": 0, "pending": 0, "lifetime": 10}
    assert answer["balances"]["points"]["available"] == 120
    assert answer["stamps"] == {"have": 10, "of": 10}
    [coupon] = answer["coupons"]
    assert (coupon["state"], coupon["offer"], coupon["name"]) == ("issued", "bouquet", "A bouquet")

    used = pos("POST", f"/coupons/{coupon['code']}/redeem", {"event_id": "r-1"})
    again = pos("POST", f"/coupons/{coupon['code']}/redeem", {"event_id": "r-1"})
    late = pos("POST", f"/coupons/{coupon['code']}/redeem", {"event_id": "r-2"})

    assert (used.status_code, used.json["state"]) == (200, "redeemed")
    assert again.json == used.json
    assert (late.status_code, late.json["code"]) == (409, "already_redeemed")
    assert late.json["location_name"] == "Kallio"
    assert re.fullmatch(r"[0-9-]+T[0-9:.]+Z", late.json["redeemed_at"])
    assert late.json["say"].startswith("Used already on ")
    assert pos("GET", f"/coupons/{coupon['code'].lower()}").json["state"] == "redeemed"
    assert pos("GET", f"/members/{aino['id']}").json["coupons"][0]["state"] == "redeemed"


def test_a_scan_shows_who_it_is_and_what_to_say(pos: Any) -> None:
    aino = pos.enrol()
    pos.stamps(aino, 7, "e1")

    typed = aino["code"].removeprefix("LP1").lower()
    seen = pos("GET", f"/scan/{typed}").json

    assert seen["member"] == {"id": aino["id"], "name": "Aino K.", "language": "en"}
    assert seen["stamps"] == {"have": 7, "of": 10}
    assert seen["balances"]["stamps"]["available"] == 7
    assert seen["say"] == "Three more and the bouquet is on us."
    assert seen["last_visit"].endswith("Z")
    assert "Koski" not in str(seen)


def test_the_same_sale_told_twice_is_one_and_another_of_its_name_is_refused(pos: Any) -> None:
    aino = pos.enrol()
    sale = {"code": aino["code"], "amount": 900, "currency": "EUR"}

    first = pos("PUT", "/sales/17", sale)
    again = pos("PUT", "/sales/17", {**sale, "code": aino["code"].lower()})
    other = pos("PUT", "/sales/17", {**sale, "amount": 901})
    as_stamps = pos("POST", "/stamps", {"event_id": "17", "code": aino["code"]})

    assert again.text == first.text
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json["code"]) == (409, "idempotency_conflict")
    assert as_stamps.json["code"] == "idempotency_conflict"
    assert pos("GET", f"/scan/{aino['code']}").json["stamps"]["have"] == 1


def test_a_refused_coupon_does_not_refuse_the_sale(pos: Any) -> None:
    aino, mikko = pos.enrol(), pos.enrol(given_name="Mikko")
    mine = pos.stamps(aino, 10, "e1")["coupons"][0]["code"]
    his = pos.stamps(mikko, 10, "e2")["coupons"][0]["code"]

    answer = pos(
        "PUT",
        "/sales/s1",
        {
            "member": aino["id"],
            "amount": 2500,
            "currency": "EUR",
            "redeem": [{"coupon": mine}, {"coupon": mine}, {"coupon": his}, {"coupon": "CPNONE"}],
        },
    ).json

    assert answer["applied"] == [{"coupon": mine}]
    assert [each["code"] for each in answer["refused"]] == [
        "already_redeemed",
        "other_members_coupon",
        "unknown_coupon",
    ]
    assert all(each["say"] for each in answer["refused"])
    assert answer["earned"][1]["amount"] == 25
    assert pos("GET", f"/coupons/{his}").json["state"] == "issued"


def test_a_cashier_is_told_in_her_own_language(pos: Any) -> None:
    aino = pos.enrol()
    pos.stamps(aino, 1, "e1")
    for tag in ("fi", "sv-FI", "de"):
        headers = {"Accept-Language": tag}
        assert pos("GET", f"/scan/{aino['code']}", headers=headers).json["say"]
        assert pos("GET", "/scan/LP10000", headers=headers).json["say"]


def test_one_customer_of_the_crm_sent_eight_times_at_once_is_one_member(pos: Any) -> None:
    new = {"given_name": "Aino", "external_id": "crm-7", "email": "aino@example.fi"}
    together = Barrier(8)

    def send(_: int) -> Any:
        crm = pos.another()
        together.wait(timeout=30)
        return crm("POST", "/members", new)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))

    assert sorted(each.status_code for each in answers) == [200] * 7 + [201]
    assert len({each.json["id"] for each in answers}) == 1


def test_one_coupon_used_over_http_by_eight_tills_at_once_is_used_once(pos: Any) -> None:
    code = pos.stamps(pos.enrol(), 10, "e1")["coupons"][0]["code"]
    together = Barrier(8)

    def use(number: int) -> Any:
        till = pos.another()
        together.wait(timeout=30)
        return till("POST", f"/coupons/{code}/redeem", {"event_id": f"r-{number}"})

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(use, range(8)))

    assert sorted(each.status_code for each in answers) == [200] + [409] * 7
