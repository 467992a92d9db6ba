"""By clock: what a member has becomes hers without a visit, and may bring a reward by itself."""

from datetime import datetime

from sqlalchemy import Connection

from wallet_service import ledger, members, programme
from wallet_service.db import Database
from wallet_service.ledger import EntryKind, Event, jobs
from wallet_service.ledger.in_force import in_force
from wallet_service.phones import news
from wallet_service.sales import card, sentences
from wallet_service.sales.settle import settle


def confirm(database: Database, now: datetime) -> int:
    """Confirm all that is due, with the rewards that it reaches; how many members that were."""
    return jobs.confirm(database, now, each=confirm_due)


def confirm_due(connection: Connection, member_id: str, now: datetime) -> int:
    """Confirm what of one member's is due, and give what it reaches; how many entries that took."""
    confirmed = ledger.confirm_due(connection, member_id, now)
    if not confirmed:
        return 0
    member = members.lock(connection, member_id)
    current = programme.current(connection, member.programme_id)
    version = in_force(connection, member, current)
    brought = settle(
        connection,
        member,
        version,
        Event(
            kind=EntryKind.ACCRUAL,
            source="clock",
            key=f"confirmed:{member_id}:{member.entries}",
            part=0,
            rule_version=version.version,
            occurred_at=now,
        ),
    )
    # The word to the phones was left with the confirmation, for when it is day.
    standing = card.read(connection, member_id, version.rules).standing
    said = (
        sentences.after_sale(standing, (), brought=len(brought), used=())
        if brought
        else sentences.after_confirmation(standing)
    )
    if said is not None:
        last = news.latest(connection, member_id, 1)
        words = last[0].words if last else None
        news.tell(connection, member_id, sentences.unlike(said, words, standing))
    return confirmed
