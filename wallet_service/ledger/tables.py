"""The tables of the ledger.

`entry`, `entry_line` and `lot_use` are only ever added to. `lot` and `balance` are caches: a
replay of the lines gives them again.
"""

import sqlalchemy as sa

from wallet_service.db import Integer64, Moment, Text, table

entry = table(
    "entry",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("number", Integer64, primary_key=True),  # within the member, from 1
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("programme_id", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    # What told us: the key is the caller's own; one event may make several entries (parts).
    sa.Column("source", Text, nullable=False),
    sa.Column("key", Text, nullable=False),
    sa.Column("part", Integer64, nullable=False),
    sa.Column("sale_id", Text),
    sa.Column("reverses", Integer64),
    sa.Column("rule_version", Integer64, nullable=False),
    sa.Column("location_id", Text),
    sa.Column("till_id", Text),
    sa.Column("staff_id", Text),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("formula", Integer64, nullable=False),
    sa.Column("previous_hash", Text, nullable=False),
    sa.Column("hash", Text, nullable=False),
    # Behind `idempotency`: even if that were wrong, one event cannot be written twice.
    sa.UniqueConstraint("brand_id", "source", "key", "part"),
    append_only=True,
)

entry_line = table(
    "entry_line",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("number", Integer64, primary_key=True),
    sa.Column("line", Integer64, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("unit", Text, nullable=False),
    sa.Column("account", Text, nullable=False),  # a label, never a balance row: no hot row
    sa.Column("amount", Integer64, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("funder", Text),
    sa.Column("why", Text),  # a phrase, as JSON
    sa.CheckConstraint("amount <> 0", name="amount"),
    append_only=True,
)

lot = table(
    "lot",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("number", Integer64, primary_key=True),  # the entry and the line that opened it
    sa.Column("line", Integer64, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("unit", Text, nullable=False),
    sa.Column("amount", Integer64, nullable=False),
    sa.Column("remaining", Integer64, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("location_id", Text),
    sa.Column("funder", Text, nullable=False),
    sa.CheckConstraint("remaining >= 0 AND remaining <= amount", name="remaining"),
    sa.Index(
        "ix_lot_open",
        "member_id",
        "unit",
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    ),
)

lot_use = table(
    "lot_use",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("number", Integer64, primary_key=True),  # the entry that used it
    sa.Column("lot_number", Integer64, primary_key=True),
    sa.Column("lot_line", Integer64, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("unit", Text, nullable=False),
    sa.Column("amount", Integer64, nullable=False),  # below zero: put back
    sa.CheckConstraint("amount <> 0", name="amount"),
    append_only=True,
)

balance = table(
    "balance",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("unit", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("available", Integer64, nullable=False),
    sa.Column("pending", Integer64, nullable=False),
    sa.Column("lifetime", Integer64, nullable=False),
)
