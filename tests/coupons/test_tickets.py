"""Entry tickets: who is let in, when, how many, and who may come in again."""

from datetime import UTC, datetime
from typing import Any

import pytest
from promised import a_coupon, an_offer, now, offering, use, with_coupon

from wallet_service import coupons
from wallet_service.brands import Brand
from wallet_service.coupons import Admitted, Coupon
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.errors import Refusal

DOORS = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)
EVENT = {
    "event": "Wreath evening",
    "starts_at": "2026-12-03T18:00:00+02:00",
    "ends_at": "2026-12-03T20:00:00+02:00",
}


class Door:
    """Somebody at the door, with a scanner."""

    def __init__(self, database: Database, brand: Brand, member_id: str) -> None:
        self.database, self.brand, self.member_id = database, brand, member_id
        self.scans = 0

    def ticket(self, **rest: Any) -> Coupon:
        an_offer(self.database, self.brand, "wreaths", "ticket", ticket=EVENT | rest)
        return a_coupon(self.database, self.brand, self.member_id, "wreaths")

    def admit(self, ticket: Coupon, count: int = 1) -> Admitted:
        self.scans += 1
        return with_coupon(
            self.database, self.brand, ticket.code, coupons.admit, use(f"e{self.scans}"), count
        )

    def refuse(self, ticket: Coupon, count: int = 1) -> tuple[str, str]:
        with pytest.raises(Refusal) as refused:
            self.admit(ticket, count)
        return refused.value.code, refused.value.say.say("en")

    def roll_back(self, ticket: Coupon, key: str) -> Coupon:
        return with_coupon(self.database, self.brand, ticket.code, coupons.rollback, "till", key)

    def state(self, ticket: Coupon) -> str:
        return now(self.database, self.brand, ticket.code).state


@pytest.fixture
def door(database: Database, brand: Brand, aino: Enrolled, driven_clock: Any) -> Door:
    driven_clock.set_to(DOORS)
    return Door(database, brand, aino.member_id)


def test_a_ticket_lets_its_holder_in_once(door: Door) -> None:
    ticket = door.ticket()
    assert door.admit(ticket) == Admitted(admitted=1, left=0, is_return=False)
    assert door.state(ticket) == "redeemed"
    assert door.refuse(ticket) == (
        "already_in",
        "Everybody of this ticket is in, since 17:00.",
    )
    assert offering(door.database, door.brand, "wreaths").redeemed == 1


def test_a_ticket_opens_an_hour_before_and_closes_at_the_end(door: Door, driven_clock: Any) -> None:
    ticket = door.ticket()
    driven_clock.set_to(datetime(2026, 12, 3, 14, 59, tzinfo=UTC))
    assert door.refuse(ticket) == (
        "event_not_open",
        "Wreath evening: the doors open at 17:00.",
    )
    driven_clock.set_to(datetime(2026, 12, 3, 18, 0, tzinfo=UTC))
    assert door.refuse(ticket) == (
        "event_over",
        "Wreath evening: the doors closed at 20:00.",
    )
    assert door.state(ticket) == "expired"


def test_a_family_comes_in_together_or_one_by_one(door: Door) -> None:
    ticket = door.ticket(admissions=4)
    assert door.admit(ticket, 3) == Admitted(admitted=3, left=1, is_return=False)
    assert door.refuse(ticket, 2) == (
        "no_admission_left",
        "Only one more can come in with this ticket.",
    )
    assert door.state(ticket) == "issued"
    assert door.admit(ticket).left == 0
    assert door.refuse(ticket)[0] == "already_in"


def test_more_than_a_ticket_has_are_refused_at_the_first_scan(door: Door) -> None:
    ticket = door.ticket(admissions=2)
    assert door.refuse(ticket, 3) == (
        "no_admission_left",
        "Only 2 more can come in with this ticket.",
    )


def test_who_went_out_may_come_in_again_where_the_ticket_says_so(door: Door) -> None:
    ticket = door.ticket(admissions=2, re_entry=True)
    assert door.admit(ticket, 1) == Admitted(admitted=1, left=1, is_return=False)
    assert door.admit(ticket, 2) == Admitted(admitted=2, left=0, is_return=False)
    assert door.admit(ticket, 2) == Admitted(admitted=2, left=0, is_return=True)
    assert door.refuse(ticket, 3)[0] == "already_in"
    assert door.state(ticket) == "issued"  # it stays on the card until the doors close


def test_a_scan_by_mistake_is_rolled_back(door: Door) -> None:
    ticket = door.ticket(admissions=2)
    door.admit(ticket, 1)
    door.admit(ticket, 1)
    assert door.state(ticket) == "redeemed"
    back = door.roll_back(ticket, "e2")
    assert (back.state, back.admitted) == ("issued", 1)
    assert offering(door.database, door.brand, "wreaths").redeemed == 0
    with pytest.raises(Refusal):
        door.roll_back(ticket, "e2")
    assert door.admit(ticket).left == 0


def test_a_return_rolled_back_leaves_those_who_are_in(door: Door) -> None:
    ticket = door.ticket(re_entry=True)
    door.admit(ticket)
    door.admit(ticket)
    assert door.roll_back(ticket, "e2").admitted == 1
    assert door.roll_back(ticket, "e1").admitted == 0


def test_a_ticket_is_no_coupon_and_a_coupon_no_ticket(door: Door) -> None:
    ticket = door.ticket()
    for key in ("u1", "u2"):  # and so it is when everybody is in
        with pytest.raises(Refusal, match="This is an entry ticket"):
            with_coupon(door.database, door.brand, ticket.code, coupons.redeem, use(key))
        if key == "u1":
            door.admit(ticket)
    an_offer(door.database, door.brand)
    coupon = a_coupon(door.database, door.brand, door.member_id)
    assert door.refuse(coupon) == ("not_a_ticket", "This is a coupon and no entry ticket.")


def test_a_ticket_taken_back_lets_nobody_in(door: Door) -> None:
    ticket = door.ticket()
    door.database.run(coupons.withdraw, ticket)
    assert door.refuse(ticket)[0] == "coupon_void"


def test_a_scan_rolled_back_does_not_bring_back_a_ticket_that_was_taken_back(door: Door) -> None:
    ticket = door.ticket(admissions=2)
    door.admit(ticket)
    door.database.run(coupons.withdraw, ticket)
    back = door.roll_back(ticket, "e1")
    assert (back.state, back.admitted) == ("void", 0)
