"""The tables of the sales room: each sale as it was told, and why something was done by hand."""

import sqlalchemy as sa

from wallet_service.db import Integer64, Moment, Text, table

sale = table(
    "sale",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("source", Text, primary_key=True),
    sa.Column("sale_id", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("programme_id", Text, nullable=False),
    sa.Column("entry", Integer64, nullable=False),
    sa.Column("amount", Integer64),  # nothing where a cashier only stamped
    sa.Column("currency", Text),
    sa.Column("stamps", Integer64),
    sa.Column("location_id", Text),
    sa.Column("till_id", Text),
    sa.Column("staff_id", Text),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("voided_at", Moment),
    sa.Index(None, "member_id", "occurred_at"),
    # Figures count what stands, by day: read from the index alone.
    sa.Index(
        "ix_sale_standing",
        "brand_id",
        "occurred_at",
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    ),
)

# Why staff gave, corrected or took back something by hand, in their own words. Such words may
# speak of the person, and the ledger cannot forget; these rows go when the member is erased.
reason = table(
    "reason",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("source", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),  # of the event that it explains
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("words", Text, nullable=False),
    sa.Column("staff_id", Text),
    sa.Column("at", Moment, nullable=False),
)
