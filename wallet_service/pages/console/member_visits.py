"""What happened to a card, as a page tells it: what, why, where, and who was there."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from wallet_service.brands.names import Names
from wallet_service.language import Money
from wallet_service.programme.rules import unit_amount
from wallet_service.sales import visits
from wallet_service.sales.by_hand import SOURCE
from wallet_service.sales.visits import Moved, Visit
from wallet_service.web.language import chosen, said
from wallet_service.web.language import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitShown:
    """One event: `what` it was, `told` with what it did and why, and the `reason` by hand."""

    at: datetime
    what: str
    told: str
    where: str
    reason: str
    is_undone: bool
    undo: str  # the address's query, empty where it cannot be taken back


def shown(visit: Visit, names: Names) -> VisitShown:
    """A visit in words."""
    return VisitShown(
        at=visit.at,
        what=what(visit),
        told=_told(visit),
        where=_where(visit, names),
        reason=visit.reason,
        is_undone=visit.is_undone,
        undo=urlencode({"source": visit.source, "key": visit.key}) if visit.can_be_undone else "",
    )


def what(visit: Visit) -> str:
    """What it was, in a word or two."""
    if visit.kind == visits.USE:
        return _("A coupon used")
    if visit.kind == visits.CORRECTION:
        return _("Corrected")
    if visit.kind == visits.UNDOING:
        return _("Taken back")
    if visit.paid is not None:
        return _("Bought for %(paid)s", paid=_money(visit.paid))
    return _("Stamped by hand") if visit.source == SOURCE else _("Stamped")


def _told(visit: Visit) -> str:
    """What it did: by the rules' own words where they say it, else by its figures."""
    if visit.kind == visits.SALE:
        did = [said(each.why) if each.why else _moved(each) for each in visit.moved]
    else:
        did = [_moved(each) for each in visit.moved]
        did += [said(each.why) for each in visit.moved if each.why is not None]
    did += [_("brought: %(name)s", name=each.say(chosen())) for each in visit.brought]
    did += [_("used: %(name)s", name=each.say(chosen())) for each in visit.used]
    return ", ".join(dict.fromkeys(did))


def _where(visit: Visit, names: Names) -> str:
    place, till = names.place(visit.location_id), names.till(visit.till_id)
    person = names.person(visit.staff_id)
    where = f"{place}, {till}" if place and till else place or till
    if visit.source == SOURCE or (not where and visit.kind == visits.UNDOING):
        where = where or _("in the console")
    return ", ".join(filter(None, (where, person)))


def _moved(moved: Moved) -> str:
    sign = "+" if moved.amount > 0 else "−"
    return f"{sign}{said(unit_amount(moved.unit, abs(moved.amount)))}"


def _money(paid: Money) -> str:
    return paid.say(chosen())
