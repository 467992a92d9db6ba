"""Issue a coupon, and take one back that was not used."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands
from wallet_service.coupons import codes, offers, tables, validity
from wallet_service.coupons.coupon import Coupon, CouponState, by_codes
from wallet_service.coupons.errors import MemberLimit, OfferEnded, QuotaUsed, UnknownOffer
from wallet_service.coupons.offering import Offer, Offering
from wallet_service.coupons.validity import Validity
from wallet_service.language import phrase, phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What brings a coupon: the event, where it happened, and who pays in the end."""

    brand_id: str
    member_id: str
    source: str
    key: str
    issued_at: datetime
    funder: str
    location_id: str | None = None
    entry: int | None = None


def issue(connection: Connection, offer: Offer, given: Given, good: Validity) -> Coupon:
    """Give a member a copy of an offer, whatever its quota. The member is locked by the caller."""
    return _insert(connection, offer, given, good)


def issue_offer(connection: Connection, key: str, given: Given) -> Coupon:
    """Give a member a copy of what is on offer under a key. The member is locked by the caller.

    Raises UnknownOffer, OfferEnded, QuotaUsed or MemberLimit, having written nothing.
    """
    return _give(connection, offers.get(connection, given.brand_id, key), given)


def issue_shared(connection: Connection, typed: str, given: Given) -> Coupon:
    """The member's copy of the offer whose shared code was typed: one that she has and did not
    use yet, else a new one. The member is locked by the caller. Raises as `issue_offer` does."""
    offering = offers.by_shared_code(connection, given.brand_id, typed)
    if offering is None:
        raise UnknownOffer(phrase("We do not know this code. Could you check it?"))
    coupon, offer = tables.coupon, tables.offer
    codes_of_hers = connection.execute(
        sa.select(coupon.c.code)
        .join(offer, _is_copy_of(offering))
        .where(coupon.c.member_id == given.member_id, coupon.c.state == CouponState.ISSUED)
    ).scalars()
    hers = by_codes(connection, given.member_id, sorted(codes_of_hers))
    return next((each for each in hers if each.is_open), None) or _give(connection, offering, given)


def withdraw(connection: Connection, coupon: Coupon) -> None:
    """Take back a coupon that was not used, as staff do. The member is locked by the caller."""
    _take_back(connection, coupon, CouponState.VOID)


def reverse(connection: Connection, coupon: Coupon) -> None:
    """Take back a coupon that was not used, since what paid for it or brought it was undone."""
    _take_back(connection, coupon, CouponState.REVERSED)


def _give(connection: Connection, offering: Offering, given: Given) -> Coupon:
    promise = offering.promise
    zone = brands.get(connection, given.brand_id).zone
    good = validity.of_promise(promise, given.issued_at, zone)
    is_over = good.expires_at is not None and good.expires_at <= given.issued_at
    if offering.ended_at is not None or is_over:
        raise OfferEnded(phrase("This offer has ended."))
    most = promise.most_per_member
    if most is not None and _held(connection, offering, given.member_id) >= most:
        raise MemberLimit(
            phrases(
                "Each customer gets this offer once.",
                "Each customer gets this offer {n} times.",
                most,
            ),
            per_member=most,
        )
    if not _take(connection, offering):
        now = offers.get(connection, given.brand_id, offering.key)
        if (now.offer_id, now.ended_at) != (offering.offer_id, offering.ended_at):
            return _give(connection, now, given)  # changed while we read it
        raise QuotaUsed(
            phrase("All coupons of this offer have been given out."), quota=promise.quota
        )
    return _insert(
        connection,
        offering.offer,
        given,
        good,
        admissions=promise.ticket.admissions if promise.ticket else None,
    )


def _take(connection: Connection, offering: Offering) -> bool:
    """Count one copy more, if the offer still stands and has one. One statement, so no race."""
    table = tables.offering
    left: sa.ColumnElement[bool] = sa.true()
    if offering.promise.quota is not None:
        left = table.c.issued < offering.promise.quota
    taken = connection.execute(
        sa.update(table)
        .where(
            table.c.brand_id == offering.brand_id,
            table.c.key == offering.key,
            table.c.offer_id == offering.offer_id,
            table.c.ended_at.is_(None),
            left,
        )
        .values(issued=table.c.issued + 1)
        .returning(table.c.issued)
    ).first()
    return taken is not None


def _held(connection: Connection, offering: Offering, member_id: str) -> int:
    """How many copies a member has had, under whatever terms; not those taken back."""
    coupon = tables.coupon
    return connection.execute(
        sa.select(sa.func.count())
        .select_from(coupon)
        .join(tables.offer, _is_copy_of(offering))
        .where(
            coupon.c.member_id == member_id,
            coupon.c.state.not_in([CouponState.VOID, CouponState.REVERSED]),
        )
    ).scalar_one()


def _is_copy_of(offering: Offering) -> sa.ColumnElement[bool]:
    coupon, offer = tables.coupon, tables.offer
    return (
        (offer.c.brand_id == coupon.c.brand_id)
        & (offer.c.offer_id == coupon.c.offer_id)
        & (offer.c.key == offering.key)
        & offer.c.promise.is_not(None)
    )


def _insert(
    connection: Connection,
    offer: Offer,
    given: Given,
    good: Validity,
    admissions: int | None = None,
) -> Coupon:
    code = codes.new()
    connection.execute(
        _COUPON,
        {
            "member_id": given.member_id,
            "code": code,
            "brand_id": given.brand_id,
            "offer_id": offer.offer_id,
            "state": CouponState.ISSUED,
            "issued_at": given.issued_at,
            "opens_at": good.opens_at,
            "last_day": good.last_day.isoformat() if good.last_day else None,
            "expires_at": good.expires_at,
            "location_id": given.location_id,
            "funder": given.funder,
            "entry": given.entry,
            "source": given.source,
            "key": given.key,
            "uses": 0,
            "admissions": admissions,
        },
    )
    return by_codes(connection, given.member_id, [code])[0]


def _take_back(connection: Connection, coupon: Coupon, state: CouponState) -> None:
    table = tables.coupon
    taken = connection.execute(
        sa.update(table)
        .where(
            table.c.member_id == coupon.member_id,
            table.c.code == coupon.code,
            table.c.state == CouponState.ISSUED,  # once, so that a copy is not counted twice
        )
        .values(state=state, reserved_until=None, reserved_source=None, reserved_key=None)
        .returning(table.c.brand_id)
    ).scalar()
    if taken is not None and coupon.promise is not None:
        offers.count(connection, taken, coupon.offer, issued=-1)


_COUPON = sa.insert(tables.coupon)
