"""Welcome: the stamps that a new card begins with, where the programme gives some."""

from datetime import datetime

from sqlalchemy import Connection

from wallet_service import ledger
from wallet_service.language import phrases
from wallet_service.ledger import EntryKind, Event
from wallet_service.programme import Version
from wallet_service.programme.ending import ends

SOURCE = "welcome"


def give(connection: Connection, member_id: str, version: Version, at: datetime) -> None:
    """Put the programme's bonus stamps on a card that was just made."""
    stamps = version.rules.stamps
    if stamps is None or not stamps.welcome:
        return
    event = Event(
        kind=EntryKind.ACCRUAL,
        source=SOURCE,
        key=member_id,
        part=0,
        rule_version=version.version,
        occurred_at=at,
    )
    why = phrases("{n} stamp to begin with", "{n} stamps to begin with", stamps.welcome)
    lines = ledger.gained(
        "stamps",
        stamps.welcome,
        funder="brand",
        why=why,
        expires_at=ends(version.rules, "stamps", at),
    )
    ledger.post(connection, member_id, event, lines)
