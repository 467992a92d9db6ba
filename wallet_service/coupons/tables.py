"""The tables of the coupons room: what is promised, each member's copy of it, and its use."""

import sqlalchemy as sa

from wallet_service.db import Flag, Integer64, Json, Moment, Text, table

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
    # The rest of the offer as it was made: worth, validity, conditions (`Promise`).
    sa.Column("promise", Json),
    sa.Column("content_hash", Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("programme_id", "key", "content_hash"),
)

# What is on offer under a key, now: which row of `offer`, and how many of it are out.
offering = table(
    "offering",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),
    sa.Column("programme_id", Text, nullable=False),
    sa.Column("offer_id", Text, nullable=False),
    sa.Column("shared_code", Text),  # a generic code: whoever says it gets a copy
    sa.Column("issued", Integer64, nullable=False),
    sa.Column("redeemed", Integer64, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.UniqueConstraint("brand_id", "shared_code"),
)

coupon = table(
    "coupon",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("code", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("offer_id", Text, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("opens_at", Moment),  # nothing: at once
    sa.Column("last_day", Text),  # as said to people; a saved day stays
    sa.Column("expires_at", Moment),  # the end of that day at the shop
    sa.Column("location_id", Text),  # where it was issued
    sa.Column("funder", Text, nullable=False),
    sa.Column("entry", Integer64),  # the redemption in the ledger that paid for it
    sa.Column("source", Text, nullable=False),  # the event that brought it
    sa.Column("key", Text, nullable=False),
    sa.Column("uses", Integer64, nullable=False),  # how often it was used; undone uses count
    # Held for one sale, by the event that asked, until a moment.
    sa.Column("reserved_until", Moment),
    sa.Column("reserved_source", Text),
    sa.Column("reserved_key", Text),
    # Of a ticket: how many may come in, and how many have.
    sa.Column("admissions", Integer64),
    sa.Column("admitted", Integer64, nullable=False, server_default="0"),
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
    sa.Column("worth", Integer64),  # the discount that it gave, in minor units
    sa.Index("ix_redemption_brand_id_occurred_at", "brand_id", "occurred_at"),
)

# Each time that somebody came in with a ticket.
admission = table(
    "admission",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("code", Text, primary_key=True),
    sa.Column("number", Integer64, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("source", Text, nullable=False),
    sa.Column("key", Text, nullable=False),
    sa.Column("count", Integer64, nullable=False),
    sa.Column("is_return", Flag, nullable=False),  # in again, after being in before
    sa.Column("location_id", Text),
    sa.Column("till_id", Text),
    sa.Column("staff_id", Text),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("reversed_at", Moment),
    sa.Index("ix_admission_brand_id_occurred_at", "brand_id", "occurred_at"),
)
