"""Waiting: how many coupons a brand has out that can be used, by what each is."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.brands.tables import brand
from wallet_service.coupons import tables
from wallet_service.coupons.coupon import CouponState
from wallet_service.language import Words


def waiting(connection: Connection, brand_id: str, now: datetime) -> tuple[tuple[Words, int], ...]:
    """The name of each offer with how many copies can be used, the most first."""
    coupon, offer = tables.coupon, tables.offer
    rows = connection.execute(
        sa.select(offer.c.key, offer.c.name, brand.c.language, sa.func.count(coupon.c.code))
        .join_from(
            offer,
            coupon,
            (coupon.c.brand_id == offer.c.brand_id) & (coupon.c.offer_id == offer.c.offer_id),
        )
        .join(brand, brand.c.brand_id == offer.c.brand_id)
        .where(
            offer.c.brand_id == brand_id,
            coupon.c.state == CouponState.ISSUED,
            coupon.c.expires_at.is_(None) | (coupon.c.expires_at > now),
        )
        .group_by(offer.c.offer_id, offer.c.key, offer.c.name, offer.c.created_at, brand.c.language)
        .order_by(offer.c.created_at)
    )
    # A changed offer is a new row: its copies are told together, by the words it has now.
    counted: dict[str, tuple[Words, int]] = {}
    for key, name, language, count in rows:
        before = counted[key][1] if key in counted else 0
        counted[key] = (Words(words=name, fallback=language), before + count)
    return tuple(sorted(counted.values(), key=lambda each: -each[1]))
