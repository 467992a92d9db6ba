"""What is typed into the form of an offer, as the promise is told it, and the other way round."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision, get_currency_symbol
from flask_babel import gettext as _

from wallet_service.coupons.offering import Offering
from wallet_service.language import locale_of
from wallet_service.web.language import chosen

TICKET = ("event", "place", "starts_at", "ends_at", "admissions", "re_entry")
DOORS = ("admits_from", "admits_to")

_AMOUNT_MAX = 1_000_000_000  # as the promise has it


def minor(typed: str | None, currency: str) -> int | None:
    """A sum as people write it, in minor units; None where it is none."""
    bare = re.sub(rf"[\s\u00a0€]|{currency}", "", typed or "", flags=re.IGNORECASE)
    if not re.fullmatch(r"[0-9]{1,10}([.,][0-9]{1,4})?", bare):
        return None
    amount = Decimal(bare.replace(",", ".")).scaleb(get_currency_precision(currency))
    return int(amount) if 0 < amount <= _AMOUNT_MAX and not amount % 1 else None


def symbol(currency: str) -> str:
    """€, for EUR."""
    return str(get_currency_symbol(currency, locale=locale_of(chosen())))


def of_offering(offer: Offering, zone: ZoneInfo, currency: str) -> dict[str, Any]:
    """What stands in the form of an offer that is there."""
    promise, asked, ticket = offer.promise, offer.promise.conditions, offer.promise.ticket
    there: dict[str, Any] = {
        **{f"name_{tag}": words for tag, words in offer.name.words.items()},
        **{f"terms_{tag}": words for tag, words in offer.terms.words.items()},
        "days": promise.validity.days,
        "first_day": _day(promise.validity.first_day),
        "last_day": _day(promise.validity.last_day),
        "weekdays": asked.weekdays,
        "from_hour": asked.from_hour and time.fromisoformat(asked.from_hour),
        "to_hour": asked.to_hour and time.fromisoformat(asked.to_hour),
        "locations": asked.locations,
        "purchase_min": major(asked.purchase_min, currency),
        "products": ", ".join(asked.products or ()),
        "categories": ", ".join(asked.categories or ()),
        "quota": promise.quota,
        "per_member": promise.per_member,
        "alone": promise.alone,
        "then": promise.then or "",
        "shared_code": promise.shared_code,
        "own_pass": promise.may_be_a_pass,
    }
    if (worth := promise.worth) is not None:
        way = next(each for each in ("percent", "amount", "product") if getattr(worth, each))
        there["much_as"] = way
        there["much"] = (
            major(worth.amount, currency) if way == "amount" else str(getattr(worth, way))
        )
    if ticket is not None:
        there |= {name: getattr(ticket, name) for name in (*TICKET, *DOORS)}
        for name in ("starts_at", "ends_at", *DOORS):
            at = there[name]
            there[name] = at and at.astimezone(zone).replace(tzinfo=None)
    return there


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def major(amount: int | None, currency: str) -> str:
    """A sum to type: 5 or 5.50."""
    if amount is None:
        return ""
    precision = get_currency_precision(currency)
    value = Decimal(amount).scaleb(-precision)
    return str(int(value)) if value == int(value) else f"{value:.{precision}f}"


def percent(typed: str) -> int | None:
    bare = typed.removesuffix("%").strip()
    return int(bare) if re.fullmatch(r"[0-9]{1,3}", bare) and 1 <= int(bare) <= 100 else None


def listed(typed: str | None) -> list[str] | None:
    return [each.strip() for each in (typed or "").split(",") if each.strip()] or None


def plain(value: object, zone: ZoneInfo) -> object:
    """What a field holds, as the promise is told; an empty one says nothing."""
    match value:
        case bool() | int():
            return value
        case datetime():
            return value.replace(tzinfo=zone).isoformat()
        case time():
            return f"{value:%H:%M}"
        case str():
            return value.strip() or None
        case None | []:
            return None
        case list():
            return value
        case _:
            return str(value)  # a day


def sentence(fault: str) -> str:
    """A fault of the room in a sentence of this page."""
    known = {
        "is that of a reward of the programme": _(
            "A reward of the programme is called so already."
        ),
        "looks like the code of a coupon": _(
            "This looks like a coupon’s own code; choose another."
        ),
        "is no offer of the brand": _("This offer is not there any more."),
        "is the offer itself": _("An offer cannot bring itself."),
        "is no shop of the brand": _("This shop is not there any more."),
        "last_day is before first_day": _("This day is before the first one."),
        "ends_at is not after starts_at": _("It cannot end before it begins."),
        "admits_to is not after admits_from": _("The doors cannot close before they open."),
        "is missing, the brand's own language": _("Please fill this in."),
    }
    if fault.startswith("is that of the offer "):
        return str(_("Another offer has this code."))
    return str(known.get(fault) or _("This does not fit: %(fault)s.", fault=fault))
