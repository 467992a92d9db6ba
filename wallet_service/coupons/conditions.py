"""Conditions: whether a coupon can be used here, now and for this; pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from wallet_service.coupons.discount import fits
from wallet_service.coupons.errors import (
    PurchaseTooSmall,
    WrongDay,
    WrongGoods,
    WrongHour,
    WrongLocation,
)
from wallet_service.coupons.promise import Conditions, Promise
from wallet_service.coupons.use import Use
from wallet_service.errors import Refusal
from wallet_service.language import Money, Phrase, clock_time, phrase
from wallet_service.programme.part import WEEKDAYS, Weekday

_NAMES: dict[Weekday, Phrase] = {
    "mon": phrase("Monday"),
    "tue": phrase("Tuesday"),
    "wed": phrase("Wednesday"),
    "thu": phrase("Thursday"),
    "fri": phrase("Friday"),
    "sat": phrase("Saturday"),
    "sun": phrase("Sunday"),
}


def refused(promise: Promise, use: Use, zone: ZoneInfo, currency: str) -> Refusal | None:
    """Why the coupon cannot be used, the first reason there is; None when it can.

    What was not told (no amount, no lines) is not held against anybody.
    """
    of = promise.conditions
    local = use.occurred_at.astimezone(zone)
    if of.weekdays is not None and _day(of, local) not in of.weekdays:
        return WrongDay(
            phrase("This coupon is good on these days: {days}.", days=_named(of.weekdays)),
            weekdays=list(of.weekdays),
        )
    if not _is_within(of, local.time()):
        return WrongHour(_hours(of), from_hour=of.from_hour, to_hour=of.to_hour)
    if of.locations is not None and use.location_id not in of.locations:
        return WrongLocation(
            phrase("This coupon is for another of our shops."), locations=list(of.locations)
        )
    if of.purchase_min is not None and use.amount is not None and use.amount < of.purchase_min:
        least = Money(amount=of.purchase_min, currency=currency)
        return PurchaseTooSmall(
            phrase("This coupon is for a purchase of {least} or more.", least=least),
            purchase_min=of.purchase_min,
        )
    if use.lines and not any(fits(promise, each) for each in use.lines if each.quantity):
        named = [*(of.products or ()), *(of.categories or ())]
        return WrongGoods(
            phrase("This coupon is for: {goods}.", goods=", ".join(named)), goods=named
        )
    return None


def _is_within(of: Conditions, at: time) -> bool:
    begins, ends = _hour(of.from_hour), _hour(of.to_hour)
    if _past_midnight(of):
        return at >= begins or at < ends
    return at >= begins and (of.to_hour in {None, "00:00"} or at < ends)


def _day(of: Conditions, local: datetime) -> Weekday:
    # Friday's last hour may be on Saturday's clock.
    if _past_midnight(of) and local.time() < _hour(of.to_hour):
        local -= timedelta(days=1)
    return WEEKDAYS[local.weekday()]


def _past_midnight(of: Conditions) -> bool:
    return of.to_hour not in {None, "00:00"} and _hour(of.to_hour) < _hour(of.from_hour)


def _hour(text: str | None) -> time:
    return time.fromisoformat(text or "00:00")


def _hours(of: Conditions) -> Phrase:
    begins, ends = clock_time(_hour(of.from_hour)), clock_time(_hour(of.to_hour))
    if of.from_hour is None:
        return phrase("This coupon is good before {ends}.", ends=ends)
    if of.to_hour in {None, "00:00"}:
        return phrase("This coupon is good from {begins} on.", begins=begins)
    return phrase("This coupon is good from {begins} to {ends}.", begins=begins, ends=ends)


def _named(weekdays: list[Weekday]) -> Phrase:
    first, *rest = (_NAMES[each] for each in WEEKDAYS if each in weekdays)
    for each in rest:
        first = phrase("{these}, {another}", these=first, another=each)
    return first
