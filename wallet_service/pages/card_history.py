"""A member's own history: the last visits with their reasons, and what may be counted on."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import Connection

from wallet_service import programme
from wallet_service.brands import names
from wallet_service.members import member
from wallet_service.pages import visit_words
from wallet_service.programme import Ruleset, switch_words
from wallet_service.sales import visits
from wallet_service.web.language import said

SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visit: what it was, what it did and why, and where. Who served is not the member's."""

    at: datetime
    what: str
    told: Markup
    where: str
    is_undone: bool


def lately(connection: Connection, brand_id: str, member_id: str) -> tuple[Line, ...]:
    """The last visits of a member, the newest first, in the language of the page."""
    known = names.of(connection, brand_id)
    currency = _rules(connection, member_id).currency
    found, _ = visits.of_member(connection, member_id, limit=SHOWN)
    return tuple(
        Line(
            at=each.at,
            what=visit_words.what(each),
            told=visit_words.told(each, currency),
            where=known.place(each.location_id),
            is_undone=each.is_undone,
        )
        for each in found
    )


def promised(connection: Connection, member_id: str) -> tuple[str, ...]:
    """The programme's loyal defaults that are on, a sentence each."""
    return tuple(said(each) for each in switch_words.promised(_rules(connection, member_id)))


def _rules(connection: Connection, member_id: str) -> Ruleset:
    whose = member.get(connection, member_id)
    return programme.current(connection, whose.programme_id).rules
