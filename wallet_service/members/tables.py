"""The tables of the members room. What is personal stands in `person` alone."""

import sqlalchemy as sa

from wallet_service.db import Flag, Integer64, Json, Moment, Text, table

member = table(
    "member",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("programme_id", Text, nullable=False),
    # What a CRM or POS calls this member; forgotten with the person.
    sa.Column("external_id", Text),
    sa.Column("status", Text, nullable=False),
    sa.Column("joined_at", Moment, nullable=False),
    # The last visit that was not undone, else the joining: who was here lately comes first.
    sa.Column("seen_at", Moment, nullable=False, server_default="0"),
    # The end of the member's chain in the ledger: how many entries, and the hash of the last.
    sa.Column("entries", Integer64, nullable=False),
    sa.Column("head", Text, nullable=False),
    sa.UniqueConstraint("brand_id", "external_id"),
    sa.Index("ix_member_brand_id_member_id", "brand_id", "member_id"),
    sa.Index("ix_member_brand_id_joined_at", "brand_id", "joined_at", "member_id"),
    sa.Index("ix_member_brand_id_seen_at", "brand_id", "seen_at", "member_id"),
    sa.CheckConstraint("status IN ('active', 'left', 'erased')", name="status"),
)

person = table(
    "person",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("person_id", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("role", Text, nullable=False),
    sa.Column("given_name", Text, nullable=False),
    sa.Column("family_name", Text, nullable=False),
    # What lists are sorted by and searches look in: `people.name_key`.
    sa.Column("name_key", Text, nullable=False, server_default=""),
    sa.Column("email", Text),
    sa.Column("email_key", Text),
    sa.Column("phone", Text),
    sa.Column("birthday", Text),
    sa.Column("language", Text, nullable=False),
    sa.Column("attributes", Json, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    # What the invitation and the card link are derived from.
    sa.Column("key_id", Text, nullable=False),
    sa.Column("invitation_generation", sa.Integer, nullable=False),
    sa.Column("invitation_expires_at", Moment, nullable=False),
    sa.Column("card_generation", sa.Integer, nullable=False),
    sa.UniqueConstraint("person_id"),
    sa.UniqueConstraint("brand_id", "email_key"),
    sa.Index("ix_person_brand_id_name_key", "brand_id", "name_key", "member_id"),
)

card_code = table(
    "card_code",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("person_id", Text, primary_key=True),
    sa.Column("code", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.UniqueConstraint("code"),
)

consent = table(
    "consent",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("person_id", Text, primary_key=True),
    sa.Column("channel", Text, primary_key=True),
    sa.Column("purpose", Text, primary_key=True),
    # History: each yes and each no is a row of its own, the highest number holds.
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("granted", Flag, nullable=False),
    sa.Column("wording", Text, nullable=False),
    sa.Column("source", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

erasure = table(
    "erasure",
    # Replayed after a restore, so that a backup never brings anybody back.
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("erased_at", Moment, nullable=False),
    sa.Index("ix_erasure_brand_id_erased_at", "brand_id", "erased_at"),
)
