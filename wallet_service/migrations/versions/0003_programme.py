"""The programme whole: offers, returns, tiers, what is pending or ends, and the books' days."""

import sqlalchemy as sa
from alembic import op

from wallet_service.db import Flag, Integer64, Json, Moment, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _new_tables()
    _new_columns()
    _passes_of_coupons()


def _new_tables() -> None:
    op.create_table(
        "admission",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("code", Text(), nullable=False),
        sa.Column("number", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("count", Integer64, nullable=False),
        sa.Column("is_return", Flag(), nullable=False),
        sa.Column("location_id", Text(), nullable=True),
        sa.Column("till_id", Text(), nullable=True),
        sa.Column("staff_id", Text(), nullable=True),
        sa.Column("occurred_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("reversed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("member_id", "code", "number", name=op.f("pk_admission")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_admission_brand_id_occurred_at", "admission", ["brand_id", "occurred_at"], unique=False
    )
    op.create_table(
        "books_audit",
        sa.Column("audit_id", Text(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("cursor", Text(), nullable=False),
        sa.Column("members", Integer64, nullable=False),
        sa.Column("entries", Integer64, nullable=False),
        sa.Column("faults", Integer64, nullable=False),
        sa.Column("first_faults", Json(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_books_audit")),
        sqlite_strict=True,
    )
    op.create_table(
        "daily_head",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("day", Text(), nullable=False),
        sa.Column("members", Integer64, nullable=False),
        sa.Column("entries", Integer64, nullable=False),
        sa.Column("previous", Text(), nullable=False),
        sa.Column("head", Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("brand_id", "day", name=op.f("pk_daily_head")),
        sqlite_strict=True,
    )
    op.create_table(
        "expiry_warning",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("unit", Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("days", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint(
            "member_id", "unit", "expires_at", "days", name=op.f("pk_expiry_warning")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "finding",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("finding_id", Text(), nullable=False),
        sa.Column("member_id", Text(), nullable=True),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("say", Text(), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("location_id", Text(), nullable=True),
        sa.Column("till_id", Text(), nullable=True),
        sa.Column("staff_id", Text(), nullable=True),
        sa.Column("occurred_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("seen_by", Text(), nullable=True),
        sa.PrimaryKeyConstraint("brand_id", "finding_id", name=op.f("pk_finding")),
        sqlite_strict=True,
    )
    op.create_index("ix_finding_open", "finding", ["brand_id", "seen_at"], unique=False)
    op.create_table(
        "offering",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("programme_id", Text(), nullable=False),
        sa.Column("offer_id", Text(), nullable=False),
        sa.Column("shared_code", Text(), nullable=True),
        sa.Column("issued", Integer64, nullable=False),
        sa.Column("redeemed", Integer64, nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("brand_id", "key", name=op.f("pk_offering")),
        sa.UniqueConstraint(
            "brand_id", "shared_code", name=op.f("uq_offering_brand_id_shared_code")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "progress",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("rule", Text(), nullable=False),
        sa.Column("period", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("amount", Integer64, nullable=False),
        sa.Column("given", Integer64, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "rule", "period", name=op.f("pk_progress")),
        sqlite_strict=True,
    )
    op.create_table(
        "sale_line",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("sale_id", Text(), nullable=False),
        sa.Column("line", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("product", Text(), nullable=True),
        sa.Column("category", Text(), nullable=True),
        sa.Column("quantity", Integer64, nullable=False),
        sa.Column("price", Integer64, nullable=False),
        sa.Column("returned", Integer64, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "member_id", "source", "sale_id", "line", name=op.f("pk_sale_line")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "sale_return",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("return_id", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("sale_id", Text(), nullable=False),
        sa.Column("amount", Integer64, nullable=False),
        sa.Column("is_whole", Flag(), nullable=False),
        sa.Column("lines", Json(), nullable=False),
        sa.Column("owed", Json(), nullable=False),
        sa.Column("taken", Json(), nullable=False),
        sa.Column("location_id", Text(), nullable=True),
        sa.Column("till_id", Text(), nullable=True),
        sa.Column("staff_id", Text(), nullable=True),
        sa.Column("occurred_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "source", "return_id", name=op.f("pk_sale_return")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_sale_return_brand_id_occurred_at",
        "sale_return",
        ["brand_id", "occurred_at"],
        unique=False,
    )
    op.create_index(
        "ix_sale_return_sale", "sale_return", ["member_id", "source", "sale_id"], unique=False
    )
    op.create_table(
        "tier_change",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("number", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("programme_id", Text(), nullable=False),
        sa.Column("tier", Text(), nullable=True),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("total", Integer64, nullable=False),
        sa.Column("rule_version", Integer64, nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "number", name=op.f("pk_tier_change")),
        sqlite_strict=True,
    )
    op.create_index("ix_tier_change_until", "tier_change", ["until"], unique=False)


def _new_columns() -> None:
    op.add_column("coupon", sa.Column("opens_at", Moment(), nullable=True))
    op.add_column("coupon", sa.Column("reserved_until", Moment(), nullable=True))
    op.add_column("coupon", sa.Column("reserved_source", Text(), nullable=True))
    op.add_column("coupon", sa.Column("reserved_key", Text(), nullable=True))
    op.add_column("coupon", sa.Column("admissions", Integer64, nullable=True))
    op.add_column("coupon", sa.Column("admitted", Integer64, server_default="0", nullable=False))
    op.add_column("entry", sa.Column("confirms", Integer64, nullable=True))
    op.create_index(
        "ix_entry_recorded",
        "entry",
        ["brand_id", "recorded_at", "member_id", "number"],
        unique=False,
    )
    op.add_column("entry_line", sa.Column("confirm_at", Moment(), nullable=True))
    op.add_column("lot", sa.Column("account", Text(), server_default="available", nullable=False))
    op.add_column("lot", sa.Column("confirm_at", Moment(), nullable=True))
    op.create_index(
        "ix_lot_ending",
        "lot",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("remaining > 0 AND expires_at IS NOT NULL"),
        postgresql_where=sa.text("remaining > 0 AND expires_at IS NOT NULL"),
    )
    op.create_index(
        "ix_lot_pending",
        "lot",
        ["confirm_at"],
        unique=False,
        sqlite_where=sa.text("remaining > 0 AND confirm_at IS NOT NULL"),
        postgresql_where=sa.text("remaining > 0 AND confirm_at IS NOT NULL"),
    )
    op.add_column("offer", sa.Column("promise", Json(), nullable=True))
    op.add_column(
        "programme_version",
        sa.Column("also_running", Flag(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("redemption", sa.Column("worth", Integer64, nullable=True))
    op.add_column("sale", sa.Column("returned", Integer64, server_default="0", nullable=False))
    op.add_column("sale", sa.Column("context", Json(), nullable=True))
    # Goods that came back whole are no visit: the figures read that from the same index.
    op.drop_index("ix_sale_standing", "sale")
    standing = sa.text("voided_at IS NULL")
    op.create_index(
        "ix_sale_standing",
        "sale",
        ["brand_id", "occurred_at", "returned", "amount"],
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("ix_sale_staff", "sale", ["staff_id", "occurred_at"], unique=False)
    op.create_index("ix_sale_till", "sale", ["till_id", "occurred_at"], unique=False)


def _passes_of_coupons() -> None:
    """A person may have several passes of a platform: the card, and a pass for each coupon."""
    with op.batch_alter_table(
        "issued_pass",
        table_args=(
            sa.CheckConstraint("platform IN ('apple', 'google')", name="ck_issued_pass_platform"),
        ),
        table_kwargs={"sqlite_strict": True},
    ) as batch:
        batch.add_column(sa.Column("coupon_code", Text(), server_default="", nullable=False))
        batch.drop_constraint(op.f("uq_issued_pass_member_id_person_id_platform"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_issued_pass_member_id_person_id_platform_coupon_code"),
            ["member_id", "person_id", "platform", "coupon_code"],
        )
