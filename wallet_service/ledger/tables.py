"""The tables of the ledger.

`entry`, `entry_line`, `lot_use` and `daily_head` are only ever added to. `lot` and `balance` are
caches: a replay of the lines gives them again.
"""

import sqlalchemy as sa

from wallet_service.db import Integer64, Json, Moment, Text, table

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
    sa.Column("confirms", Integer64),  # the entry whose pending units these are
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
    # What was recorded since: the order in which machines read the ledger.
    sa.Index("ix_entry_recorded", "brand_id", "recorded_at", "member_id", "number"),
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
    sa.Column("confirm_at", Moment),  # of a pending gain: when it becomes available
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
    sa.Column("account", Text, nullable=False, server_default="available"),  # or pending
    sa.Column("amount", Integer64, nullable=False),
    sa.Column("remaining", Integer64, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("confirm_at", Moment),
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
    # What the clock must look at: what ends, and what is confirmed.
    sa.Index(
        "ix_lot_ending",
        "expires_at",
        sqlite_where=sa.text("remaining > 0 AND expires_at IS NOT NULL"),
        postgresql_where=sa.text("remaining > 0 AND expires_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_lot_pending",
        "confirm_at",
        sqlite_where=sa.text("remaining > 0 AND confirm_at IS NOT NULL"),
        postgresql_where=sa.text("remaining > 0 AND confirm_at IS NOT NULL"),
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

# The end of a brand's day: one hash over the ends of its members' chains, chained to the day
# before, so that nobody can write a past day anew without a copy of it telling.
daily_head = table(
    "daily_head",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("day", Text, primary_key=True),  # as the brand's own clock has it
    sa.Column("members", Integer64, nullable=False),
    sa.Column("entries", Integer64, nullable=False),
    sa.Column("previous", Text, nullable=False),
    sa.Column("head", Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    append_only=True,
)

# One run of the nightly audit: every cache computed again from the first entry.
books_audit = table(
    "books_audit",
    sa.Column("audit_id", Text, primary_key=True),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
    sa.Column("cursor", Text, nullable=False),  # the last member that was looked at
    sa.Column("members", Integer64, nullable=False),
    sa.Column("entries", Integer64, nullable=False),
    sa.Column("faults", Integer64, nullable=False),
    sa.Column("first_faults", Json, nullable=False),
)

# Who was told that something ends: once for each day of the programme's list.
expiry_warning = table(
    "expiry_warning",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("unit", Text, primary_key=True),
    sa.Column("expires_at", Moment, primary_key=True),
    sa.Column("days", Integer64, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("told_at", Moment, nullable=False),
)
