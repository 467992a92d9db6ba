"""Owing: a balance below nothing by policy, and paid by what is gained next."""

import pytest
from ledger_books import WHY, event, gain, points, spend

from wallet_service import ledger
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.ledger import Balance, NotEnough


def test_what_is_gained_next_pays_what_is_owed_first(database: Database, aino: Enrolled) -> None:
    with database.write() as connection:
        gain(connection, aino.member_id, "s1", 10)
        spend(connection, aino.member_id, "r1", 25, may_owe=True)
        assert points(connection, aino.member_id) == Balance(available=-15, lifetime=10)
        gain(connection, aino.member_id, "s2", 12)
        assert points(connection, aino.member_id).available == -3
        with pytest.raises(NotEnough):
            spend(connection, aino.member_id, "r2", 1)
        gain(connection, aino.member_id, "s3", 10)
        assert points(connection, aino.member_id).available == 7
        spend(connection, aino.member_id, "r3", 7)
        assert ledger.verify(connection, aino.member_id) == ()


def test_a_use_on_credit_that_is_undone_after_it_was_paid_comes_back_whole(
    database: Database, aino: Enrolled
) -> None:
    with database.write() as connection:
        used = spend(connection, aino.member_id, "r1", 20, may_owe=True)
        gain(connection, aino.member_id, "s1", 15)
        ledger.reverse(connection, aino.member_id, used.number, event("v1"), why=WHY)
        assert points(connection, aino.member_id) == Balance(available=15, lifetime=15)
        spend(connection, aino.member_id, "r2", 15)
        assert ledger.verify(connection, aino.member_id) == ()


@pytest.mark.parametrize(
    ("policy", "left"), [("only_pending", 4), ("within_balance", 0), ("unlimited", -6)]
)
def test_a_return_of_points_that_were_used_reaches_as_far_as_the_policy_says(
    database: Database, aino: Enrolled, policy: ledger.Policy, left: int
) -> None:
    with database.write() as connection:
        bought = gain(connection, aino.member_id, "s1", 10)
        spend(connection, aino.member_id, "r1", 6)
        ledger.reverse(
            connection, aino.member_id, bought.number, event("v1"), why=WHY, policy=policy
        )
        assert points(connection, aino.member_id).available == left
        assert ledger.verify(connection, aino.member_id) == ()


def test_several_returns_of_one_sale_never_take_more_than_it_gave(
    database: Database, aino: Enrolled
) -> None:
    with database.write() as connection:
        gain(connection, aino.member_id, "s0", 100)
        bought = gain(connection, aino.member_id, "s1", 10)
        taken = [
            ledger.reverse(
                connection,
                aino.member_id,
                bought.number,
                event(key),
                why=WHY,
                amounts={"points": 4},
                policy="unlimited",
            )
            for key in ("v1", "v2", "v3", "v4")
        ]
        assert [each.lines[0].amount if each else None for each in taken] == [-4, -4, -2, None]
        assert points(connection, aino.member_id) == Balance(available=100, lifetime=100)
        assert ledger.verify(connection, aino.member_id) == ()


def test_points_that_were_used_come_back_in_parts_to_the_lots_they_came_from(
    database: Database, aino: Enrolled
) -> None:
    with database.write() as connection:
        gain(connection, aino.member_id, "s1", 10)
        used = spend(connection, aino.member_id, "r1", 8)
        for key in ("v1", "v2"):
            ledger.reverse(
                connection,
                aino.member_id,
                used.number,
                event(key),
                why=WHY,
                amounts={"points": 5},
            )
        assert points(connection, aino.member_id) == Balance(available=10, lifetime=10)
        assert ledger.left_of(connection, aino.member_id, used.number)["points"].amount == 0
        assert ledger.verify(connection, aino.member_id) == ()
