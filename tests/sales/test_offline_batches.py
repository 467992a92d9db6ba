"""Tills that were offline: what happened there is fact, in whatever order it is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wallet_service import clock
from wallet_service.audit import COMMAND
from wallet_service.brands.location import UnknownLocation
from wallet_service.enrolment import Enrolled
from wallet_service.language import phrase
from wallet_service.sales import Counter, Sale, StampsTold, findings
from wallet_service.sales.offline import Event, Happened, Item, Undone, Used, replay
from wallet_service.sales.returns import Return

NOON = datetime(2026, 5, 6, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    clock.set_to(NOON - timedelta(hours=3))
    yield
    clock.release()


def told(counter: Counter, *events: Event) -> list[Happened]:
    return [Happened(what=each, counter_of=lambda _: counter) for each in events]


def batch(till: Any, *happened: Happened) -> list[tuple[str, str, str | None]]:
    clock.set_to(NOON)
    items: tuple[Item, ...] = replay(till.database, happened)
    return [(item.key, item.status, item.code) for item in items]


def found(till: Any) -> list[tuple[str, str]]:
    with till.database.read() as connection:
        return [(each.key, each.kind) for each in findings.open_(connection, till.counter.brand_id)]


def at(minutes: int) -> datetime:
    return NOON - timedelta(minutes=minutes)


def a_sale(who: Enrolled, sale_id: str, minutes: int, cents: int = 1000, **facts: Any) -> Sale:
    return Sale(
        sale_id=sale_id,
        amount=cents,
        currency="EUR",
        code=who.code,
        occurred_at=at(minutes),
        **facts,
    )


def test_two_tills_offline_with_one_coupon_the_first_use_counts(till: Any, aino: Enrolled) -> None:
    [code] = till.stamp(aino, 10).brought
    till_a, till_b = (replace(till.counter, source=f"till:{name}", till_id=name) for name in "AB")
    # B comes online first, though A used the coupon before.
    late = told(till_b, Used(event_id="b-1", coupon=code, occurred_at=at(10)))
    early = told(till_a, a_sale(aino, "a-1", 30, redeem=(code,)))
    assert batch(till, *late, *early) == [
        ("b-1", "conflict", "already_redeemed"),
        ("a-1", "accepted", None),
    ]
    assert found(till) == [("b-1", "already_redeemed")]
    assert batch(till, *late, *early) == [
        ("b-1", "conflict", "already_redeemed"),
        ("a-1", "duplicate", None),
    ]
    assert found(till) == [("b-1", "already_redeemed")]
    assert till.books(aino) == ()


def test_a_sale_that_used_a_coupon_twice_stands_and_the_coupon_is_a_finding(
    till: Any, aino: Enrolled
) -> None:
    [code] = till.stamp(aino, 10).brought
    sales = told(
        till.counter,
        a_sale(aino, "s-1", 30, redeem=(code,)),
        a_sale(aino, "s-2", 20, redeem=(code, "CP00")),
    )
    assert batch(till, *sales) == [("s-1", "accepted", None), ("s-2", "accepted", None)]
    assert sorted(found(till)) == [("s-2", "already_redeemed"), ("s-2", "unknown_coupon")]
    assert till.scan(aino).balances["points"].lifetime == 20


def test_a_return_before_its_sale_waits_for_it(till: Any, aino: Enrolled) -> None:
    events = told(
        till.counter,
        Return(return_id="r-1", sale_id="s-1", amount=400, occurred_at=at(50)),  # a clock astray
        Undone(sale_id="e-1", occurred_at=at(55)),
        a_sale(aino, "s-1", 40),
        StampsTold(event_id="e-1", count=3, code=aino.code, occurred_at=at(30)),
        Return(return_id="r-2", sale_id="s-9"),
    )
    assert batch(till, *events) == [
        ("r-1", "accepted", None),
        ("e-1", "accepted", None),
        ("s-1", "accepted", None),
        ("e-1", "accepted", None),
        ("r-2", "conflict", "unknown_sale"),
    ]
    assert found(till) == [("r-2", "unknown_sale")]
    balances = till.scan(aino).balances
    assert (balances["stamps"].available, balances["points"].available) == (1, 6)
    assert [status for _, status, _ in batch(till, *events)] == ["duplicate"] * 4 + ["conflict"]


def test_haste_is_noted_and_refuses_nothing(till: Any, aino: Enrolled) -> None:
    hurried = replace(till.counter, unhurried=False)
    sales = told(hurried, *(a_sale(aino, f"s-{n}", 30) for n in range(22)))
    assert {status for _, status, _ in batch(till, *sales)} == {"accepted"}
    assert {kind for _, kind in found(till)} == {"too_fast"}
    assert till.scan(aino).balances["points"].lifetime == 220


def test_one_event_that_cannot_be_leaves_the_others_alone(till: Any, aino: Enrolled) -> None:
    def nowhere(_: Any) -> Counter:
        raise UnknownLocation(phrase("We do not know this shop."))

    events = [
        *told(till.counter, replace(a_sale(aino, "s-1", 5), code="LP1000000000000")),
        Happened(what=a_sale(aino, "s-2", 5), counter_of=nowhere),
        *told(till.counter, a_sale(aino, "s-3", 5), a_sale(aino, "s-3", 5, cents=7)),
        *told(till.counter, a_sale(aino, "s\n4", 5), a_sale(aino, "s-5", -60)),
    ]
    assert [(status, code) for _, status, code in batch(till, *events)] == [
        ("conflict", "unknown_card"),
        ("conflict", "unknown_location"),
        ("accepted", None),
        ("conflict", "idempotency_conflict"),
        ("conflict", "bad_id"),
        ("conflict", "in_the_future"),
    ]
    assert till.scan(aino).balances["points"].lifetime == 10


def test_somebody_looks_at_a_finding_once(till: Any, aino: Enrolled) -> None:
    batch(till, *told(till.counter, Return(return_id="r-2", sale_id="s-9")))
    with till.database.write() as connection:
        [finding] = findings.open_(connection, till.counter.brand_id)
        assert finding.say.say("en") == "There is no sale of that name to take back from."
        first, second = (
            findings.seen(connection, finding_brand, [finding.finding_id], actor=COMMAND)
            for finding_brand in [till.counter.brand_id] * 2
        )
        elsewhere = findings.seen(connection, "another", [finding.finding_id], actor=COMMAND)
    assert (first, second, elsewhere) == (1, 0, 0)
    assert found(till) == []
