"""A visit in words, as the console and the member's own page both tell it."""

from wallet_service.programme.rules import unit_amount
from wallet_service.sales import visits
from wallet_service.sales.by_hand import SOURCE
from wallet_service.sales.visits import Moved, Visit
from wallet_service.web.language import chosen, said
from wallet_service.web.language import gettext as _


def what(visit: Visit) -> str:
    """What it was, in a word or two."""
    if visit.kind == visits.USE:
        return _("A coupon used")
    if visit.kind == visits.CORRECTION:
        return _("Corrected")
    if visit.kind == visits.UNDOING:
        return _("Taken back")
    if visit.paid is not None:
        return _("Bought for %(paid)s", paid=visit.paid.say(chosen()))
    return _("Stamped by hand") if visit.source == SOURCE else _("Stamped")


def told(visit: Visit) -> str:
    """What it did: by the rules' own words where they say it, else by its figures."""
    if visit.kind == visits.SALE:
        did = [said(each.why) if each.why else _moved(each) for each in visit.moved]
    else:
        did = [_moved(each) for each in visit.moved]
        did += [said(each.why) for each in visit.moved if each.why is not None]
    did += [_("brought: %(name)s", name=each.say(chosen())) for each in visit.brought]
    did += [_("used: %(name)s", name=each.say(chosen())) for each in visit.used]
    return ", ".join(dict.fromkeys(did))


def _moved(moved: Moved) -> str:
    sign = "+" if moved.amount > 0 else "−"
    return f"{sign}{said(unit_amount(moved.unit, abs(moved.amount)))}"
