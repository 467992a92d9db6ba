"""Reserve: hold a coupon for one event, until a moment; nobody else can use it meanwhile.

A reservation that has run out needs no tidying: the coupon is simply issued again.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.coupons import tables
from wallet_service.coupons.coupon import Coupon, CouponState, by_codes
from wallet_service.coupons.redeem import allow, reserved
from wallet_service.coupons.use import Use


def reserve(
    connection: Connection, brand_id: str, coupon: Coupon, use: Use, ttl: timedelta
) -> Coupon:
    """Hold a coupon for `use` from now for `ttl`; asking again holds it anew.

    The member is locked by the caller, and `coupon` was read after that. Raises what `redeem`
    would raise, CouponReserved where another event holds it; nothing is written then.
    """
    allow(connection, brand_id, coupon, use)
    table, now = tables.coupon, clock.now()
    is_free = table.c.reserved_until.is_(None) | (table.c.reserved_until <= now)
    if coupon.reserved_by is not None:  # by this very event, or `allow` had refused
        source, key = coupon.reserved_by
        is_free |= (table.c.reserved_source == source) & (table.c.reserved_key == key)
    won = connection.execute(
        sa.update(table)
        .where(
            table.c.member_id == coupon.member_id,
            table.c.code == coupon.code,
            table.c.state == CouponState.ISSUED,
            is_free,
        )
        .values(reserved_until=now + ttl, reserved_source=use.source, reserved_key=use.key)
        .returning(table.c.code)
    ).first()
    after = by_codes(connection, coupon.member_id, [coupon.code])[0]
    if won is None:  # the lock has failed us; the condition has not
        allow(connection, brand_id, after, use)
        raise reserved(connection, brand_id, after)
    return after


def release(connection: Connection, coupon: Coupon) -> None:
    """Let go of a reservation. The member is locked by the caller."""
    connection.execute(
        sa.update(tables.coupon)
        .where(tables.coupon.c.member_id == coupon.member_id, tables.coupon.c.code == coupon.code)
        .values(reserved_until=None, reserved_source=None, reserved_key=None)
    )
