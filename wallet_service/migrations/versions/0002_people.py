"""Those who work for a brand: roles, places, accounts, sessions, the audit log."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from wallet_service.db import Bytes, Integer64, Json, Moment, Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _brands()
    _staff_and_tills()
    _accounts()
    _audit()
    _members()


def _brands() -> None:
    op.add_column("brand", sa.Column("slug", Text(), nullable=True))
    op.add_column("brand", sa.Column("security_level", Text(), nullable=True))
    brand = sa.table(
        "brand", *(sa.column(n) for n in ("brand_id", "name", "slug", "security_level"))
    )
    connection = op.get_bind()
    # Addresses of the console that belong to no brand are taken from the first.
    taken = {"sign-in", "sign-out", "account", "invitation", "prove", "kit", "brands"}
    for row in connection.execute(sa.select(brand).order_by(brand.c.brand_id)).all():
        slug = _slug(row.name, taken)
        connection.execute(
            sa.update(brand)
            .where(brand.c.brand_id == row.brand_id)
            .values(slug=slug, security_level="shop")
        )
    with op.batch_alter_table("brand", table_kwargs={"sqlite_strict": True}) as batch:
        batch.alter_column("slug", nullable=False)
        batch.alter_column("security_level", nullable=False)
        batch.create_unique_constraint(op.f("uq_brand_slug"), ["slug"])
    op.add_column("location", sa.Column("time_zone", Text(), nullable=True))
    op.add_column("location", sa.Column("opening", Json(), nullable=True))
    op.add_column("location", sa.Column("ended_at", Moment(), nullable=True))
    op.execute("UPDATE location SET opening = '{}'")
    with op.batch_alter_table("location", table_kwargs={"sqlite_strict": True}) as batch:
        batch.alter_column("opening", nullable=False)


def _slug(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    words = words if words[:1].isalpha() else f"shop-{words}".rstrip("-")
    slug, number = words, 1
    while slug in taken:
        number += 1
        slug = f"{words}-{number}"
    taken.add(slug)
    return slug


def _staff_and_tills() -> None:
    for column in (
        sa.Column("role", Text(), nullable=True),
        sa.Column("locations", Json(), nullable=True),
        sa.Column("account_id", Text(), nullable=True),
    ):
        op.add_column("staff", column)
    # Whoever had a PIN stood at a till; what else somebody is, the owner says.
    op.execute("UPDATE staff SET role = 'cashier', locations = '[]'")
    with op.batch_alter_table("staff", table_kwargs={"sqlite_strict": True}) as batch:
        batch.alter_column("role", nullable=False)
        batch.alter_column("locations", nullable=False)
        batch.alter_column("pin_hash", nullable=True)
        batch.create_unique_constraint(
            op.f("uq_staff_brand_id_account_id"), ["brand_id", "account_id"]
        )
    op.create_index("ix_staff_account_id", "staff", ["account_id"])
    op.add_column("till", sa.Column("shift_staff_id", Text(), nullable=True))
    op.add_column("till", sa.Column("shift_since", Moment(), nullable=True))
    op.add_column("till", sa.Column("shift_seen", Moment(), nullable=True))
    op.add_column("api_key", sa.Column("locations", Json(), nullable=True))
    op.add_column("api_key", sa.Column("used_at", Moment(), nullable=True))
    op.execute("UPDATE api_key SET locations = '[]' WHERE location_id IS NULL")
    op.execute(
        "UPDATE api_key SET locations = '[\"' || location_id || '\"]' WHERE location_id IS NOT NULL"
    )
    with op.batch_alter_table("api_key", table_kwargs={"sqlite_strict": True}) as batch:
        batch.alter_column("locations", nullable=False)


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("account_id", Text(), nullable=False),
        sa.Column("email", Text(), nullable=False),
        sa.Column("email_key", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("language", Text(), nullable=True),
        sa.Column("password_hash", Text(), nullable=True),
        sa.Column("password_set_at", Moment(), nullable=True),
        sa.Column("key_id", Text(), nullable=False),
        sa.Column("totp_generation", sa.Integer(), nullable=False),
        sa.Column("totp_confirmed_at", Moment(), nullable=True),
        sa.Column("totp_last_step", Integer64, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account")),
        sa.UniqueConstraint("email_key", name=op.f("uq_account_email_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "spare_code",
        sa.Column("account_id", Text(), nullable=False),
        sa.Column("code_hash", Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_spare_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "passkey",
        sa.Column("account_id", Text(), nullable=False),
        sa.Column("credential_id", Text(), nullable=False),
        sa.Column("public_key", Bytes(), nullable=False),
        sa.Column("sign_count", Integer64, nullable=False),
        sa.Column("transports", Json(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "credential_id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "session",
        sa.Column("token_hash", Text(), nullable=False),
        sa.Column("session_id", Text(), nullable=False),
        sa.Column("account_id", Text(), nullable=False),
        sa.Column("factors", Text(), nullable=False),
        sa.Column("browser", Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("proved_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
        sa.UniqueConstraint("session_id", name=op.f("uq_session_session_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"])
    op.create_table(
        "challenge",
        sa.Column("token_hash", Text(), nullable=False),
        sa.Column("purpose", Text(), nullable=False),
        sa.Column("account_id", Text(), nullable=True),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_challenge")),
        sqlite_strict=True,
    )
    op.create_table(
        "attempt",
        sa.Column("subject", Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("locked_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_attempt")),
        sqlite_strict=True,
    )
    op.create_table(
        "staff_invitation",
        sa.Column("token_hash", Text(), nullable=False),
        sa.Column("purpose", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("staff_id", Text(), nullable=False),
        sa.Column("email", Text(), nullable=False),
        sa.Column("role", Text(), nullable=False),
        sa.Column("locations", Json(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_invitation")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_staff_invitation_brand_id_staff_id", "staff_invitation", ["brand_id", "staff_id"]
    )
    op.create_table(
        "approval",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("approval_id", Text(), nullable=False),
        sa.Column("intention", Text(), nullable=False),
        sa.Column("subject", Text(), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("asked_by", Text(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("decided_by", Text(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("state", Text(), nullable=False),
        sa.PrimaryKeyConstraint("brand_id", "approval_id", name=op.f("pk_approval")),
        sqlite_strict=True,
    )
    op.create_index("ix_approval_brand_id_subject", "approval", ["brand_id", "subject"])
    op.create_index("ix_approval_brand_id_state", "approval", ["brand_id", "state"])


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("number", Integer64, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_kind", Text(), nullable=False),
        sa.Column("actor_id", Text(), nullable=True),
        sa.Column("actor_name", Text(), nullable=False),
        sa.Column("what", Text(), nullable=False),
        sa.Column("subject", Text(), nullable=True),
        sa.Column("say", Text(), nullable=False),
        sa.Column("previous_hash", Text(), nullable=False),
        sa.Column("hash", Text(), nullable=False),
        sa.PrimaryKeyConstraint("brand_id", "number", name=op.f("pk_audit_entry")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_head",
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("number", Integer64, nullable=False),
        sa.Column("hash", Text(), nullable=False),
        sa.PrimaryKeyConstraint("brand_id", name=op.f("pk_audit_head")),
        sqlite_strict=True,
    )


def _members() -> None:
    """What the console's lists and figures read."""
    op.add_column("member", sa.Column("seen_at", Moment(), nullable=False, server_default="0"))
    member = sa.table("member", *(sa.column(n) for n in ("member_id", "joined_at", "seen_at")))
    sale = sa.table("sale", *(sa.column(n) for n in ("member_id", "occurred_at", "voided_at")))
    last = (
        sa.select(sa.func.max(sale.c.occurred_at))
        .where(sale.c.member_id == member.c.member_id, sale.c.voided_at.is_(None))
        .scalar_subquery()
    )
    op.execute(sa.update(member).values(seen_at=member.c.joined_at))
    op.execute(sa.update(member).where(last > member.c.joined_at).values(seen_at=last))
    for key in ("joined_at", "seen_at"):
        op.create_index(f"ix_member_brand_id_{key}", "member", ["brand_id", key, "member_id"])

    op.add_column("person", sa.Column("name_key", Text(), nullable=False, server_default=""))
    names = ("member_id", "person_id", "given_name", "family_name", "name_key")
    person = sa.table("person", *(sa.column(name) for name in names))
    connection = op.get_bind()
    for row in connection.execute(sa.select(person)).all():
        whole = f"{row.given_name} {row.family_name}".strip()
        connection.execute(
            sa.update(person)
            .where(person.c.member_id == row.member_id, person.c.person_id == row.person_id)
            .values(name_key=unicodedata.normalize("NFC", whole.casefold()))
        )
    op.create_index("ix_person_brand_id_name_key", "person", ["brand_id", "name_key", "member_id"])

    op.create_index("ix_erasure_brand_id_erased_at", "erasure", ["brand_id", "erased_at"])
    standing = sa.text("voided_at IS NULL")
    op.create_index(
        "ix_sale_standing",
        "sale",
        ["brand_id", "occurred_at"],
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("ix_redemption_brand_id_occurred_at", "redemption", ["brand_id", "occurred_at"])
    op.create_index("ix_coupon_brand_id_issued_at", "coupon", ["brand_id", "issued_at"])
    op.create_table(
        "reason",
        sa.Column("member_id", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("brand_id", Text(), nullable=False),
        sa.Column("words", Text(), nullable=False),
        sa.Column("staff_id", Text(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "source", "key", name=op.f("pk_reason")),
        sqlite_strict=True,
    )
