"""At the door: let people in with a ticket, a group as it comes, and in again who was out."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from wallet_service import clock, coupons, ids, sales
from wallet_service.brands.roles import Intention
from wallet_service.coupons import Coupon, Use
from wallet_service.errors import Refusal
from wallet_service.language import clock_time
from wallet_service.pages import till_refused, till_session, till_show, when
from wallet_service.pages.till_counter import event_named
from wallet_service.pages.till_session import Shift
from wallet_service.sales.tickets import PEOPLE_MAX
from wallet_service.web import current_wallet
from wallet_service.web.doors import at_the_till
from wallet_service.web.headers import let_use_the_camera
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

bp = Blueprint("till_tickets", __name__, url_prefix="/till/card/<code>/ticket/<coupon_code>")
bp.register_error_handler(Refusal, till_refused.page)
let_use_the_camera(bp)

BUTTONS = 6  # so many numbers have a button of their own
Page = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheDoor:
    """A ticket as whoever stands at the door reads it.

    `are_back`: the page is for those who have been in. `most` may come in with it like this,
    `numbers` are those that have a button.
    """

    code: str
    event: str
    place: str
    when: str
    closes: str
    admissions: int
    admitted: int
    are_back: bool
    may_be_back: bool
    most: int

    @property
    def numbers(self) -> range:
        return range(1, (self.most if self.most <= BUTTONS else BUTTONS - 1) + 1)


@bp.get("")
@at_the_till(Intention.TILL_SERVE)
def ticket(code: str, coupon_code: str) -> str | Response:
    """What the ticket opens, and the one button that lets in; or why nobody can come in."""
    shift = till_session.shift()
    with current_wallet().database.read() as connection:
        found = sales.on_card(connection, shift.till.brand_id, code, coupon_code)
        if not _is_ticket(found):
            return redirect(f"/till/card/{code}/coupon/{coupon_code}", 303)
        are_back = _are_back(found, request.args.get("back", ""))
        coupons.at_the_door(connection, shift.till.brand_id, found, _use(shift), are_back=are_back)
    return _page(shift, code, found, are_back)


@bp.post("/admit")
@at_the_till(Intention.TILL_SERVE)
def admit(code: str, coupon_code: str) -> Page:
    """Let them in, once; who comes too many is told how many may."""
    shift, event_id = till_session.shift(), event_named()
    if till_show.deed(shift, event_id) is None:
        are_back = request.form.get("back") == "yes"
        with current_wallet().database.read() as connection:
            found = sales.on_card(connection, shift.till.brand_id, code, coupon_code)
        if not _is_ticket(found):
            return redirect(f"/till/card/{code}/coupon/{coupon_code}", 303)
        people = _people()
        if people is None:
            error = _("How many go in? Type a whole number.")
            return _page(shift, code, found, are_back, error=error), 422
        current_wallet().database.run(
            sales.admit, shift.counter, event_id, coupon_code, count=people, are_back=are_back
        )
    return redirect(f"/till/done/{event_id}", 303)


def _is_ticket(found: Coupon) -> bool:
    return found.promise is not None and found.promise.ticket is not None


def _are_back(found: Coupon, asked: str) -> bool:
    """Whether those who come have been in: as the page was asked for, or since all others are."""
    ticket = found.promise.ticket if found.promise else None
    all_in = bool(found.admitted) and found.admitted == found.admissions
    return asked == "yes" or (all_in and ticket is not None and ticket.re_entry)


def _use(shift: Shift) -> Use:
    counter = shift.counter
    return Use(
        source=counter.source,
        key="",
        occurred_at=clock.now(),
        location_id=counter.location_id,
        till_id=counter.till_id,
        staff_id=counter.staff_id,
    )


def _people() -> int | None:
    """How many: the number that was typed, else the one that was chosen."""
    typed = request.form.get("other", "").strip() or request.form.get("count", "1")
    is_whole = typed.isascii() and typed.isdigit() and len(typed) < 5
    return int(typed) if is_whole and 1 <= int(typed) <= PEOPLE_MAX else None


def _page(shift: Shift, code: str, found: Coupon, are_back: bool, error: str = "") -> str:
    seen = till_show.seen(shift, code)
    assert found.promise is not None
    ticket = found.promise.ticket
    assert ticket is not None
    zone, admissions = shift.brand.zone, found.admissions or 0
    return render_template(
        "till/ticket.html",
        **till_show.on(seen),
        event_id=ids.new_id(),
        error=error,
        typed_other=request.form.get("other", "")[:8],
        ticket=AtTheDoor(
            code=found.code,
            event=ticket.event,
            place=ticket.place or "",
            when=when.ahead(ticket.starts_at, zone),
            closes=said(clock_time(ticket.closes.astimezone(zone))),
            admissions=admissions,
            admitted=found.admitted,
            are_back=are_back,
            may_be_back=ticket.re_entry and found.admitted > 0 and not are_back,
            most=found.admitted if are_back else admissions - found.admitted,
        ),
    )
