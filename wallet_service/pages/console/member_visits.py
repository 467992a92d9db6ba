"""What happened to a card, as the console tells it: what, why, where, and who was there."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from markupsafe import Markup

from wallet_service.brands.names import Names
from wallet_service.pages import visit_words
from wallet_service.sales import visits
from wallet_service.sales.by_hand import SOURCE
from wallet_service.sales.visits import Visit
from wallet_service.web.language import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitShown:
    """One event: `what` it was, `told` with what it did and why, and the `reason` by hand."""

    at: datetime
    what: str
    told: Markup
    where: str
    reason: str
    is_undone: bool
    undo: str  # the address's query, empty where it cannot be taken back


def shown(visit: Visit, names: Names, currency: str) -> VisitShown:
    """A visit in words; `currency` is the programme's."""
    return VisitShown(
        at=visit.at,
        what=visit_words.what(visit),
        told=visit_words.told(visit, currency),
        where=_where(visit, names),
        reason=visit.reason,
        is_undone=visit.is_undone,
        undo=urlencode({"source": visit.source, "key": visit.key}) if visit.can_be_undone else "",
    )


def _where(visit: Visit, names: Names) -> str:
    place, till = names.place(visit.location_id), names.till(visit.till_id)
    person = names.person(visit.staff_id)
    where = f"{place}, {till}" if place and till else place or till
    if visit.source == SOURCE or (not where and visit.kind == visits.UNDOING):
        where = where or _("in the console")
    return ", ".join(filter(None, (where, person)))
