"""What has been kept for long enough goes: old sessions, tries, challenges and invitations."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands
from wallet_service.access import attempts, tables
from wallet_service.brands import levels, staff


def tidy(connection: Connection, now: datetime) -> None:
    """Forget what is over; how long sign-ins are remembered is the brands' level's matter."""
    expired = tables.challenge.c.expires_at <= now
    connection.execute(sa.delete(tables.challenge).where(expired))
    connection.execute(
        sa.delete(tables.attempt).where(tables.attempt.c.last_at < now - attempts.FORGOTTEN_AFTER)
    )
    _invitations(connection, now)
    _sessions(connection, now)


def _invitations(connection: Connection, now: datetime) -> None:
    row = tables.staff_invitation
    for brand in brands.every(connection):
        oldest = now - brand.level.sign_ins_kept
        is_old = (row.c.brand_id == brand.brand_id) & (row.c.expires_at < oldest)
        connection.execute(sa.delete(row).where(is_old))


def _sessions(connection: Connection, now: datetime) -> None:
    # An account's level is the strictest of its brands', as when it comes in.
    row = tables.session
    soonest = now - min(level.sign_ins_kept for level in levels.LEVELS.values())
    old = connection.execute(
        sa.select(row.c.account_id).where(row.c.seen_at < soonest).distinct()
    ).scalars()
    for account_id in old.all():
        works = staff.of_account(connection, account_id)
        level = levels.strictest(brands.get(connection, work.brand_id).level for work in works)
        is_old = (row.c.account_id == account_id) & (row.c.seen_at < now - level.sign_ins_kept)
        connection.execute(sa.delete(row).where(is_old))
