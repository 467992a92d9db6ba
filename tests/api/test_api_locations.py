"""Keys that speak for some shops of a brand, and when a key was last used."""

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from factories import KEYRING

from wallet_service import brands
from wallet_service.audit import COMMAND
from wallet_service.brands import api_keys, staff, tills
from wallet_service.brands.roles import Role
from wallet_service.sales import visits


@pytest.fixture
def toolo(small_shop: Any) -> str:
    with small_shop.database.write() as connection:
        return brands.add_location(
            connection, small_shop.brand_id, name="Töölö", actor=COMMAND
        ).location_id


@pytest.fixture
def aino(caller: Any) -> dict[str, Any]:
    answer = caller("POST", "/members", {"given_name": "Aino"})
    assert answer.status_code == 201
    return dict(answer.json)


def stamp(caller: Any, member: dict[str, Any], event: str, **more: str) -> Any:
    return caller("POST", "/stamps", {"event_id": event, "code": member["code"], **more})


def test_a_key_of_one_shop_speaks_for_it_without_saying_so(
    small_shop: Any, aino: dict[str, Any], toolo: str
) -> None:
    mine = small_shop.key("sales", locations=[small_shop.location_id])
    assert stamp(mine, aino, "a").status_code == 200
    assert stamp(mine, aino, "b", location=small_shop.location_id).status_code == 200
    refused = stamp(mine, aino, "c", location=toolo)
    assert refused.status_code == 403
    assert refused.json["code"] == "other_location"
    assert refused.json["say"] == "This till may not speak for that shop."


def test_a_key_of_several_shops_must_say_where(
    small_shop: Any, aino: dict[str, Any], toolo: str
) -> None:
    both = small_shop.key("sales", locations=[small_shop.location_id, toolo])
    refused = stamp(both, aino, "a")
    assert (refused.status_code, refused.json["code"]) == (422, "location_needed")
    assert stamp(both, aino, "a", location=toolo).status_code == 200


def test_a_key_of_every_shop_may_say_where_or_not(
    small_shop: Any, aino: dict[str, Any], toolo: str
) -> None:
    any_shop = small_shop.key("sales", locations=[])
    assert stamp(any_shop, aino, "a").status_code == 200
    assert stamp(any_shop, aino, "b", location=toolo).status_code == 200


def test_another_brands_shop_is_unknown(
    small_shop: Any, aino: dict[str, Any], two_shops: Any
) -> None:
    with small_shop.database.read() as connection:
        (_, *others) = brands.every(connection)
        theirs = brands.locations(connection, others[-1].brand_id)[0].location_id
    any_shop = small_shop.key("sales", locations=[])
    refused = stamp(any_shop, aino, "a", location=theirs)
    assert (refused.status_code, refused.json["code"]) == (422, "unknown_location")


def test_a_key_notes_its_use_at_most_once_an_hour(
    small_shop: Any, driven_clock: ModuleType
) -> None:
    caller = small_shop.key("members:read")

    def used_at() -> object:
        with small_shop.database.read() as connection:
            return api_keys.of(connection, small_shop.brand_id)[0].used_at

    assert used_at() is None
    caller("GET", "/members")
    first = used_at()
    assert first == driven_clock.now()
    driven_clock.advance(timedelta(minutes=59))
    caller("GET", "/members")
    assert used_at() == first
    driven_clock.advance(timedelta(minutes=1))
    caller("GET", "/members")
    assert used_at() == driven_clock.now()


def test_a_till_and_a_person_of_ours_are_of_the_keys_shop(
    small_shop: Any, aino: dict[str, Any], toolo: str
) -> None:
    with small_shop.database.write() as connection:
        here, there = (
            tills.add(connection, small_shop.brand_id, place, "Counter", actor=COMMAND).till_id
            for place in (small_shop.location_id, toolo)
        )
        sanna, mikko = (
            staff.add(
                connection,
                KEYRING,
                small_shop.brand_id,
                name,
                role=Role.CASHIER,
                locations=[place],
                actor=COMMAND,
            ).staff_id
            for name, place in (("Sanna", small_shop.location_id), ("Mikko", toolo))
        )
    mine = small_shop.key("sales", locations=[small_shop.location_id])
    assert stamp(mine, aino, "a", till=here, staff=sanna).status_code == 200
    for event, named in (("b", {"till": there}), ("c", {"staff": mikko})):
        refused = stamp(mine, aino, event, **named)
        assert (refused.status_code, refused.json["code"]) == (403, "other_location")
    both = small_shop.key("sales", locations=[small_shop.location_id, toolo])
    assert stamp(both, aino, "d", location=toolo, till=there, staff=mikko).status_code == 200
    assert stamp(both, aino, "e", location=toolo, till=here).status_code == 403
    assert told(small_shop, aino) == {"a": (here, sanna), "d": (there, mikko)}


def test_names_of_the_callers_own_are_never_one_of_our_people(
    small_shop: Any, aino: dict[str, Any], two_shops: Any
) -> None:
    with small_shop.database.write() as connection:
        (_, *others) = brands.every(connection)
        stranger = staff.add(
            connection, KEYRING, others[-1].brand_id, "Vieras", role=Role.CASHIER, actor=COMMAND
        ).staff_id
    mine = small_shop.key("sales", locations=[small_shop.location_id])
    first = stamp(mine, aino, "a", till="2", staff=stranger)
    assert first.status_code == 200
    # Told again, it is the same.
    assert stamp(mine, aino, "a", till="2", staff=stranger).json == first.json
    assert told(small_shop, aino) == {"a": ("pos:2", f"pos:{stranger}")}


def test_a_till_that_ended_since_is_told_again_and_is_the_same(
    small_shop: Any, aino: dict[str, Any]
) -> None:
    with small_shop.database.write() as connection:
        till = tills.add(
            connection, small_shop.brand_id, small_shop.location_id, "Counter", actor=COMMAND
        )
    mine = small_shop.key("sales", locations=[small_shop.location_id])
    first = stamp(mine, aino, "a", till=till.till_id)
    small_shop.database.run(tills.end, till, actor=COMMAND)
    again = stamp(mine, aino, "a", till=till.till_id)
    assert (again.status_code, again.json) == (200, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"


def told(small_shop: Any, member: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    """The till and the person of each visit, by its name."""
    with small_shop.database.read() as connection:
        found, _ = visits.of_member(connection, member["id"])
    return {visit.key: (visit.till_id, visit.staff_id) for visit in found}
