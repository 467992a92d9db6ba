"""A span of members, and which of what was recorded of them is looked at."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from wallet_service.coupons import CouponState


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A few members of a programme. What was recorded after `until` is not seen; with a
    `location_id`, only what happened there; the books are asked what they say from `since` on."""

    brand_id: str
    programme_id: str
    since: datetime
    until: datetime
    location_id: str | None = None
    member_ids: tuple[str, ...] = ()

    def members(self, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        """The rows of these members: by the beginning of every key, so the brand is not said, whose
        indexes lead through all of its rows."""
        return (table.c.member_id.in_(self.member_ids),)

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
