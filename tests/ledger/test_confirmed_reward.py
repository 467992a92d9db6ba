"""Points that are confirmed may reach a reward that comes by itself, without a visit."""

from datetime import timedelta
from typing import Any

from ledger_books import gain, points, with_rules

from wallet_service import coupons, ledger
from wallet_service.brands import Brand
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.sales import by_clock

RULES = """
[pending.points]
days = 14

[[reward]]
key = "tea"
unit = "points"
cost = 10
name = { en = "Tea" }
coming = { en = "{left} more and the tea is on us." }
earned = { en = "Tea is on us." }
terms = { en = "One pot." }
"""


def test_points_that_are_confirmed_bring_the_reward_that_they_reach(
    database: Database, brand: Brand, aino: Enrolled, driven_clock: Any
) -> None:
    with database.write() as connection:
        with_rules(connection, brand.brand_id, RULES)
        later = driven_clock.now() + timedelta(days=14)
        gain(connection, aino.member_id, "s1", 12, confirm_at=later)
    driven_clock.advance(timedelta(days=14))
    for members in (1, 0):
        assert by_clock.confirm(database, driven_clock.now()) == members
    with database.write() as connection:
        (tea,) = coupons.of_member(connection, aino.member_id, only_open=True)
        assert tea.offer == "tea"
        assert points(connection, aino.member_id).available == 2
        assert ledger.verify(connection, aino.member_id) == ()
