"""The table of the sales room: each sale as it was told."""

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
)
