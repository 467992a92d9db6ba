"""The tables of the access room.

Nothing that opens a door stands here: passwords and codes are argon2id, tokens are hashes, and
the secrets of second factors are derived from the service's key.
"""

import sqlalchemy as sa

from wallet_service.db import Bytes, Integer64, Json, Moment, Text, table

account = table(
    "account",
    sa.Column("account_id", Text, primary_key=True),
    sa.Column("email", Text, nullable=False),
    sa.Column("email_key", Text, nullable=False, unique=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("language", Text),
    sa.Column("password_hash", Text),
    sa.Column("password_set_at", Moment),
    # The second factor: its secret is derived from these two, and only holds once confirmed.
    sa.Column("key_id", Text, nullable=False),
    sa.Column("totp_generation", sa.Integer, nullable=False),
    sa.Column("totp_confirmed_at", Moment),
    sa.Column("totp_last_step", Integer64, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
)

spare_code = table(
    "spare_code",
    sa.Column("account_id", Text, primary_key=True),
    sa.Column("code_hash", Text, primary_key=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
)

passkey = table(
    "passkey",
    sa.Column("account_id", Text, primary_key=True),
    sa.Column("credential_id", Text, primary_key=True),
    sa.Column("public_key", Bytes, nullable=False),
    sa.Column("sign_count", Integer64, nullable=False),
    sa.Column("transports", Json, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.UniqueConstraint("credential_id"),
)

session = table(
    "session",
    sa.Column("token_hash", Text, primary_key=True),
    sa.Column("session_id", Text, nullable=False, unique=True),
    sa.Column("account_id", Text, nullable=False, index=True),
    # How somebody came in: "password", "password+code" or "passkey".
    sa.Column("factors", Text, nullable=False),
    sa.Column("browser", Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("proved_at", Moment, nullable=False),  # when the password or passkey was last shown
)

# What a sign-in under way has to bring back: the second factor's step, a passkey's challenge.
challenge = table(
    "challenge",
    sa.Column("token_hash", Text, primary_key=True),
    sa.Column("purpose", Text, nullable=False),
    sa.Column("account_id", Text),
    sa.Column("facts", Json, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)

attempt = table(
    "attempt",
    sa.Column("subject", Text, primary_key=True),  # a hash, so that no address stands here
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
    sa.Column("locked_until", Moment),
)

staff_invitation = table(
    "staff_invitation",
    sa.Column("token_hash", Text, primary_key=True),
    sa.Column("purpose", Text, nullable=False),  # "join" or "recover"
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("staff_id", Text, nullable=False),
    sa.Column("email", Text, nullable=False),
    # As what and where somebody was invited: the link is for that, and for nothing more.
    sa.Column("role", Text, nullable=False),
    sa.Column("locations", Json, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Index("ix_staff_invitation_brand_id_staff_id", "brand_id", "staff_id"),
)

# What one person wants to do and a second one must agree to, where the level asks for it.
approval = table(
    "approval",
    sa.Column("brand_id", Text, primary_key=True),
    sa.Column("approval_id", Text, primary_key=True),
    sa.Column("intention", Text, nullable=False),
    sa.Column("subject", Text, nullable=False),  # a member's id
    sa.Column("facts", Json, nullable=False),
    sa.Column("asked_by", Text, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("decided_by", Text),
    sa.Column("decided_at", Moment),
    sa.Column("state", Text, nullable=False),  # "waiting", "approved" or "refused"
    sa.Index("ix_approval_brand_id_subject", "brand_id", "subject"),
    sa.Index("ix_approval_brand_id_state", "brand_id", "state"),
)
