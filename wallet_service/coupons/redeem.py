"""Redeem: use a coupon, once; and undo a use."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands, clock, db, programme
from wallet_service.coupons import conditions, discount, offers, tables, validity
from wallet_service.coupons.coupon import Coupon, CouponState, by_codes, ended_between, of_event
from wallet_service.coupons.errors import (
    AlreadyRedeemed,
    CouponExpired,
    CouponReserved,
    CouponVoid,
    DoesNotStack,
    IsTicket,
    NotYetValid,
)
from wallet_service.coupons.issue import Given, issue_offer, reverse
from wallet_service.coupons.use import Use
from wallet_service.errors import Refusal
from wallet_service.language import Day, clock_time, phrase
from wallet_service.programme.switches import Loyal

_GRACE_DAYS_MAX = Loyal().grace_days  # on, as it is unless an owner turned it off


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a use gave: the discount in minor units where it is known, and what it unlocked."""

    worth: int | None
    unlocked: Coupon | None


def redeem(connection: Connection, brand_id: str, coupon: Coupon, use: Use) -> Used:
    """Use a coupon. The member is locked by the caller, and `coupon` was read after that.

    Raises a Refusal of this room (AlreadyRedeemed, CouponExpired, WrongDay …), having written
    nothing. Who holds a reservation may use the coupon though it ended meanwhile.
    """
    allow(connection, brand_id, coupon, use)
    promise = coupon.promise
    worth = discount.worth_of(promise, use.amount, use.lines) if promise else None
    redemption = tables.redemption
    won = connection.execute(
        db.insert(connection, redemption)
        .values(
            member_id=coupon.member_id,
            code=coupon.code,
            use=coupon.uses + 1,
            brand_id=brand_id,
            source=use.source,
            key=use.key,
            sale_id=use.sale_id,
            location_id=use.location_id,
            till_id=use.till_id,
            staff_id=use.staff_id,
            occurred_at=use.occurred_at,
            recorded_at=clock.now(),
            worth=worth,
        )
        .on_conflict_do_nothing()
        .returning(redemption.c.code)
    ).first()
    if won is None:  # the lock has failed us; the key has not
        raise _already(connection, brand_id, coupon)
    _set(
        connection,
        coupon,
        state=CouponState.REDEEMED,
        uses=coupon.uses + 1,
        reserved_until=None,
        reserved_source=None,
        reserved_key=None,
    )
    if promise is None:
        return Used(worth=None, unlocked=None)
    offers.count(connection, brand_id, coupon.offer, redeemed=1)
    return Used(worth=worth, unlocked=_unlock(connection, brand_id, coupon, use))


def allow(connection: Connection, brand_id: str, coupon: Coupon, use: Use) -> None:
    """Whether a coupon can be used like this. Raises what `redeem` would raise."""
    is_held = coupon.state is CouponState.RESERVED
    if is_held and not use.holds(coupon.reserved_by or ("", "")):
        raise reserved(connection, brand_id, coupon)
    check(connection, brand_id, coupon, use.occurred_at, is_held=is_held)
    promise = coupon.promise
    if promise is not None:
        rules = programme.at(connection, coupon.programme_id, use.occurred_at).rules
        zone = brands.get(connection, brand_id).zone
        if refusal := conditions.refused(promise, use, zone, rules.currency):
            raise refusal
    _stacks(connection, coupon, use)


def check(
    connection: Connection, brand_id: str, coupon: Coupon, at: datetime, *, is_held: bool = False
) -> None:
    """Whether a coupon's state and days let it be used at a moment."""
    if coupon.promise is not None and coupon.promise.ticket is not None:
        raise IsTicket(phrase("This is an entry ticket. Scan it at the door."))
    if coupon.state is CouponState.REDEEMED:
        raise _already(connection, brand_id, coupon)
    if coupon.state in {CouponState.VOID, CouponState.REVERSED}:
        raise CouponVoid(phrase("This coupon was taken back, so it cannot be used."))
    # By the moment at the counter: a till that was offline tells us later.
    if coupon.opens_at is not None and at < coupon.opens_at:
        first = coupon.opens_at.astimezone(brands.get(connection, brand_id).zone).date()
        raise NotYetValid(
            phrase("This coupon is good from {day} on.", day=Day(date=first)),
            first_day=first.isoformat(),
        )
    if coupon.expires_at is not None and coupon.expires_at <= at and not is_held:
        assert coupon.last_day is not None
        if is_in_grace(connection, coupon, at):
            return
        raise CouponExpired(
            phrase("This coupon was good until {day}.", day=Day(date=coupon.last_day)),
            last_day=coupon.last_day.isoformat(),
        )


def is_in_grace(connection: Connection, coupon: Coupon, at: datetime) -> bool:
    """Whether a reward that has ended can be used all the same, since it ended only just now."""
    if coupon.kind != "reward" or coupon.last_day is None:
        return False
    rules = programme.at(connection, coupon.programme_id, at).rules
    if rules.loyal.grace_days == 0:
        return False
    return at < validity.end_of(
        coupon.last_day + timedelta(days=rules.loyal.grace_days), rules.zone
    )


def lapsed(connection: Connection, member_id: str, at: datetime) -> tuple[Coupon, ...]:
    """The rewards of a member that have ended and can be used all the same: for a scan to offer,
    since the pass does not show them any more."""
    since = at - timedelta(days=_GRACE_DAYS_MAX + 2)  # a day may have 25 hours
    return tuple(
        each
        for each in ended_between(connection, member_id, since, at)
        if is_in_grace(connection, each, at)
    )


def undo(connection: Connection, coupon: Coupon) -> None:
    """Make a used coupon usable again, and take back what its use unlocked, unless that was used.

    The member is locked by the caller.
    """
    redemption = tables.redemption
    row = connection.execute(
        sa.update(redemption)
        .where(
            redemption.c.member_id == coupon.member_id,
            redemption.c.code == coupon.code,
            redemption.c.use == coupon.uses,
            redemption.c.reversed_at.is_(None),
        )
        .values(reversed_at=clock.now())
        .returning(redemption.c.brand_id, redemption.c.source, redemption.c.key)
    ).first()
    if row is None:  # was undone before
        return
    _set(connection, coupon, state=CouponState.ISSUED)
    if coupon.promise is None:
        return
    offers.count(connection, row.brand_id, coupon.offer, redeemed=-1)
    for each in of_event(connection, coupon.member_id, row.source, row.key):
        if each.offer == coupon.promise.then and each.promise is not None:
            reverse(connection, each)


def codes_used_in(connection: Connection, member_id: str, source: str, key: str) -> list[str]:
    """The codes of the coupons that an event used and that are still used."""
    redemption = tables.redemption
    found = connection.execute(
        sa.select(redemption.c.code)
        .where(
            redemption.c.member_id == member_id,
            redemption.c.source == source,
            redemption.c.key == key,
            redemption.c.reversed_at.is_(None),
        )
        .order_by(redemption.c.code)
    ).scalars()
    return list(found.all())


def reserved(connection: Connection, brand_id: str, coupon: Coupon) -> CouponReserved:
    """Why somebody else cannot have the coupon just now."""
    assert coupon.reserved_until is not None
    until = coupon.reserved_until.astimezone(brands.get(connection, brand_id).zone)
    return CouponReserved(
        phrase("Another sale holds this coupon until {time}.", time=clock_time(until)),
        reserved_until=clock.written(until),
    )


def _stacks(connection: Connection, coupon: Coupon, use: Use) -> None:
    beside = by_codes(
        connection,
        coupon.member_id,
        codes_used_in(connection, coupon.member_id, use.source, use.key),
    )
    for each in beside:
        if any(one.promise is not None and one.promise.alone for one in (each, coupon)):
            raise DoesNotStack(
                phrase("This coupon cannot be used together with “{other}”.", other=each.name),
                other=each.code,
            )


def _unlock(connection: Connection, brand_id: str, coupon: Coupon, use: Use) -> Coupon | None:
    """The member's copy of the offer that the use unlocks; None where there is none to be had."""
    if coupon.promise is None or coupon.promise.then is None:
        return None
    given = Given(
        brand_id=brand_id,
        member_id=coupon.member_id,
        source=use.source,
        key=use.key,
        issued_at=use.occurred_at,
        funder=coupon.funder,
        location_id=use.location_id,
    )
    try:
        return issue_offer(connection, coupon.promise.then, given)
    except Refusal:  # ended or used up: raised before anything was written
        return None


def _set(connection: Connection, coupon: Coupon, **values: object) -> None:
    connection.execute(
        sa.update(tables.coupon)
        .where(tables.coupon.c.member_id == coupon.member_id, tables.coupon.c.code == coupon.code)
        .values(**values)
    )


def _already(connection: Connection, brand_id: str, coupon: Coupon) -> AlreadyRedeemed:
    redemption = tables.redemption
    row = connection.execute(
        sa.select(redemption).where(
            redemption.c.member_id == coupon.member_id,
            redemption.c.code == coupon.code,
            redemption.c.reversed_at.is_(None),
        )
    ).one()
    local = row.occurred_at.astimezone(brands.get(connection, brand_id).zone)
    day, time = Day(date=local.date()), clock_time(local)
    shop = {each.location_id: each.name for each in brands.locations(connection, brand_id)}.get(
        row.location_id
    )
    if shop:
        say = phrase("Used already on {day} at {time}, in {shop}.", day=day, time=time, shop=shop)
    else:
        say = phrase("Used already on {day} at {time}.", day=day, time=time)
    return AlreadyRedeemed(
        say,
        redeemed_at=clock.written(row.occurred_at),
        location=row.location_id,
        location_name=shop,
    )
