"""Entry tickets for stories: an evening in the shop, and a member's ticket to it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from wallet_service import clock, coupons
from wallet_service.audit import COMMAND
from wallet_service.coupons import Given, Promise, offers
from wallet_service.coupons.promise import Ticket

NAMES = {"en": "Night of roses", "fi": "Ruusujen yö", "sv": "Rosornas natt"}


def a_ticket(
    connection: Connection,
    brand_id: str,
    member_id: str,
    *,
    starts_at: datetime | None = None,
    key: str = "roses",
    **facts: Any,
) -> str:
    """A ticket whose doors are open, unless said; the code on it."""
    begins = starts_at or clock.now() + timedelta(minutes=30)
    ticket = Ticket(
        event="Night of roses",
        place="Kielo, the glass house",
        starts_at=begins,
        ends_at=begins + timedelta(hours=3),
        **facts,
    )
    offers.put(
        connection,
        brand_id,
        key,
        NAMES,
        {},
        Promise(kind="ticket", ticket=ticket),
        actor=COMMAND,
    )
    given = Given(
        brand_id=brand_id,
        member_id=member_id,
        source="tests",
        key=f"ticket to {key}",
        issued_at=clock.now(),
        funder="brand",
    )
    return coupons.issue_offer(connection, key, given).code
