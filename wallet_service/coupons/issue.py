"""Issue a coupon, and take one back that was not used."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.coupons import codes, tables
from wallet_service.coupons.coupon import Coupon, CouponState, by_codes
from wallet_service.coupons.offers import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Until when a coupon is good: the day as said, and the moment at which that day is over."""

    last_day: date | None
    expires_at: datetime | None


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


def good_for(days: int | None, since: datetime, zone: ZoneInfo) -> Validity:
    """Good to the end of the `days`-th day after `since`, by the shop's own clock. Pure."""
    if days is None:
        return Validity(last_day=None, expires_at=None)
    last_day = since.astimezone(zone).date() + timedelta(days=days)
    # Midnight is found on the wall, so a day of 23 or 25 hours ends where people say it does.
    ends = datetime.combine(last_day + timedelta(days=1), time(), tzinfo=zone)
    return Validity(last_day=last_day, expires_at=ends)


def issue(connection: Connection, offer: Offer, given: Given, validity: Validity) -> Coupon:
    """Give a member a copy of an offer. The member is locked by the caller."""
    code = codes.new()
    connection.execute(
        sa.insert(tables.coupon).values(
            member_id=given.member_id,
            code=code,
            brand_id=given.brand_id,
            offer_id=offer.offer_id,
            state=CouponState.ISSUED,
            issued_at=given.issued_at,
            last_day=validity.last_day.isoformat() if validity.last_day else None,
            expires_at=validity.expires_at,
            location_id=given.location_id,
            funder=given.funder,
            entry=given.entry,
            source=given.source,
            key=given.key,
            uses=0,
        )
    )
    return by_codes(connection, given.member_id, [code])[0]


def withdraw(connection: Connection, coupon: Coupon) -> None:
    """Take back a coupon that was not used. The member is locked by the caller."""
    connection.execute(
        sa.update(tables.coupon)
        .where(tables.coupon.c.member_id == coupon.member_id, tables.coupon.c.code == coupon.code)
        .values(state=CouponState.VOID)
    )
