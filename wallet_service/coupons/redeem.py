"""Redeem: use a coupon, once; and undo a use."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands, clock, db
from wallet_service.coupons import tables
from wallet_service.coupons.coupon import Coupon, CouponState
from wallet_service.coupons.errors import AlreadyRedeemed, CouponExpired, CouponVoid
from wallet_service.language import Day, clock_time, phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Where, by whom and in what event a coupon is used."""

    source: str
    key: str
    occurred_at: datetime
    sale_id: str | None = None
    location_id: str | None = None
    till_id: str | None = None
    staff_id: str | None = None


def redeem(connection: Connection, brand_id: str, coupon: Coupon, use: Use) -> None:
    """Use a coupon. The member is locked by the caller, and `coupon` was read after that.

    Raises AlreadyRedeemed, CouponExpired or CouponVoid, having written nothing.
    """
    check(connection, brand_id, coupon, use.occurred_at)
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
        )
        .on_conflict_do_nothing()
        .returning(redemption.c.code)
    ).first()
    if won is None:  # the lock has failed us; the key has not
        raise _already(connection, brand_id, coupon)
    _set(connection, coupon, state=CouponState.REDEEMED, uses=coupon.uses + 1)


def check(connection: Connection, brand_id: str, coupon: Coupon, at: datetime) -> None:
    """Whether a coupon can be used at a moment. Raises what `redeem` would raise."""
    if coupon.state is CouponState.REDEEMED:
        raise _already(connection, brand_id, coupon)
    if coupon.state is CouponState.VOID:
        raise CouponVoid(phrase("This coupon was taken back, so it cannot be used."))
    # By the moment at the counter: a till that was offline tells us later.
    if coupon.expires_at is not None and coupon.expires_at <= at:
        assert coupon.last_day is not None
        raise CouponExpired(
            phrase("This coupon was good until {day}.", day=Day(date=coupon.last_day)),
            last_day=coupon.last_day.isoformat(),
        )


def undo(connection: Connection, coupon: Coupon) -> None:
    """Make a used coupon usable again. The member is locked by the caller."""
    redemption = tables.redemption
    connection.execute(
        sa.update(redemption)
        .where(
            redemption.c.member_id == coupon.member_id,
            redemption.c.code == coupon.code,
            redemption.c.use == coupon.uses,
        )
        .values(reversed_at=clock.now())
    )
    _set(connection, coupon, state=CouponState.ISSUED)


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
