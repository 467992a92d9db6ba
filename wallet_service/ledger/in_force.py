"""In force: the rules of a member's card, which may be better than those that others have now."""

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import programme
from wallet_service.ledger import tables as books
from wallet_service.members import Member
from wallet_service.programme import Version
from wallet_service.programme.running import running
from wallet_service.programme.tables import programme_version


def in_force(connection: Connection, member: Member, current: Version) -> Version:
    """The rules that hold, with the card that the member's stamps were begun on.

    Nothing is read while the first version holds, or where there are no stamps.
    """
    if current.version == 1 or current.rules.stamps is None:
        return current
    begun = _begun(connection, member.member_id)
    if begun is None or begun >= current.version:
        return current
    version = programme_version
    since = connection.execute(
        sa.select(version.c.also_running)
        .where(
            version.c.programme_id == member.programme_id,
            version.c.version.between(begun, current.version),
        )
        .order_by(version.c.version)
    ).all()
    # The owner may have said so at any apply since, not only at the last one.
    if any(each.also_running for each in since[1:]):
        return current
    return running(current, programme.numbered(connection, member.programme_id, begun))


def _begun(connection: Connection, member_id: str) -> int | None:
    """The version under which the oldest stamps that are still on the card were given."""
    lot, entry = books.lot, books.entry
    found: int | None = connection.execute(
        sa.select(entry.c.rule_version)
        .join(lot, (lot.c.member_id == entry.c.member_id) & (lot.c.number == entry.c.number))
        .where(lot.c.member_id == member_id, lot.c.unit == "stamps", lot.c.remaining > 0)
        .order_by(lot.c.number, lot.c.line)
        .limit(1)
    ).scalar()
    return found
