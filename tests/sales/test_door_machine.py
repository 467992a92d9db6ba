"""People at a door in any order, some undone: never more in than the ticket has, and none lost."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ticketed import a_ticket

from wallet_service import coupons
from wallet_service.coupons import AlreadyIn, CouponState, NoAdmissionLeft
from wallet_service.db import Database
from wallet_service.enrolment import Enrolled
from wallet_service.sales.tickets import admit

DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("in"), st.integers(1, 4)),
        st.tuples(st.just("back"), st.integers(1, 3)),
        st.tuples(st.just("undo"), st.integers(0, 9)),
    ),
    min_size=3,
    max_size=12,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deeds=DEEDS, admissions=st.integers(1, 5), re_entry=st.booleans())
def test_whoever_comes_goes_out_and_is_undone_the_ticket_counts_those_who_came(
    database: Database,
    till: Any,
    aino: Enrolled,
    deeds: list[tuple[str, int]],
    admissions: int,
    re_entry: bool,
) -> None:
    key = next(till.names)
    with database.write() as connection:
        code = a_ticket(
            connection,
            till.counter.brand_id,
            aino.member_id,
            key=key,
            admissions=admissions,
            re_entry=re_entry,
        )
    new: dict[str, int] = {}  # by event, those who had not been in
    for deed, number in deeds:
        came, event = sum(new.values()), next(till.names)
        if deed == "undo":
            if new:
                undone = sorted(new)[number % len(new)]
                till.undo(undone)
                del new[undone]
        elif deed == "back":
            if not re_entry or number > came:
                with pytest.raises((AlreadyIn, NoAdmissionLeft)):
                    database.run(admit, till.counter, event, code, count=number, are_back=True)
            else:
                back = database.run(admit, till.counter, event, code, count=number, are_back=True)
                assert back.is_return
        elif number <= admissions - came or (re_entry and number <= admissions):
            told = database.run(admit, till.counter, event, code, count=number)
            new[event] = min(number, admissions - came)
            assert told.left == admissions - came - new[event]
        else:
            with pytest.raises((AlreadyIn, NoAdmissionLeft)):
                database.run(admit, till.counter, event, code, count=number)
        with database.read() as connection:
            found = coupons.find(connection, till.counter.brand_id, code)
        assert found.admitted == sum(new.values())
        is_used = found.admitted == admissions and not re_entry
        assert found.state is (CouponState.REDEEMED if is_used else CouponState.ISSUED)
