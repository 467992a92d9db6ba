"""The tables of the programme room: a programme and each version of its rules; tiers held."""

import sqlalchemy as sa

from wallet_service.db import Flag, Integer64, Moment, Text, table

programme = table(
    "programme",
    sa.Column("programme_id", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("key", Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("brand_id", "key"),
)

# Never changed: an entry in the ledger names the version that gave it.
programme_version = table(
    "programme_version",
    sa.Column("programme_id", Text, primary_key=True),
    sa.Column("version", Integer64, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("content_hash", Text, nullable=False),
    sa.Column("toml", Text, nullable=False),
    sa.Column("valid_from", Moment, nullable=False),
    # The owner said at the apply that running cards follow, dearer or not.
    sa.Column("also_running", Flag, nullable=False, server_default=sa.text("false")),
    append_only=True,
)

# Each change of a member's tier; the last one holds.
tier_change = table(
    "tier_change",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("number", Integer64, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("programme_id", Text, nullable=False),
    sa.Column("tier", Text),  # nothing: none any more
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment),
    sa.Column("total", Integer64, nullable=False),  # what counted at the moment
    sa.Column("rule_version", Integer64, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Index("ix_tier_change_until", "until"),
    append_only=True,
)
