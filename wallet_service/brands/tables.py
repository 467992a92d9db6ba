"""The tables of the brands room."""

import sqlalchemy as sa

from wallet_service.db import Bytes, Flag, Integer64, Json, Moment, Text, table

brand = table(
    "brand",
    sa.Column("brand_id", Text, primary_key=True),
    # Its name in an address; given once, as links to the console are kept.
    sa.Column("slug", Text, nullable=False, unique=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("language", Text, nullable=False),
    sa.Column("time_zone", Text, nullable=False),
    sa.Column("contact_email", Text, nullable=False),
    sa.Column("contact_phone", Text, nullable=False),
    sa.Column("website", Text, nullable=False),
    sa.Column("security_level", Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

location = table(
    "location",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("location_id", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("address", Text, nullable=False),
    # Left empty: the brand's own.
    sa.Column("time_zone", Text),
    sa.Column("opening", Json, nullable=False),  # `opening.Opening`
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
)

staff = table(
    "staff",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("staff_id", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("role", Text, nullable=False),
    # Where; none means everywhere.
    sa.Column("locations", Json, nullable=False),
    # With what somebody signs in (the access room); those who only stand at a till have none.
    sa.Column("account_id", Text),
    sa.Column("pin_hash", Text),
    sa.Column("pin_attempts", sa.Integer, nullable=False),
    sa.Column("locked_until", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.UniqueConstraint("brand_id", "account_id"),
    sa.Index("ix_staff_account_id", "account_id"),
)

till = table(
    "till",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("till_id", Text, primary_key=True),
    sa.Column("location_id", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("secret_hash", Text),
    sa.Column("pairing_hash", Text, unique=True),
    sa.Column("pairing_expires_at", Moment),
    sa.Column("paired_at", Moment),
    # The number of the shift at it; one more ends the one before, whatever its browser still says.
    sa.Column("shift", sa.Integer, nullable=False),
    sa.Column("shift_staff_id", Text),
    sa.Column("shift_since", Moment),
    sa.Column("shift_seen", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.UniqueConstraint("till_id"),
)

api_key = table(
    "api_key",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("key_id", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("secret_hash", Text, nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("location_id", Text),
    # For which it may speak; none means all of them.
    sa.Column("locations", Json, nullable=False),
    # A stable name: a key that replaces another speaks for the same source.
    sa.Column("source", Text, nullable=False),
    sa.Column("unhurried", Flag, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("ended_at", Moment),
    sa.UniqueConstraint("key_id"),
)

design_version = table(
    "design_version",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    sa.Column("version", Integer64, primary_key=True),
    sa.Column("content_hash", Text, nullable=False, index=True),
    sa.Column("packed", Bytes, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)
