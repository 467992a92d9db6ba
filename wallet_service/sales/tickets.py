"""Admit: let people in with a ticket, and in again where the event allows it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from wallet_service import clock, coupons, idempotency, programme
from wallet_service.coupons import Coupon, CouponState, Use
from wallet_service.coupons import codes as coupon_codes
from wallet_service.errors import Refusal
from wallet_service.idempotency import Done, Outcome
from wallet_service.language import Phrase, phrase, phrases
from wallet_service.ledger.in_force import in_force
from wallet_service.sales import card, told, whose
from wallet_service.sales.told import Counter

PEOPLE_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """How many came in now, how many still may, and whether all had been in before.

    `news` is what whoever stands at the door may say.
    """

    member_id: str
    coupon: Coupon
    admitted: int
    left: int
    is_return: bool
    news: Phrase
    repeated: bool = False


class BadPeople(Refusal):
    """So many people cannot come in at once."""

    code = "bad_people"


def admit(
    connection: Connection,
    counter: Counter,
    event_id: str,
    ticket_code: str,
    *,
    count: int = 1,
    are_back: bool = False,
    occurred_at: datetime | None = None,
) -> Admission:
    """Let `count` people in with a ticket; `are_back`: they say that they have been in before.

    Raises BadPeople, UnknownCoupon, MemberLeft, NotATicket, CouponVoid, EventNotOpen, EventOver,
    AlreadyIn or NoAdmissionLeft, or what the offer's conditions refuse.
    """
    told.check_id(event_id)
    if not 1 <= count <= PEOPLE_MAX:
        raise BadPeople(phrase("Let from 1 to {most} people in.", most=PEOPLE_MAX), field="count")
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=event_id,
        operation="admit",
        body={
            "ticket": coupon_codes.normalise(ticket_code) or ticket_code,
            "count": count,
            "occurred_at": clock.written(occurred_at) if occurred_at else None,
            **({"are_back": True} if are_back else {}),
        },
        act=lambda: _admit(
            connection, counter, event_id, ticket_code, count, are_back, occurred_at
        ),
    )
    return read(connection, outcome)


def _admit(
    connection: Connection,
    counter: Counter,
    event_id: str,
    ticket_code: str,
    count: int,
    are_back: bool,
    occurred_at: datetime | None,
) -> Done:
    found = coupons.find(connection, counter.brand_id, ticket_code)
    member = whose.held(connection, counter.brand_id, code=None, member_id=found.member_id)
    # Read again under the lock: another door may have let somebody in while we waited.
    ticket = coupons.find(connection, counter.brand_id, ticket_code)
    now = clock.now()
    use = Use(
        source=counter.source,
        key=event_id,
        occurred_at=told.moment_of(occurred_at, now),
        location_id=counter.location_id,
        till_id=counter.till_id,
        staff_id=counter.staff_id,
    )
    admitted = coupons.admit(connection, counter.brand_id, ticket, use, count, are_back=are_back)
    say = _say(admitted.admitted, admitted.left, admitted.is_return)
    if not admitted.is_return:
        version = in_force(connection, member, programme.at(connection, member.programme_id, now))
        standing = card.read(connection, member.member_id, version.rules).standing
        card.tell(
            connection,
            member.member_id,
            phrase("{event}: {rest}", event=ticket.name, rest=say),
            standing,
        )
    [after] = coupons.by_codes(connection, member.member_id, [ticket.code])
    return Done(
        member_id=member.member_id,
        answer={
            "member": member.member_id,
            "code": ticket.code,
            "state": after.state.value,
            "admitted": admitted.admitted,
            "left": admitted.left,
            "is_return": admitted.is_return,
            "say": say.as_json(),
        },
    )


def _say(admitted: int, left: int, is_return: bool) -> Phrase:
    if is_return:
        return phrases("Welcome back.", "Welcome back, all {n} of you.", admitted)
    if left:
        return phrases("Welcome. {n} more may come.", "Welcome. {n} more may come.", left)
    return phrases("Welcome.", "Welcome, all {n} of you.", admitted)


def read(connection: Connection, outcome: Outcome) -> Admission:
    """The answer that was stored."""
    stored = outcome.answer
    [coupon] = coupons.by_codes(connection, stored["member"], [stored["code"]])
    return Admission(
        member_id=stored["member"],
        coupon=replace(coupon, state=CouponState(stored["state"])),
        admitted=stored["admitted"],
        left=stored["left"],
        is_return=stored["is_return"],
        news=Phrase.from_json(stored["say"]),
        repeated=outcome.repeated,
    )
