"""The tables of the sales room: each sale and return as told, what was found, reasons."""

import sqlalchemy as sa

from wallet_service.db import Flag, Integer64, Json, Moment, Text, table

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
    sa.Column("returned", Integer64, nullable=False, server_default="0"),  # of its amount
    # What the rules looked at besides the sale itself, so that they can be asked again: the
    # member's tier, and how far each rule had counted (`context.kept`).
    sa.Column("context", Json),
    sa.Index(None, "member_id", "occurred_at"),
    # Figures count what stands, by day: read from the index alone.
    sa.Index(
        "ix_sale_standing",
        "brand_id",
        "occurred_at",
        "returned",
        "amount",
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    ),
    # How fast one till and one person go (`velocity`).
    sa.Index("ix_sale_till", "till_id", "occurred_at"),
    sa.Index("ix_sale_staff", "staff_id", "occurred_at"),
)

# What was bought, line by line, where the till tells it.
sale_line = table(
    "sale_line",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("source", Text, primary_key=True),
    sa.Column("sale_id", Text, primary_key=True),
    sa.Column("line", Integer64, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("product", Text),
    sa.Column("category", Text),
    sa.Column("quantity", Integer64, nullable=False),
    sa.Column("price", Integer64, nullable=False),  # of one, in minor units
    sa.Column("returned", Integer64, nullable=False, server_default="0"),  # of the quantity
)

# Goods that came back. It points at the sale; what it took back is in the ledger.
sale_return = table(
    "sale_return",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("source", Text, primary_key=True),
    sa.Column("return_id", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("sale_id", Text, nullable=False),
    sa.Column("amount", Integer64, nullable=False),
    sa.Column("is_whole", Flag, nullable=False),
    sa.Column("lines", Json, nullable=False),
    # What the rules would have given less, by unit, and what was taken back of it: the rest was
    # forgiven by the programme's policy.
    sa.Column("owed", Json, nullable=False),
    sa.Column("taken", Json, nullable=False),
    sa.Column("location_id", Text),
    sa.Column("till_id", Text),
    sa.Column("staff_id", Text),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Index("ix_sale_return_sale", "member_id", "source", "sale_id"),
    sa.Index("ix_sale_return_brand_id_occurred_at", "brand_id", "occurred_at"),
)

# How far a rule has counted a member's purchases in a period, and what it gave for that: what
# carries over, what caps a day. A cache: sales and returns give it again.
progress = table(
    "progress",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("rule", Text, primary_key=True),
    sa.Column("period", Text, primary_key=True),  # ever, 2026, 2026-11 or 2026-11-25
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("amount", Integer64, nullable=False),
    sa.Column("given", Integer64, nullable=False),
)

# What happened at a counter though it should not have: kept as fact, and shown to the brand.
finding = table(
    "finding",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("finding_id", Text, primary_key=True),
    sa.Column("member_id", Text),
    sa.Column("kind", Text, nullable=False),  # the stable code of what would have refused it
    sa.Column("source", Text, nullable=False),
    sa.Column("key", Text, nullable=False),
    sa.Column("say", Text, nullable=False),  # a phrase, as JSON
    sa.Column("facts", Json, nullable=False),
    sa.Column("location_id", Text),
    sa.Column("till_id", Text),
    sa.Column("staff_id", Text),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("seen_at", Moment),
    sa.Column("seen_by", Text),
    sa.Index("ix_finding_open", "brand_id", "seen_at"),
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
