"""The tables of the coupons room: what is promised, each member's copy of it, and its use."""

import sqlalchemy as sa

from wallet_service.db import Integer64, Json, Moment, Text, table

# A changed offer is a new row: a coupon keeps the words and terms it was given with.
offer = table(
    "offer",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("offer_id", Text, primary_key=True),
    sa.Column("programme_id", Text, nullable=False),
    sa.Column("key", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("name", Json, nullable=False),
    sa.Column("terms", Json, nullable=False),
    sa.Column("content_hash", Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("programme_id", "key", "content_hash"),
)

coupon = table(
    "coupon",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("code", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("offer_id", Text, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("last_day", Text),  # as said to people; a saved day stays
    sa.Column("expires_at", Moment),  # the end of that day at the shop
    sa.Column("location_id", Text),  # where it was issued
    sa.Column("funder", Text, nullable=False),
    sa.Column("entry", Integer64),  # the redemption in the ledger that paid for it
    sa.Column("source", Text, nullable=False),  # the event that brought it
    sa.Column("key", Text, nullable=False),
    sa.Column("uses", Integer64, nullable=False),  # how often it was used; undone uses count
    sa.UniqueConstraint("brand_id", "code"),
    sa.Index("ix_coupon_brand_id_issued_at", "brand_id", "issued_at"),
)

# One wins each use of a coupon; undoing a use frees the next.
redemption = table(
    "redemption",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("code", Text, primary_key=True),
    sa.Column("use", Integer64, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("source", Text, nullable=False),
    sa.Column("key", Text, nullable=False),
    sa.Column("sale_id", Text),
    sa.Column("location_id", Text),
    sa.Column("till_id", Text),
    sa.Column("staff_id", Text),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("reversed_at", Moment),
    sa.Index("ix_redemption_brand_id_occurred_at", "brand_id", "occurred_at"),
)
