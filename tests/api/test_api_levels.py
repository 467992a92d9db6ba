"""What a key does to a member is told in the audit log, and at a strict level it erases nobody."""

from typing import Any

from wallet_service import audit, brands
from wallet_service.audit import COMMAND
from wallet_service.brands.levels import LevelName


def last(small_shop: Any, most: int = 1) -> list[tuple[str, str | None, str]]:
    with small_shop.database.read() as connection:
        log = audit.read(connection, small_shop.brand_id, limit=most)
    return [(each.what, each.subject, each.say.say("en")) for each in log]


def test_a_keys_correction_and_erasure_are_told_with_the_keys_name(
    small_shop: Any, caller: Any
) -> None:
    crm = small_shop.key("members", name="CRM")
    aino = caller.enrol()
    assert crm("PATCH", f"/members/{aino['id']}", {"phone": "+358401234567"}).status_code == 200
    assert crm("DELETE", f"/members/{aino['id']}").status_code == 204
    assert last(small_shop, 2) == [
        ("member.erased", aino["id"], "The key CRM erased a member"),
        ("member.corrected", aino["id"], "The key CRM corrected a member's details"),
    ]


def test_at_a_strict_level_no_key_erases_anybody(small_shop: Any, caller: Any) -> None:
    aino = caller.enrol()
    small_shop.database.run(brands.set_level, small_shop.brand_id, LevelName.STRICT, actor=COMMAND)
    refused = caller("DELETE", f"/members/{aino['id']}")
    assert (refused.status_code, refused.json["code"]) == (409, "second_person_needed")
    assert "a second person must agree" in refused.json["say"]
    assert caller("GET", f"/members/{aino['id']}").status_code == 200
    assert caller("DELETE", "/members/nobody").status_code == 404
