"""What is known already is not sent again, and nobody writes over what they did not see."""

from typing import Any


def test_a_member_who_has_not_changed_is_not_sent_again(caller: Any) -> None:
    aino = caller.enrol()
    first = caller("GET", f"/members/{aino['id']}")
    tag = first.headers["ETag"]

    again = caller("GET", f"/members/{aino['id']}", headers={"If-None-Match": tag})
    caller.stamps(aino, 1, "e1")
    later = caller("GET", f"/members/{aino['id']}", headers={"If-None-Match": tag})

    assert tag.startswith('"')
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert later.status_code == 200
    assert later.headers["ETag"] != tag


def test_two_who_saw_the_same_do_not_write_over_each_other(pos: Any) -> None:
    aino = pos.enrol()
    address = f"/members/{aino['id']}"
    seen = {"If-Match": pos("GET", address).headers["ETag"]}

    first = pos("PATCH", address, {"given_name": "Aina"}, headers=seen)
    second = pos("PATCH", address, {"given_name": "Eino"}, headers=seen)

    assert first.status_code == 200
    assert (second.status_code, second.json["code"]) == (412, "changed_meanwhile")
    assert pos("GET", address).json["given_name"] == "Aina"
    onward = {"If-Match": first.headers["ETag"]}
    assert pos("PATCH", address, {"given_name": "Eino"}, headers=onward).status_code == 200


def test_any_state_will_do_for_whoever_says_so(caller: Any) -> None:
    aino = caller.enrol()
    address, anything = f"/members/{aino['id']}", {"If-Match": "*"}

    assert caller("PATCH", address, {"given_name": "Aina"}, headers=anything).status_code == 200
    nobody = caller("PATCH", "/members/nobody", {"given_name": "Aina"}, headers=anything)
    assert (nobody.status_code, nobody.json["code"]) == (404, "unknown_member")


def test_a_tag_is_of_the_words_too(caller: Any) -> None:
    aino = caller.enrol()
    caller.stamps(aino, 10, "e1")
    address = f"/members/{aino['id']}"

    tags = {
        caller("GET", address, headers={"Accept-Language": each}).headers["ETag"]
        for each in ("en", "fi")
    }

    assert len(tags) == 2
    assert "Accept-Language" in caller("GET", address).headers["Vary"]


def test_the_document_is_open_to_anyone_and_kept_by_its_tag(small_shop: Any) -> None:
    client = small_shop.app.test_client()
    first = client.get("/api/v1/openapi.json")
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.status_code == 200
    assert first.json["openapi"] == "3.1.0"
    assert again.status_code == 304
