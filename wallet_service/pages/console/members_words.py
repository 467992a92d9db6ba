"""What the pages about members say of a card: what is on it, and on which phone it is."""

from datetime import datetime
from urllib.parse import urlencode

from flask_babel import ngettext

from wallet_service.members.people import Person
from wallet_service.pages import when
from wallet_service.pages.console import frame
from wallet_service.sales.roll import OnPhone, Row
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said


def has(row: Row) -> str:
    """7 of 10, 124 points, a coupon."""
    words = []
    if row.stamps is not None:
        words.append(_("%(have)s of %(of)s", have=row.stamps.have, of=row.stamps.of))
    words += [said(each) for each in row.figures[:2]]
    if row.open_coupons:
        words.append(ngettext("a coupon", "%(num)s coupons", row.open_coupons))
    return ", ".join(words)


def phone(state: OnPhone) -> str:
    """Whether a phone takes the card's updates."""
    return {
        OnPhone.YES: _("iPhone"),
        OnPhone.NO_MORE: _("taken off"),
        OnPhone.NEVER: _("not added"),
    }[state]


def seen(moment: datetime | None) -> str:
    """When somebody was here last."""
    return _("not yet") if moment is None else near(moment)


def near(moment: datetime) -> str:
    """A moment by the shop's clock."""
    return when.near(moment, frame.current().brand.zone)


def exact(moment: datetime) -> str:
    """The whole of it."""
    return when.exact(moment, frame.current().brand.zone)


def initials(given_name: str, family_name: str) -> str:
    """AK, for Aino Koskela."""
    return (given_name[:1] + family_name[:1]).upper()


def whole_name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip()


def list_address(root: str, query: str) -> str:
    """Where the list of those who match is."""
    return f"{root}/members?{urlencode({'q': query})}"
