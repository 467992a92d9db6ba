"""The first tables: brands, members, programmes, ledger, coupons, sales, phones."""

import sqlalchemy as sa
from alembic import op

from wallet_service.db import Bytes, Flag, Integer64, Json, Moment, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("key_id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("secret_hash", Text(), nullable=False),
        sa.Column("scopes", Json(), nullable=False),
        sa.Column("location_id", Text(), nullable=True),
        sa.Column("source", Text(), nullable=False),
        sa.Column("unhurried", Flag(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("brand_id", "key_id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_id", name=op.f("uq_api_key_key_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "balance",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("unit", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("available", Integer64, nullable=False),
        sa.Column("pending", Integer64, nullable=False),
        sa.Column("lifetime", Integer64, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "unit", name=op.f("pk_balance")),
        sqlite_strict=True,
    )
    op.create_table(
        "brand",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("language", Text(), nullable=False),
        sa.Column("time_zone", Text(), nullable=False),
        sa.Column("contact_email", Text(), nullable=False),
        sa.Column("contact_phone", Text(), nullable=False),
        sa.Column("website", Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("pk_brand")),
        sqlite_strict=True,
    )
    op.create_table(
        "card_code",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("person_id", Text(), nullable=False),
        sa.Column("code", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("member_id", "person_id", "code", name=op.f("pk_card_code")),
        sa.UniqueConstraint("code", name=op.f("uq_card_code_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "consent",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("person_id", Text(), nullable=False),
        sa.Column("channel", Text(), nullable=False),
        sa.Column("purpose", Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("granted", Flag(), nullable=False),
        sa.Column("wording", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint(
            "member_id", "person_id", "channel", "purpose", "number", name=op.f("pk_consent")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "coupon",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("code", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("offer_id", Text(), nullable=False),
        sa.Column("state", Text(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("last_day", Text(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("location_id", Text(), nullable=True),
        sa.Column("funder", Text(), nullable=False),
        sa.Column("entry", Integer64, nullable=True),
        sa.Column("source", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("uses", Integer64, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "code", name=op.f("pk_coupon")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_coupon_brand_id_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "design_version",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("version", Integer64, nullable=False),
        sa.Column("content_hash", Text(), nullable=False),
        sa.Column("packed", Bytes(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("brand_id", "name", "version", name=op.f("pk_design_version")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_design_version_content_hash"), "design_version", ["content_hash"], unique=False
    )
    op.create_table(
        "device",
        sa.Column("device_library_identifier", Text(), nullable=False),
        sa.Column("push_token", Text(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("device_library_identifier", name=op.f("pk_device")),
        sqlite_strict=True,
    )
    op.create_index("ix_device_push_token", "device", ["push_token"], unique=False)
    op.create_table(
        "device_log",
        sa.Column("log_id", Text(), nullable=False),
        sa.Column("logged_at", Moment(), nullable=False),
        sa.Column("line", Text(), nullable=False),
        sa.PrimaryKeyConstraint("log_id", name=op.f("pk_device_log")),
        sqlite_strict=True,
    )
    op.create_table(
        "entry",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("number", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("programme_id", Text(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("part", Integer64, nullable=False),
        sa.Column("sale_id", Text(), nullable=True),
        sa.Column("reverses", Integer64, nullable=True),
        sa.Column("rule_version", Integer64, nullable=False),
        sa.Column("location_id", Text(), nullable=True),
        sa.Column("till_id", Text(), nullable=True),
        sa.Column("staff_id", Text(), nullable=True),
        sa.Column("occurred_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("formula", Integer64, nullable=False),
        sa.Column("previous_hash", Text(), nullable=False),
        sa.Column("hash", Text(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "number", name=op.f("pk_entry")),
        sa.UniqueConstraint(
            "brand_id", "source", "key", "part", name=op.f("uq_entry_brand_id_source_key_part")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "entry_line",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("number", Integer64, nullable=False),
        sa.Column("line", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("unit", Text(), nullable=False),
        sa.Column("account", Text(), nullable=False),
        sa.Column("amount", Integer64, nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("funder", Text(), nullable=True),
        sa.Column("why", Text(), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_entry_line_amount")),
        sa.PrimaryKeyConstraint("member_id", "number", "line", name=op.f("pk_entry_line")),
        sqlite_strict=True,
    )
    op.create_table(
        "erasure",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_erasure")),
        sqlite_strict=True,
    )
    op.create_table(
        "issued_pass",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("pass_id", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("person_id", Text(), nullable=False),
        sa.Column("platform", Text(), nullable=False),
        sa.Column("pass_type_identifier", Text(), nullable=False),
        sa.Column("serial_number", Text(), nullable=False),
        sa.Column("key_id", Text(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("version", Integer64, nullable=False),
        sa.Column("last_modified", Integer64, nullable=False),
        sa.Column("visible_version", Integer64, nullable=False),
        sa.Column("content_hash", Text(), nullable=False),
        sa.Column("update_tag", Integer64, nullable=False),
        sa.Column("next_change_at", Moment(), nullable=True),
        sa.Column("downloaded_version", Integer64, nullable=True),
        sa.Column("downloaded_at", Moment(), nullable=True),
        sa.CheckConstraint("platform IN ('apple', 'google')", name=op.f("ck_issued_pass_platform")),
        sa.PrimaryKeyConstraint("member_id", "pass_id", name=op.f("pk_issued_pass")),
        sa.UniqueConstraint(
            "member_id",
            "person_id",
            "platform",
            name=op.f("uq_issued_pass_member_id_person_id_platform"),
        ),
        sa.UniqueConstraint(
            "pass_type_identifier",
            "serial_number",
            name=op.f("uq_issued_pass_pass_type_identifier_serial_number"),
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_issued_pass_next_change_at", "issued_pass", ["next_change_at"], unique=False
    )
    op.create_table(
        "lane_fault",
        sa.Column("lane", Text(), nullable=False),
        sa.Column("reason", Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lane_fault")),
        sqlite_strict=True,
    )
    op.create_table(
        "location",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("location_id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("address", Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("brand_id", "location_id", name=op.f("pk_location")),
        sqlite_strict=True,
    )
    op.create_table(
        "lot",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("number", Integer64, nullable=False),
        sa.Column("line", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("unit", Text(), nullable=False),
        sa.Column("amount", Integer64, nullable=False),
        sa.Column("remaining", Integer64, nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("location_id", Text(), nullable=True),
        sa.Column("funder", Text(), nullable=False),
        sa.CheckConstraint("remaining >= 0 AND remaining <= amount", name=op.f("ck_lot_remaining")),
        sa.PrimaryKeyConstraint("member_id", "number", "line", name=op.f("pk_lot")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_lot_open",
        "lot",
        ["member_id", "unit"],
        unique=False,
        sqlite_where=sa.text("remaining > 0"),
        postgresql_where=sa.text("remaining > 0"),
    )
    op.create_table(
        "lot_use",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("number", Integer64, nullable=False),
        sa.Column("lot_number", Integer64, nullable=False),
        sa.Column("lot_line", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("unit", Text(), nullable=False),
        sa.Column("amount", Integer64, nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_lot_use_amount")),
        sa.PrimaryKeyConstraint(
            "member_id", "number", "lot_number", "lot_line", name=op.f("pk_lot_use")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "member",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("programme_id", Text(), nullable=False),
        sa.Column("external_id", Text(), nullable=True),
        sa.Column("status", Text(), nullable=False),
        sa.Column("joined_at", Moment(), nullable=False),
        sa.Column("entries", Integer64, nullable=False),
        sa.Column("head", Text(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'left', 'erased')", name=op.f("ck_member_status")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member")),
        sa.UniqueConstraint("brand_id", "external_id", name=op.f("uq_member_brand_id_external_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_member_brand_id_member_id", "member", ["brand_id", "member_id"], unique=False
    )
    op.create_table(
        "news",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("number", Integer64, nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("words", Json(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.CheckConstraint("kind IN ('service', 'marketing')", name=op.f("ck_news_kind")),
        sa.PrimaryKeyConstraint("member_id", "number", name=op.f("pk_news")),
        sqlite_strict=True,
    )
    op.create_table(
        "offer",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("offer_id", Text(), nullable=False),
        sa.Column("programme_id", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("name", Json(), nullable=False),
        sa.Column("terms", Json(), nullable=False),
        sa.Column("content_hash", Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("brand_id", "offer_id", name=op.f("pk_offer")),
        sa.UniqueConstraint(
            "programme_id",
            "key",
            "content_hash",
            name=op.f("uq_offer_programme_id_key_content_hash"),
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "pass_type",
        sa.Column("pass_type_identifier", Text(), nullable=False),
        sa.Column("update_tag", Integer64, nullable=False),
        sa.PrimaryKeyConstraint("pass_type_identifier", name=op.f("pk_pass_type")),
        sqlite_strict=True,
    )
    op.create_table(
        "person",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("person_id", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("role", Text(), nullable=False),
        sa.Column("given_name", Text(), nullable=False),
        sa.Column("family_name", Text(), nullable=False),
        sa.Column("email", Text(), nullable=True),
        sa.Column("email_key", Text(), nullable=True),
        sa.Column("phone", Text(), nullable=True),
        sa.Column("birthday", Text(), nullable=True),
        sa.Column("language", Text(), nullable=False),
        sa.Column("attributes", Json(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("key_id", Text(), nullable=False),
        sa.Column("invitation_generation", sa.Integer(), nullable=False),
        sa.Column("invitation_expires_at", Moment(), nullable=False),
        sa.Column("card_generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "person_id", name=op.f("pk_person")),
        sa.UniqueConstraint("brand_id", "email_key", name=op.f("uq_person_brand_id_email_key")),
        sa.UniqueConstraint("person_id", name=op.f("uq_person_person_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "programme",
        sa.Column("programme_id", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme")),
        sa.UniqueConstraint("brand_id", "key", name=op.f("uq_programme_brand_id_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "programme_version",
        sa.Column("programme_id", Text(), nullable=False),
        sa.Column("version", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("content_hash", Text(), nullable=False),
        sa.Column("toml", Text(), nullable=False),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "version", name=op.f("pk_programme_version")),
        sqlite_strict=True,
    )
    op.create_table(
        "redemption",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("code", Text(), nullable=False),
        sa.Column("use", Integer64, nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("sale_id", Text(), nullable=True),
        sa.Column("location_id", Text(), nullable=True),
        sa.Column("till_id", Text(), nullable=True),
        sa.Column("staff_id", Text(), nullable=True),
        sa.Column("occurred_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("reversed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("member_id", "code", "use", name=op.f("pk_redemption")),
        sqlite_strict=True,
    )
    op.create_table(
        "sale",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("sale_id", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("programme_id", Text(), nullable=False),
        sa.Column("entry", Integer64, nullable=False),
        sa.Column("amount", Integer64, nullable=True),
        sa.Column("currency", Text(), nullable=True),
        sa.Column("stamps", Integer64, nullable=True),
        sa.Column("location_id", Text(), nullable=True),
        sa.Column("till_id", Text(), nullable=True),
        sa.Column("staff_id", Text(), nullable=True),
        sa.Column("occurred_at", Moment(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("member_id", "source", "sale_id", name=op.f("pk_sale")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_sale_member_id_occurred_at"), "sale", ["member_id", "occurred_at"], unique=False
    )
    op.create_table(
        "staff",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("staff_id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("pin_hash", Text(), nullable=False),
        sa.Column("pin_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("brand_id", "staff_id", name=op.f("pk_staff")),
        sqlite_strict=True,
    )
    op.create_table(
        "till",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("till_id", Text(), nullable=False),
        sa.Column("location_id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("secret_hash", Text(), nullable=True),
        sa.Column("pairing_hash", Text(), nullable=True),
        sa.Column("pairing_expires_at", Moment(), nullable=True),
        sa.Column("paired_at", Moment(), nullable=True),
        sa.Column("shift", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("brand_id", "till_id", name=op.f("pk_till")),
        sa.UniqueConstraint("pairing_hash", name=op.f("uq_till_pairing_hash")),
        sa.UniqueConstraint("till_id", name=op.f("uq_till_till_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "told",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("member_id", Text(), nullable=True),
        sa.Column("operation", Text(), nullable=False),
        sa.Column("body_hash", Text(), nullable=False),
        sa.Column("answer", Json(), nullable=True),
        sa.Column("told_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("brand_id", "source", "key", name=op.f("pk_told")),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("pass_id", Text(), nullable=False),
        sa.Column("lane", Text(), nullable=False),
        sa.Column("version", Integer64, nullable=False),
        sa.Column("revision", Integer64, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("waiting_since", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("leased_until", Moment(), nullable=False),
        sa.Column("lease_id", Text(), nullable=True),
        sa.Column("held", Flag(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id", "pass_id"],
            ["issued_pass.member_id", "issued_pass.pass_id"],
            name=op.f("fk_outbox_member_id_pass_id"),
        ),
        sa.PrimaryKeyConstraint("member_id", "pass_id", name=op.f("pk_outbox")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_outbox_lane_priority_due_at", "outbox", ["lane", "priority", "due_at"], unique=False
    )
    op.create_table(
        "registration",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("pass_id", Text(), nullable=False),
        sa.Column("device_library_identifier", Text(), nullable=False),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.Column("announced_version", Integer64, nullable=False),
        sa.Column("announced_at", Moment(), nullable=True),
        sa.Column("call_again", Flag(), nullable=False),
        sa.Column("remind_at", Moment(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("asked_version", Integer64, nullable=False),
        sa.Column("asked_at", Moment(), nullable=True),
        sa.Column("fetches_since", sa.Integer(), nullable=False),
        sa.Column("fetched_version", Integer64, nullable=False),
        sa.Column("fetched_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_library_identifier"],
            ["device.device_library_identifier"],
            name=op.f("fk_registration_device_library_identifier"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "pass_id"],
            ["issued_pass.member_id", "issued_pass.pass_id"],
            name=op.f("fk_registration_member_id_pass_id"),
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "pass_id", "device_library_identifier", name=op.f("pk_registration")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_registration_device_library_identifier",
        "registration",
        ["device_library_identifier"],
        unique=False,
    )
    op.create_index("ix_registration_remind_at", "registration", ["remind_at"], unique=False)
