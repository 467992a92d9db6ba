"""Erase: a member is forgotten as a person; the books stay whole under the member's id."""

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock, db, members
from wallet_service.access import approvals
from wallet_service.audit import Actor
from wallet_service.language import phrase
from wallet_service.members import codes, tables
from wallet_service.phones import news, outbox
from wallet_service.sales import reasons


def erase(connection: Connection, brand_id: str, member_id: str, *, actor: Actor) -> None:
    """Delete everything personal, end the card and void the passes. Raises LookupError.

    It is told in the audit log, by the member's id alone. The entry in `erasure` is what a
    restored backup is held against.
    """
    members.lock(connection, member_id)
    members.read(connection, brand_id, member_id)
    # The phones are told before the words go, so that the pass they fetch is the voided one.
    outbox.changed(connection, member_id)
    news.forget(connection, member_id)
    reasons.forget(connection, member_id)
    approvals.forget(connection, brand_id, member_id)
    codes.end(connection, member_id)
    for table in (tables.consent, tables.person):
        connection.execute(sa.delete(table).where(table.c.member_id == member_id))
    connection.execute(
        sa.update(tables.member)
        .where(tables.member.c.member_id == member_id)
        .values(status="erased", external_id=None)
    )
    connection.execute(
        db.insert(connection, tables.erasure)
        .values(member_id=member_id, brand_id=brand_id, erased_at=clock.now())
        .on_conflict_do_nothing()
    )
    say = phrase("{who} erased a member")
    audit.write(connection, brand_id, actor, say, what="member.erased", subject=member_id)
