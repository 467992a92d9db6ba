"""At the counter: find a card, stamp it, take it back.

Every press is a form that names its event, so that a double tap or a reload counts once; the
answer is a page of its own, which may be loaded again without doing anything again.
"""

import re

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from wallet_service import ids, sales
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.pages import till_refused, till_sale, till_session, till_show
from wallet_service.sales import Deed, StampsTold
from wallet_service.web import current_wallet
from wallet_service.web.doors import at_the_till
from wallet_service.web.headers import let_use_the_camera

_ID = re.compile(r"[0-9a-z]{20}")

bp = Blueprint("till_counter", __name__, url_prefix="/till")
bp.register_error_handler(Refusal, till_refused.page)
let_use_the_camera(bp)


@bp.get("/card")
@at_the_till(Intention.TILL_SERVE)
def find() -> Response:
    """What was scanned or typed: a card, or one of its coupons."""
    return redirect(till_show.address(till_session.shift(), request.args.get("code", "")[:64]), 303)


@bp.get("/card/<code>")
@at_the_till(Intention.TILL_SERVE)
def card(code: str) -> str:
    """The member at a glance; or, when the card was stamped a moment ago, whether it is meant."""
    seen = till_show.seen(till_session.shift(), code)
    page = "till/card.html" if seen.seconds_ago is None else "till/again.html"
    return render_template(page, **till_show.on(seen), event_id=ids.new_id())


@bp.post("/card/<code>/stamp")
@at_the_till(Intention.TILL_SERVE)
def stamp(code: str) -> Response:
    """One stamp."""
    shift, event_id = till_session.shift(), event_named()
    seen = till_show.seen(shift, code)
    # Asked after the card was read: a first tap that is seen on the card is then known here, too.
    if till_show.deed(shift, event_id) is None:
        if seen.seconds_ago is not None and request.form.get("again") != "yes":
            return redirect(f"/till/card/{seen.code}", 303)
        current_wallet().database.run(
            sales.stamp, shift.counter, StampsTold(event_id=event_id, code=seen.code)
        )
    return redirect(f"/till/done/{event_id}", 303)


@bp.get("/done/<event_id>")
@at_the_till(Intention.TILL_SERVE)
def done(event_id: str) -> str:
    """What the press did, with the way back."""
    did = _deed(event_id)
    seen = till_show.seen(till_session.shift(), did.code)
    shown = {**till_show.on(seen), "event_id": event_id}
    if did.undone:
        return render_template("till/undone.html", **shown)
    if did.coupon:
        return render_template("till/used.html", **shown, coupon_name=did.coupon.name)
    if did.admission:
        return render_template("till/admitted.html", **shown, admission=did.admission)
    reward = seen.slip(did.brought)
    if did.answer is not None and did.paid is not None:
        sold = till_sale.sold(seen.counted.rules, did.answer, did.paid)
        return render_template("till/recorded.html", **shown, reward=reward, sold=sold)
    page = "till/full.html" if reward else "till/done.html"
    return render_template(page, **shown, reward=reward)


@bp.get("/last")
@at_the_till(Intention.TILL_SERVE)
def last() -> str:
    """What this till did last, each with its undo."""
    shift = till_session.shift()
    with current_wallet().database.read() as connection:
        lately = till_show.lately(connection, shift)
    return render_template("till/last.html", shift=shift, last=lately)


@bp.post("/undo")
@at_the_till(Intention.TILL_SERVE)
def undo() -> Response:
    """Take back what this till did."""
    did = _deed(event_named())
    current_wallet().database.run(sales.void, till_session.shift().counter, did.event_id)
    return redirect(f"/till/done/{did.event_id}", 303)


def event_named() -> str:
    """The event that a form names: an id that one of our pages gave it."""
    event_id = request.form.get("event_id", "")
    return event_id if _ID.fullmatch(event_id) else abort(400)


def _deed(event_id: str) -> Deed:
    return till_show.deed(till_session.shift(), event_id) or abort(404)
