"""A visit in words, as the console and the member's own page both tell it."""

from markupsafe import Markup

from wallet_service.language import Phrase, phrase
from wallet_service.programme import unit_amount
from wallet_service.sales import visits
from wallet_service.sales.by_hand import SOURCE
from wallet_service.sales.visits import Moved, Visit
from wallet_service.web.language import chosen, spoken
from wallet_service.web.language import gettext as _

_ONLY_COUNTED = ("visits", "purchase_total")


def what(visit: Visit) -> str:
    """What it was, in a word or two."""
    if visit.kind == visits.USE:
        return _("A coupon used")
    if visit.kind == visits.CORRECTION:
        return _("Corrected")
    if visit.kind == visits.UNDOING:
        return _("Taken back")
    if visit.kind == visits.GIVEN:
        return _("For you")
    if visit.kind == visits.CONFIRMED:
        return _("Now to use")
    if visit.kind == visits.ENDED:
        return _("Ended")
    if visit.paid is not None:
        return _("Bought for %(paid)s", paid=visit.paid.say(chosen()))
    return _("Stamped by hand") if visit.source == SOURCE else _("Stamped")


def told(visit: Visit, currency: str) -> Markup:
    """What it did: by the rules' own words where they say it, else by its figures; what comes
    out in another language than the page's is marked. `currency` is the programme's."""
    if visit.kind in (visits.SALE, visits.GIVEN):
        # That a purchase is a visit, and its own money, goes without saying.
        gained = [each for each in visit.moved if each.unit not in _ONLY_COUNTED] or visit.moved
        did = [each.why or _moved(each, currency) for each in gained]
    elif visit.kind == visits.CONFIRMED:
        did = [_moved(each, currency) for each in visit.moved]
    else:
        did = [_moved(each, currency) for each in visit.moved]
        did += [each.why for each in visit.moved if each.why is not None]
    did += [phrase("brought: {name}", name=each) for each in visit.brought]
    did += [phrase("used: {name}", name=each) for each in visit.used]
    return Markup(", ").join(dict.fromkeys(spoken(each) for each in did))


def _moved(moved: Moved, currency: str) -> Phrase:
    amount = unit_amount(moved.unit, abs(moved.amount), currency)
    if moved.amount > 0:
        return phrase("+{amount}", amount=amount)
    return phrase("−{amount}", amount=amount)
