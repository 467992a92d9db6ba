"""Each loyal default at the counter: what it does for the member, and what it is to have it off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from wallet_service import by_time, clock
from wallet_service.coupons import CouponExpired
from wallet_service.db import Database
from wallet_service.phones import news
from wallet_service.programme import versions
from wallet_service.shipped import shipped

FLORIST = shipped("templates", "programmes", "florist.toml").read_text()
TWO_THAT_FIT = """
[[multiply]]
key = "autumn"
unit = "points"
percent = 150

[[multiply]]
key = "welcome"
unit = "points"
percent = 200
"""
# First of all: what the brand's rules are valid from is the driven clock's, too.
pytestmark = pytest.mark.usefixtures("driven_clock")
ON_OFF = pytest.mark.parametrize("is_on", [True, False], ids=["on", "off"])


def florist(switch: str, is_on: bool, more: str = "", toml: str = FLORIST) -> str:
    """The florist's rules with one switch said."""
    on = str(is_on).lower()
    return toml.replace("[loyal]\n", f"[loyal]\n{switch} = {on}\n") + more


@pytest.fixture
def follow(database: Database, till: Any) -> Callable[..., None]:
    def follows(toml: str) -> None:
        database.run(versions.apply, till.counter.brand_id, toml)

    return follows


@ON_OFF
def test_of_several_multipliers_the_best_for_the_member_counts_or_the_first(
    till: Any, enrol: Any, follow: Any, is_on: bool
) -> None:
    follow(florist("best_rule_wins", is_on, TWO_THAT_FIT))
    sold = till.sale(enrol("Aino"), 1000)
    assert sold.balances["points"].available == (20 if is_on else 15)


@ON_OFF
def test_what_can_be_used_is_shown_at_the_scan_or_only_when_asked_for(
    till: Any, enrol: Any, follow: Any, is_on: bool
) -> None:
    follow(florist("rewards_offered", is_on))
    aino = enrol("Aino")
    till.stamp(aino, 10)
    scan = till.scan(aino)
    assert scan.is_offered is is_on
    assert scan.say.say("en") == ("A bouquet is on us." if is_on else "10 of 10 stamps.")
    # It can be used all the same: the switch is about who begins to speak.
    assert till.use(scan.coupons[0].code).coupon.offer == "bouquet"


@ON_OFF
def test_members_are_told_before_something_ends_or_are_not(
    database: Database, till: Any, enrol: Any, follow: Any, is_on: bool
) -> None:
    follow(florist("warned_before_expiry", is_on, "\n[expiry.points]\nmonths = 1\n"))
    aino = enrol("Aino")
    till.sale(aino, 400)
    clock.advance(timedelta(days=8))
    by_time.catch_up(database, clock.now())
    with database.read() as connection:
        said = [each.words["en"] for each in news.latest(connection, aino.member_id)]
    assert any("can be used until" in each for each in said) is is_on


@ON_OFF
def test_a_reward_that_has_just_ended_is_good_for_a_week_more_or_is_not(
    till: Any, enrol: Any, follow: Any, is_on: bool
) -> None:
    follow(florist("grace_week", is_on).replace("valid_days = 180", "valid_days = 3"))
    aino = enrol("Aino")
    [code] = till.stamp(aino, 10).brought
    clock.advance(timedelta(days=6))
    if is_on:
        assert till.use(code).coupon.offer == "bouquet"
        return
    with pytest.raises(CouponExpired):
        till.use(code)


@ON_OFF
def test_a_card_that_was_begun_never_gets_dearer_or_follows_the_rules(
    till: Any, enrol: Any, follow: Any, is_on: bool
) -> None:
    aino = enrol("Aino")
    till.stamp(aino, 9)
    dearer = FLORIST.replace("card = 10 ", "card = 12 ").replace("cost = 10", "cost = 12")
    follow(florist("changes_never_worsen", is_on, toml=dearer))
    assert till.scan(aino).stamps.of == (10 if is_on else 12)
    assert len(till.stamp(aino).brought) == int(is_on)


@ON_OFF
def test_what_did_not_reach_the_next_point_counts_the_next_time_or_is_gone(
    till: Any, enrol: Any, follow: Any, is_on: bool
) -> None:
    toml = FLORIST.replace("leftovers_carry = false", f"leftovers_carry = {str(is_on).lower()}")
    follow(toml)
    aino = enrol("Aino")
    till.sale(aino, 150)
    assert till.sale(aino, 150).balances["points"].available == (3 if is_on else 2)
