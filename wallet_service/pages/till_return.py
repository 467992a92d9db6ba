"""At the counter: goods come back. What that does to the card is said before it is told."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from wallet_service import ids, sales
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.pages import till_back, till_refused, till_sale, till_session, till_show
from wallet_service.pages.console import offer_typed
from wallet_service.pages.till_amount import point
from wallet_service.pages.till_back import Bought
from wallet_service.pages.till_counter import event_named
from wallet_service.pages.till_show import Seen
from wallet_service.sales import GoodsBack, Return, came_back, returnable
from wallet_service.sales.came_back import CameBack
from wallet_service.web import current_wallet
from wallet_service.web.doors import at_the_till
from wallet_service.web.headers import let_use_the_camera
from wallet_service.web.language import gettext as _

bp = Blueprint("till_return", __name__, url_prefix="/till/card/<code>/return")
bp.register_error_handler(Refusal, till_refused.page)
let_use_the_camera(bp)

TYPED_MAX = 24
Page = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a form says that comes back: money, lines by their place, or neither: all of it."""

    amount: int | None
    lines: tuple[GoodsBack, ...]
    coupons: tuple[str, ...]

    def told(self, event_id: str, sale_id: str) -> Return:
        return Return(
            return_id=event_id,
            sale_id=sale_id,
            amount=self.amount,
            lines=self.lines,
            coupons=self.coupons,
        )


@bp.get("")
@at_the_till(Intention.TILL_TAKE_BACK)
def which(code: str) -> str:
    """The last purchases of the card in this shop: which one do the goods come from?"""
    shift, seen = till_session.shift(), _seen(code)
    with current_wallet().database.read() as connection:
        found = returnable.of_card(connection, shift.counter, seen.member_id, shift.brand.level)
        there = [till_back.bought(connection, shift.brand, each) for each in found]
    days = shift.brand.level.returns_within.days
    return render_template("till/return.html", **till_show.on(seen), there=there, days=days)


@bp.get("/sale")
@at_the_till(Intention.TILL_TAKE_BACK)
def sale(code: str) -> str:
    """One purchase: all of it, or a part."""
    seen = _seen(code)
    page = "return_part" if request.args.get("part") else "return_sale"
    return _page(page, seen, _bought(seen, request.args))


@bp.post("/sale")
@at_the_till(Intention.TILL_TAKE_BACK)
def tell(code: str) -> Page:
    """What a return of so much does. Nothing is told yet."""
    shift, seen = till_session.shift(), _seen(code)
    there = _bought(seen, request.form)
    part = _part(seen, there)
    if isinstance(part, str):
        return _page("return_part", seen, there, error=part), 422
    event_id = ids.new_id()
    back = current_wallet().database.run(
        came_back.dry, _counter(there.source), part.told(event_id, there.sale_id)
    )
    return render_template(
        "till/return_says.html",
        **till_show.on(seen),
        there=there,
        says=till_back.says(seen.counted.rules, back),
        part=part,
        amount="" if part.amount is None else offer_typed.major(part.amount, there.paid.currency),
        event_id=event_id,
        where=shift.where,
    )


@bp.post("/record")
@at_the_till(Intention.TILL_TAKE_BACK)
def record(code: str) -> Page:
    """Take it back, once."""
    seen, event_id = _seen(code), event_named()
    if _found(seen, event_id) is None:
        there = _bought(seen, request.form)
        part = _part(seen, there)
        if isinstance(part, str):
            return _page("return_part", seen, there, error=part), 422
        current_wallet().database.run(
            sales.take_back, _counter(there.source), part.told(event_id, there.sale_id)
        )
    return redirect(f"/till/card/{seen.code}/return/done/{event_id}", 303)


@bp.get("/done/<event_id>")
@at_the_till(Intention.TILL_TAKE_BACK)
def done(code: str, event_id: str) -> str:
    """What it took back, and what the card has."""
    seen = _seen(code)
    back = _found(seen, event_id) or abort(404)
    says = till_back.says(seen.counted.rules, back)
    return render_template("till/returned.html", **till_show.on(seen), says=says)


def _seen(code: str) -> Seen:
    """The card, where whoever stands here may take goods back at all."""
    shift = till_session.shift()
    returnable.require_may(shift.brand.level, shift.staff.role)
    return till_show.seen(shift, code)


def _bought(seen: Seen, asked: Any) -> Bought:
    """The purchase that an address or a form names. Raises UnknownSale or ReturnTooLate."""
    shift = till_session.shift()
    source, sale_id = asked.get("source", "")[:128], asked.get("sale", "")[:128]
    with current_wallet().database.read() as connection:
        found = returnable.one(
            connection, shift.counter, seen.member_id, source, sale_id, shift.brand.level
        )
        return till_back.bought(connection, shift.brand, found)


def _found(seen: Seen, event_id: str) -> CameBack | None:
    brand_id = till_session.shift().brand.brand_id
    with current_wallet().database.read() as connection:
        return came_back.find(connection, brand_id, seen.member_id, event_id)


def _counter(source: str) -> sales.Counter:
    """This counter, telling under the source that sold."""
    return till_session.shift().told_as(source)


def _part(seen: Seen, there: Bought) -> Part | str:
    """What comes back; or what is wrong with what was typed."""
    lines, coupons = (
        [],
        tuple(each.code for each in there.used if each.code in request.form.getlist("coupon")),
    )
    for item in there.items:
        typed = request.form.get(f"line-{item.place}", "").strip() or "0"
        is_whole = typed.isascii() and typed.isdigit() and len(typed) < 10
        if not is_whole or int(typed) > item.left:
            return _("Type how many come back of each, as many as were bought at most.")
        if int(typed):
            lines.append(GoodsBack(line=item.place, quantity=int(typed)))
    typed = request.form.get("amount", "")[:TYPED_MAX].strip()
    if request.form.get("part") != "yes":
        return Part(amount=None, lines=(), coupons=())
    if not typed and lines:
        return Part(amount=None, lines=tuple(lines), coupons=coupons)
    amount = till_sale.minor(typed, there.paid.currency)
    if amount is None:
        return (
            _("Choose what comes back.")
            if there.items and not typed
            else _("Type the amount as on the receipt, for example 12.50.")
        )
    return Part(amount=amount, lines=tuple(lines), coupons=coupons)


def _page(name: str, seen: Seen, there: Bought, **more: Any) -> str:
    return render_template(
        f"till/{name}.html",
        **till_show.on(seen),
        there=there,
        symbol=offer_typed.symbol(there.paid.currency),
        point=point(),
        filled=request.form,
        **more,
    )
