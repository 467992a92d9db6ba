"""A promise is closed: every fault of an offer is named with its place."""

from typing import Any

import pytest
from promised import a_promise

from wallet_service.coupons import BadOffer, Promise
from wallet_service.coupons import promise as promises

EVENT = {
    "event": "Wreath evening",
    "starts_at": "2026-12-03T18:00:00+02:00",
    "ends_at": "2026-12-03T20:00:00+02:00",
}


@pytest.mark.parametrize(
    ("said", "at", "fault"),
    [
        ({"worth": {"percent": 101}}, "worth.percent", "less than or equal to 100"),
        ({"worth": {"amount": 100, "percent": 5}}, "worth", "one of amount, percent and product"),
        ({"worth": {}}, "worth", "one of amount, percent and product"),
        ({"colour": "red"}, "colour", "is not known here"),
        ({"validity": {"last_day": "2026-02-30"}}, "validity.last_day", "no day of the calendar"),
        (
            {"validity": {"first_day": "2026-02-02", "last_day": "2026-02-01"}},
            "validity",
            "last_day is before first_day",
        ),
        ({"conditions": {"weekdays": ["friday"]}}, "conditions.weekdays.0", "mon"),
        (
            {"conditions": {"from_hour": "10:00", "to_hour": "10:00"}},
            "conditions",
            "are the same",
        ),
        ({"quota": 0}, "quota", "greater than or equal to 1"),
        ({"shared_code": "äiti"}, "shared_code", "pattern"),
        ({"kind": "ticket"}, "offer", "ticket is missing"),
        ({"kind": "discount"}, "offer", "worth is missing"),
        ({"ticket": EVENT}, "offer", "does not belong to the kind offer"),
        (
            {"kind": "ticket", "ticket": EVENT | {"ends_at": "2026-12-03T10:00:00+02:00"}},
            "ticket",
            "ends_at is not after starts_at",
        ),
        (
            {"kind": "ticket", "ticket": EVENT | {"starts_at": "2026-12-03T18:00:00"}},
            "ticket.starts_at",
            "timezone",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(said: dict[str, Any], at: str, fault: str) -> None:
    with pytest.raises(BadOffer) as refused:
        promises.read({"kind": "offer", **said})
    (found,) = refused.value.facts["faults"]
    assert found["at"] == at
    assert fault in found["fault"]
    assert f"{at}: " in refused.value.say.say("en")


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(BadOffer) as refused:
        a_promise(quota=0, colour="red", worth={"percent": 0})
    assert {each["at"] for each in refused.value.facts["faults"]} == {
        "quota",
        "colour",
        "worth.percent",
    }


def test_a_promise_reads_back_what_it_kept() -> None:
    told = a_promise("ticket", ticket=EVENT | {"admissions": 4, "re_entry": True})
    assert promises.read(told.model_dump(mode="json", exclude_none=True)) == told


def test_a_shared_code_is_one_each_unless_it_says_more() -> None:
    assert a_promise(shared_code="kevat20").shared_code == "KEVAT20"
    assert a_promise(shared_code="KEVAT20").most_per_member == 1
    assert a_promise(shared_code="KEVAT20", per_member=3).most_per_member == 3
    assert Promise(kind="offer").most_per_member is None
