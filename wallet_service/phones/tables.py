"""The tables of the phones room: passes, devices, what each was told, and what is to be sent.

`version` counts what is true, `visible_version` what can be seen, `announced_version` what a
phone was called for, `fetched_version` what it took. The differences are the work to do.
"""

import sqlalchemy as sa

from wallet_service.db import Flag, Integer64, Json, Moment, Text, table

issued_pass = table(
    "issued_pass",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("pass_id", Text, primary_key=True),
    sa.Column("brand_id", Text, nullable=False),
    sa.Column("person_id", Text, nullable=False),
    sa.Column("platform", Text, nullable=False),
    # Of a coupon or ticket that is a pass of its own: its code. The loyalty pass has none.
    sa.Column("coupon_code", Text, nullable=False, server_default=""),
    sa.Column("pass_type_identifier", Text, nullable=False),
    sa.Column("serial_number", Text, nullable=False),
    # Which of the service's keys the authentication token is derived from; never changes.
    sa.Column("key_id", Text, nullable=False),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("version", Integer64, nullable=False),
    # Whole Unix seconds, strictly increasing: HTTP dates know nothing finer.
    sa.Column("last_modified", Integer64, nullable=False),
    sa.Column("visible_version", Integer64, nullable=False),
    sa.Column("content_hash", Text, nullable=False),
    sa.Column("update_tag", Integer64, nullable=False),
    sa.Column("next_change_at", Moment),
    sa.Column("downloaded_version", Integer64),
    sa.Column("downloaded_at", Moment),
    sa.UniqueConstraint("pass_type_identifier", "serial_number"),
    sa.UniqueConstraint("member_id", "person_id", "platform", "coupon_code"),
    sa.Index("ix_issued_pass_next_change_at", "next_change_at"),
    sa.CheckConstraint("platform IN ('apple', 'google')", name="platform"),
)

# One row a pass type: the counter that update tags are taken from.
pass_type = table(
    "pass_type",
    sa.Column("pass_type_identifier", Text, primary_key=True),
    sa.Column("update_tag", Integer64, nullable=False),
)

# The push token is the device's, whichever pass told it. A restored phone comes under a new
# identifier with its old token, so equal tokens live side by side.
device = table(
    "device",
    sa.Column("device_library_identifier", Text, primary_key=True),
    sa.Column("push_token", Text, nullable=False),
    sa.Column("told_at", Moment, nullable=False),
    sa.Index("ix_device_push_token", "push_token"),
)

registration = table(
    "registration",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("pass_id", Text, primary_key=True),
    sa.Column("device_library_identifier", Text, primary_key=True),
    # The last time this device registered this pass: Apple's 410 is about a moment.
    sa.Column("registered_at", Moment, nullable=False),
    sa.Column("announced_version", Integer64, nullable=False),
    sa.Column("announced_at", Moment),
    # Call again although this version was announced (a new token, a phone that did not come).
    sa.Column("call_again", Flag, nullable=False),
    sa.Column("remind_at", Moment),
    sa.Column("reminders", sa.Integer, nullable=False),
    # The phone asked what changed, heard of this pass, and has not fetched since.
    sa.Column("asked_version", Integer64, nullable=False),
    sa.Column("asked_at", Moment),
    sa.Column("fetches_since", sa.Integer, nullable=False),
    sa.Column("fetched_version", Integer64, nullable=False),
    sa.Column("fetched_at", Moment),
    sa.ForeignKeyConstraint(
        ["member_id", "pass_id"], ["issued_pass.member_id", "issued_pass.pass_id"]
    ),
    sa.ForeignKeyConstraint(["device_library_identifier"], ["device.device_library_identifier"]),
    sa.Index("ix_registration_device_library_identifier", "device_library_identifier"),
    sa.Index("ix_registration_remind_at", "remind_at"),
)

outbox = table(
    "outbox",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("pass_id", Text, primary_key=True),
    sa.Column("lane", Text, nullable=False),
    sa.Column("version", Integer64, nullable=False),
    # Counts every word left here, so that a settled row is deleted only if no newer word came.
    sa.Column("revision", Integer64, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("waiting_since", Moment, nullable=False),
    # Two columns on purpose: a change makes a row due but never shortens a running lease, or
    # two workers would hold one pass.
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("leased_until", Moment, nullable=False),
    sa.Column("lease_id", Text),
    # Put back only because a phone that was just called has not come yet.
    sa.Column("held", Flag, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("last_error", Text),
    sa.ForeignKeyConstraint(
        ["member_id", "pass_id"], ["issued_pass.member_id", "issued_pass.pass_id"]
    ),
    sa.Index("ix_outbox_lane_priority_due_at", "lane", "priority", "due_at"),
)

# What stands on a pass as its news: the newest on the front, some before it on the back.
news = table(
    "news",
    sa.Column("member_id", Text, primary_key=True),
    sa.Column("number", Integer64, primary_key=True),
    sa.Column("kind", Text, nullable=False),
    sa.Column("words", Json, nullable=False),
    sa.Column("told_at", Moment, nullable=False),
    sa.CheckConstraint("kind IN ('service', 'marketing')", name="kind"),
)

# What phones complained about, redacted; the newest thousand lines.
device_log = table(
    "device_log",
    sa.Column("log_id", Text, primary_key=True),
    sa.Column("logged_at", Moment, nullable=False),
    sa.Column("line", Text, nullable=False),
)

# A way out that is closed to us for a reason of our own (a certificate, a topic): what `doctor`
# and /readyz show until a push gets through again.
lane_fault = table(
    "lane_fault",
    sa.Column("lane", Text, primary_key=True),
    sa.Column("reason", Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)
