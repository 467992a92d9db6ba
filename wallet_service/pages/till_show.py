"""What the till's pages show of a card: one view model, in the language of the till."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import g
from flask_babel import format_date, ngettext
from sqlalchemy import Connection

from wallet_service import clock, coupons, sales
from wallet_service.brands import Brand, designs
from wallet_service.coupons import Coupon
from wallet_service.coupons import codes as coupon_codes
from wallet_service.errors import Refusal
from wallet_service.language import Money, Phrase, Words, clock_time
from wallet_service.members import codes
from wallet_service.members.codes import UnknownCard
from wallet_service.pages import looks, till_sale, when
from wallet_service.pages.console.offers_words import Sayer
from wallet_service.pages.till_sale import Counted
from wallet_service.pages.till_session import Shift
from wallet_service.sales import Deed
from wallet_service.web import current_wallet
from wallet_service.web.language import chosen, long_day, said
from wallet_service.web.language import gettext as _

SOON = timedelta(days=4)
AGAIN_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A coupon as a cashier reads it."""

    code: str
    name: Words
    terms: Words
    worth: str  # what it takes off and on which conditions, empty where its name says all
    when: str
    ends_soon: bool
    is_ticket: bool

    @property
    def page(self) -> str:
        """The last two steps of its address, after the card's."""
        return f"{'ticket' if self.is_ticket else 'coupon'}/{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A card at the counter: what may stand on a screen that the queue can read."""

    member_id: str
    code: str
    name: str
    have: int | None
    of: int | None
    say: Phrase
    seconds_ago: int | None  # when the card was served less than a minute ago
    paid: Money | None  # then, where it was a purchase by its amount
    visited: str
    slips: tuple[Slip, ...]
    is_offered: bool  # whether what can be used is shown without asking
    look: looks.Look
    full_strip: str | None
    counted: Counted

    def slip(self, code: str) -> Slip | None:
        return next((each for each in self.slips if each.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """One of the last things this till did, with the name it was done for."""

    event_id: str
    name: str
    what: str
    undone: bool
    can_be_undone: bool


def see(connection: Connection, shift: Shift, typed: str) -> Seen:
    """The card that was scanned or typed. Raises what `sales.at_the_counter` raises."""
    scan = sales.at_the_counter(connection, shift.till.brand_id, typed)
    design = designs.current(connection, shift.till.brand_id)
    counted = till_sale.counted(connection, scan.member_id, scan.balances)
    have, of = (scan.stamps.have, scan.stamps.of) if scan.stamps else (None, None)
    return Seen(
        member_id=scan.member_id,
        code=scan.code,
        name=scan.name,
        have=have,
        of=of,
        say=scan.say,
        seconds_ago=_seconds_ago(scan.last_visit),
        paid=scan.last_paid,
        visited=_visited(scan.last_visit, shift.brand),
        is_offered=scan.is_offered,
        slips=tuple(_slip(each, shift.brand, counted.rules.currency) for each in scan.coupons),
        look=looks.of(design, have or 0),
        full_strip=looks.of(design, of or 0).strip,
        counted=counted,
    )


def seen(shift: Shift, typed: str) -> Seen:
    """As `see`, in a transaction of its own."""
    with current_wallet().database.read() as connection:
        return see(connection, shift, typed)


def address(shift: Shift, typed: str) -> str:
    """Where the page of a typed or scanned code is: a card's, or its coupon's.

    Raises what `sales.at_the_counter` raises for a code that is neither, or UnknownCoupon where
    it reads like a coupon's.
    """
    with current_wallet().database.read() as connection:
        try:
            return f"/till/card/{see(connection, shift, typed).code}"
        except UnknownCard:
            try:
                coupon = coupons.find(connection, shift.till.brand_id, typed)
            except coupons.UnknownCoupon:
                if is_coupon_code(typed):
                    raise
            else:
                card = f"/till/card/{codes.newest(connection, coupon.member_id)}"
                is_ticket = coupon.kind == "ticket"
                return f"{card}/{'ticket' if is_ticket else 'coupon'}/{coupon.code}"
            raise


def is_coupon_code(typed: str) -> bool:
    """Whether this is meant as a coupon's code: begun as ours are, and without a slip."""
    begun = typed.strip().upper().startswith(coupon_codes.PREFIX)
    return begun and coupon_codes.normalise(typed) is not None


def deed(shift: Shift, event_id: str) -> Deed | None:
    """What this till did under this event, however long ago and whoever stood at it."""
    with current_wallet().database.read() as connection:
        return sales.deed(connection, shift.counter, event_id)


def on(seen: Seen) -> dict[str, object]:
    """What every page about a card is given."""
    return {"shift": g.shift, "seen": seen, "design": seen.look}


def lately(connection: Connection, shift: Shift) -> list[Lately]:
    """The last that this till did; those whose card has gone since are passed over."""
    found = []
    for each in sales.lately(connection, shift.counter):
        try:
            scan = sales.at_the_counter(connection, shift.till.brand_id, each.code)
        except Refusal:
            continue
        moment = each.at.astimezone(shift.brand.zone)
        found.append(
            Lately(
                event_id=each.event_id,
                name=scan.name,
                what=_what(each, said(clock_time(moment))),
                undone=each.undone,
                can_be_undone=each.can_be_undone,
            )
        )
    return found


def _what(did: Deed, time: str) -> str:
    if did.undone:
        return _("taken back")
    if did.coupon:
        return _("a coupon used, %(time)s", time=time)
    if did.admission is not None:
        people = did.admission.admitted
        came: str = (
            ngettext("one back in, %(time)s", "%(num)s back in, %(time)s", people, time=time)
            if did.admission.is_return
            else ngettext("one let in, %(time)s", "%(num)s let in, %(time)s", people, time=time)
        )
        return came
    if did.back is not None:
        return _("%(paid)s came back, %(time)s", paid=did.back.say(chosen()), time=time)
    if did.paid is not None:
        return _("a purchase of %(paid)s, %(time)s", paid=did.paid.say(chosen()), time=time)
    return _("one stamp, %(time)s", time=time)


def _seconds_ago(at: datetime | None) -> int | None:
    ago = int((clock.now() - at).total_seconds()) if at else -1
    return ago if 0 <= ago < AGAIN_SECONDS else None


def _slip(coupon: Coupon, brand: Brand, currency: str) -> Slip:
    today = clock.now().astimezone(brand.zone).date()
    ticket = coupon.promise.ticket if coupon.promise is not None else None
    soon = coupon.last_day is not None and coupon.last_day - today < SOON
    return Slip(
        code=coupon.code,
        name=coupon.name,
        terms=coupon.terms,
        worth=_worth(coupon, brand, currency),
        when=_until(coupon.last_day, today, soon)
        if ticket is None
        else when.ahead(ticket.starts_at, brand.zone),
        ends_soon=soon and ticket is None,
        is_ticket=ticket is not None,
    )


def _worth(coupon: Coupon, brand: Brand, currency: str) -> str:
    if coupon.promise is None or coupon.promise.ticket is not None:
        return ""
    sayer = Sayer(currency=currency, zone=brand.zone, now=clock.now(), shops={}, names={})
    return sayer.worth(coupon.promise)


def _until(last_day: date | None, today: date, soon: bool) -> str:
    if last_day is None:
        return _("any day")
    if last_day == today:
        return _("ends today")
    if soon:
        return _("ends soon: on %(day)s", day=format_date(last_day, "EEEE"))
    return _("until %(day)s", day=long_day(last_day))


def _visited(at: datetime | None, brand: Brand) -> str:
    if at is None:
        return _("first visit")
    day, today = at.astimezone(brand.zone).date(), clock.now().astimezone(brand.zone).date()
    match (today - day).days:
        case 0:
            return _("last here today")
        case 1:
            return _("last here yesterday")
        case days if 1 < days < 7:
            return _("last here on %(day)s", day=format_date(day, "EEEE"))
        case _:
            return _("last here on %(day)s", day=long_day(day))
