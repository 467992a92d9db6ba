"""Admit: let the holders of a ticket in, each once; or again, where the ticket says so."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands, clock, programme
from wallet_service.coupons import conditions, offers, tables
from wallet_service.coupons.coupon import Coupon, CouponState
from wallet_service.coupons.errors import (
    AlreadyIn,
    CouponVoid,
    EventNotOpen,
    EventOver,
    NoAdmissionLeft,
    NotATicket,
)
from wallet_service.coupons.promise import Promise, Ticket
from wallet_service.coupons.use import Use
from wallet_service.language import Day, Phrase, clock_time, phrase, phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """So many were let in, so many more may come; `is_return`: all of them had been in before."""

    admitted: int
    left: int
    is_return: bool


def at_the_door(
    connection: Connection,
    brand_id: str,
    coupon: Coupon,
    use: Use,
    count: int = 1,
    *,
    are_back: bool = False,
) -> Ticket:
    """The ticket, where so many people may come in with it like this. Raises what `admit` does."""
    promise = coupon.promise
    if promise is None or promise.ticket is None:
        raise NotATicket(phrase("This is a coupon and no entry ticket."))
    ticket = promise.ticket
    _open_to(connection, brand_id, coupon, promise, ticket, use)
    assert coupon.admissions is not None
    left = coupon.admissions - coupon.admitted
    if are_back:
        if not ticket.re_entry:
            raise AlreadyIn(phrase("Whoever goes out cannot come in again with this ticket."))
        if count > coupon.admitted:
            raise NoAdmissionLeft(
                phrases(
                    "Only one of this ticket has been in before.",
                    "Only {n} of this ticket have been in before.",
                    coupon.admitted,
                )
                if coupon.admitted
                else phrase("Nobody of this ticket has been in before."),
                left=left,
            )
    elif count > left and not (ticket.re_entry and count <= coupon.admissions):
        raise _no_more(connection, brand_id, coupon, left)
    return ticket


def admit(
    connection: Connection,
    brand_id: str,
    coupon: Coupon,
    use: Use,
    count: int = 1,
    *,
    are_back: bool = False,
) -> Admitted:
    """Let `count` people in with a ticket; `are_back`: whoever stands at the door knows that all
    of them have been in. The member is locked by the caller, and `coupon` was read after that.

    Raises NotATicket, CouponVoid, EventNotOpen, EventOver, AlreadyIn, NoAdmissionLeft, or what
    the offer's conditions refuse; nothing is written then.
    """
    ticket = at_the_door(connection, brand_id, coupon, use, count, are_back=are_back)
    assert coupon.admissions is not None
    left = coupon.admissions - coupon.admitted
    new = 0 if are_back else min(count, left)
    is_full = left == new and new > 0
    # All are in and nobody may come again: the ticket is used. Else it stays on the pass.
    state = CouponState.REDEEMED if is_full and not ticket.re_entry else CouponState.ISSUED
    table = tables.coupon
    won = connection.execute(
        sa.update(table)
        .where(
            table.c.member_id == coupon.member_id,
            table.c.code == coupon.code,
            table.c.state == CouponState.ISSUED,
            table.c.admitted == coupon.admitted,
        )
        .values(admitted=coupon.admitted + new, state=state)
        .returning(table.c.code)
    ).first()
    if won is None:  # the lock has failed us; the condition has not
        raise _no_more(connection, brand_id, coupon, 0)
    number = _last_number(connection, coupon)
    for part, is_return in ((new, False), (count - new, True)):
        if part:
            number += 1
            _write(connection, brand_id, coupon, use, number, part, is_return)
    if is_full:
        offers.count(connection, brand_id, coupon.offer, redeemed=1)
    return Admitted(admitted=count, left=left - new, is_return=new == 0)


def take_out(connection: Connection, brand_id: str, coupon: Coupon, source: str, key: str) -> int:
    """Undo the admissions of an event, as if nobody had come in then; how many people it was.

    The member is locked by the caller.
    """
    admission = tables.admission
    rows = connection.execute(
        sa.update(admission)
        .where(
            admission.c.member_id == coupon.member_id,
            admission.c.code == coupon.code,
            admission.c.source == source,
            admission.c.key == key,
            admission.c.reversed_at.is_(None),
        )
        .values(reversed_at=clock.now())
        .returning(admission.c.count.label("people"), admission.c.is_return)
    ).all()
    new = sum(row.people for row in rows if not row.is_return)
    if new:
        if coupon.admitted == coupon.admissions:
            offers.count(connection, brand_id, coupon.offer, redeemed=-1)
        connection.execute(
            sa.update(tables.coupon)
            .where(
                tables.coupon.c.member_id == coupon.member_id,
                tables.coupon.c.code == coupon.code,
            )
            .values(
                admitted=coupon.admitted - new,
                # One that was taken back meanwhile stays so.
                state=sa.case(
                    (tables.coupon.c.state == CouponState.REDEEMED, CouponState.ISSUED),
                    else_=tables.coupon.c.state,
                ),
            )
        )
    return sum(row.people for row in rows)


def _open_to(
    connection: Connection,
    brand_id: str,
    coupon: Coupon,
    promise: Promise,
    ticket: Ticket,
    use: Use,
) -> None:
    if coupon.state in {CouponState.VOID, CouponState.REVERSED}:
        raise CouponVoid(phrase("This ticket was taken back, so nobody can come in with it."))
    if coupon.state is CouponState.REDEEMED:
        raise _no_more(connection, brand_id, coupon, 0)
    zone = brands.get(connection, brand_id).zone
    opens, closes = ticket.opens.astimezone(zone), ticket.closes.astimezone(zone)
    if use.occurred_at < ticket.opens:
        raise EventNotOpen(
            phrase("{event}: the doors open at {time}.", event=ticket.event, time=clock_time(opens))
            if opens.date() == use.occurred_at.astimezone(zone).date()
            else phrase("{event}: the doors open on {moment}.", **_when(ticket, opens)),
            opens_at=clock.written(ticket.opens),
        )
    if use.occurred_at >= ticket.closes:
        raise EventOver(
            phrase(
                "{event}: the doors closed at {time}.", event=ticket.event, time=clock_time(closes)
            )
            if closes.date() == use.occurred_at.astimezone(zone).date()
            else phrase("{event}: the doors closed on {moment}.", **_when(ticket, closes)),
            closed_at=clock.written(ticket.closes),
        )
    rules = programme.at(connection, coupon.programme_id, use.occurred_at).rules
    if refusal := conditions.refused(promise, use, zone, rules.currency):
        raise refusal


def _when(ticket: Ticket, local: datetime) -> dict[str, str | Phrase]:
    said = phrase("{day} at {time}", day=Day(date=local.date()), time=clock_time(local))
    return {"event": ticket.event, "moment": said}


def _no_more(
    connection: Connection, brand_id: str, coupon: Coupon, left: int
) -> AlreadyIn | NoAdmissionLeft:
    if left > 0:
        return NoAdmissionLeft(
            phrases(
                "Only one more can come in with this ticket.",
                "Only {n} more can come in with this ticket.",
                left,
            ),
            left=left,
        )
    admission = tables.admission
    row = connection.execute(
        sa.select(admission.c.occurred_at)
        .where(
            admission.c.member_id == coupon.member_id,
            admission.c.code == coupon.code,
            admission.c.reversed_at.is_(None),
        )
        .order_by(admission.c.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return NoAdmissionLeft(
            phrases(
                "This ticket lets one person in.",
                "This ticket lets {n} people in.",
                coupon.admissions or 0,
            ),
            left=left,
        )
    local = row.occurred_at.astimezone(brands.get(connection, brand_id).zone)
    is_today = local.date() == clock.now().astimezone(local.tzinfo).date()
    return AlreadyIn(
        phrase("Everybody of this ticket is in, since {time}.", time=clock_time(local))
        if is_today
        else phrase(
            "Everybody of this ticket is in, since {day} at {time}.",
            day=Day(date=local.date()),
            time=clock_time(local),
        ),
        admitted_at=clock.written(row.occurred_at),
    )


def _last_number(connection: Connection, coupon: Coupon) -> int:
    admission = tables.admission
    return (
        connection.execute(
            sa.select(sa.func.max(admission.c.number)).where(
                admission.c.member_id == coupon.member_id, admission.c.code == coupon.code
            )
        ).scalar()
        or 0
    )


def _write(
    connection: Connection,
    brand_id: str,
    coupon: Coupon,
    use: Use,
    number: int,
    count: int,
    is_return: bool,
) -> None:
    connection.execute(
        sa.insert(tables.admission).values(
            member_id=coupon.member_id,
            code=coupon.code,
            number=number,
            brand_id=brand_id,
            source=use.source,
            key=use.key,
            count=count,
            is_return=is_return,
            location_id=use.location_id,
            till_id=use.till_id,
            staff_id=use.staff_id,
            occurred_at=use.occurred_at,
            recorded_at=clock.now(),
        )
    )
