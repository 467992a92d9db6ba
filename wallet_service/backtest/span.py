"""A span of members, and which of what was recorded of them is looked at."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from wallet_service.coupons import CouponState


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The members from `first` to `last`. What was recorded after `until` is not seen; with a
    `location_id`, only what happened there; the books are asked what they say from `since` on."""

    brand_id: str
    programme_id: str
    since: datetime
    until: datetime
    location_id: str | None = None
    first: str = ""
    last: str = ""

    def members(self, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        """The rows of these members."""
        return (
            table.c.member_id >= self.first,
            table.c.member_id <= self.last,
            table.c.brand_id == self.brand_id,
        )

    def in_time(self, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        """The rows that happened, and were known, by the end."""
        return table.c.occurred_at <= self.until, table.c.recorded_at <= self.until

    def here(self, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        """The rows of the location, where one is looked at."""
        place = self.location_id
        return () if place is None else (table.c.location_id == place,)


def stands(coupon: sa.Table) -> sa.ColumnElement[bool]:
    """A coupon that was not taken back."""
    return coupon.c.state.not_in((CouponState.VOID.value, CouponState.REVERSED.value))
