"""How fast a card, a till and a cashier may go, and what is said when it was too fast."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from wallet_service import programme
from wallet_service.sales.errors import TooFast
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()


@pytest.fixture
def hurried(driven_clock: Any, till: Any) -> Any:
    """The till, with the limits that hold unless a programme says its own, and somebody at it."""
    usual = re.sub(r"member_day = .*\nmember_stamps_day = .*\ncard_minute = .*\n", "", FLORIST)
    assert usual != FLORIST
    till.database.run(programme.apply, till.counter.brand_id, usual)
    counter = replace(till.counter, unhurried=False, till_id="till-1", staff_id="sanna")
    return replace(till, counter=counter)


def test_a_card_that_is_used_again_and_again_must_wait(
    hurried: Any, aino: Any, enrol: Any, driven_clock: Any
) -> None:
    for _ in range(4):
        hurried.sale(aino, 600)
    with pytest.raises(TooFast) as refused:
        hurried.sale(aino, 600, "fifth")
    assert refused.value.say.say("en").startswith("This card was used several times just now.")
    hurried.sale(enrol("Veikko"), 600)
    driven_clock.advance(timedelta(minutes=1))
    assert not hurried.sale(aino, 600, "fifth").repeated


def test_a_repeat_is_never_too_fast(hurried: Any, aino: Any) -> None:
    for _ in range(6):
        hurried.sale(aino, 600, "one")


def test_a_day_has_so_many_sales_and_stamps(hurried: Any, aino: Any, driven_clock: Any) -> None:
    hurried.stamp(aino, 20)
    hurried.stamp(aino, 20)
    driven_clock.advance(timedelta(minutes=2))
    with pytest.raises(TooFast) as refused:
        hurried.stamp(aino, 1)
    assert refused.value.facts["limit"] == "member_stamps_day"
    for _ in range(10):
        hurried.sale(aino, 600)
        driven_clock.advance(timedelta(minutes=2))
    with pytest.raises(TooFast) as refused:
        hurried.sale(aino, 600)
    assert refused.value.facts["limit"] == "member_day"
    driven_clock.advance(timedelta(days=1))
    hurried.stamp(aino, 20)


def test_what_was_undone_does_not_count(hurried: Any, aino: Any) -> None:
    for number in range(8):
        hurried.sale(aino, 600, f"s{number}")
        hurried.undo(f"s{number}")


def test_a_till_has_a_limit_whoever_comes(
    hurried: Any, till: Any, enrol: Any, driven_clock: Any
) -> None:
    members = [enrol(f"Member {n}") for n in range(20)]
    for n in range(60):
        hurried.sale(members[n % 20], 600)
    with pytest.raises(TooFast) as refused:
        hurried.sale(enrol("Late"), 600)
    assert refused.value.facts["limit"] == "till_minute"


def test_somebody_has_a_limit_at_whichever_till_and_a_new_hour(
    hurried: Any, enrol: Any, driven_clock: Any
) -> None:
    own = "[limits]\nstaff_hour = 2\n"
    rules = re.sub(r"\[limits\]\n(\w+ = .*\n)+", own, FLORIST)
    hurried.database.run(programme.apply, hurried.counter.brand_id, rules)
    elsewhere = replace(hurried, counter=replace(hurried.counter, till_id="till-2"))
    hurried.sale(enrol("Aino"), 600)
    elsewhere.sale(enrol("Veikko"), 600)
    with pytest.raises(TooFast):
        hurried.sale(enrol("Saga"), 600)
    other = replace(hurried.counter, staff_id="onni")
    replace(hurried, counter=other).sale(enrol("Saga"), 600)
    driven_clock.advance(timedelta(hours=1))
    hurried.sale(enrol("Ville"), 600)


def test_nought_turns_a_limit_off(hurried: Any, aino: Any) -> None:
    own = "[limits]\ncard_minute = 0\nmember_day = 0\nmember_stamps_day = 0\n"
    rules = re.sub(r"\[limits\]\n(\w+ = .*\n)+", own, FLORIST)
    hurried.database.run(programme.apply, hurried.counter.brand_id, rules)
    for _ in range(14):
        hurried.sale(aino, 600)


def test_a_key_that_is_unhurried_is_not_slowed(till: Any, aino: Any, driven_clock: Any) -> None:
    for _ in range(14):
        till.sale(aino, 600)
