"""At the counter: use a coupon, once, on purpose."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from wallet_service import clock, coupons, ids, sales
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.pages import till_refused, till_session, till_show
from wallet_service.pages.till_counter import event_named
from wallet_service.web import current_wallet
from wallet_service.web.doors import at_the_till
from wallet_service.web.headers import let_use_the_camera

bp = Blueprint("till_coupons", __name__, url_prefix="/till/card/<code>/coupon/<coupon_code>")
bp.register_error_handler(Refusal, till_refused.page)
let_use_the_camera(bp)


@bp.get("")
@at_the_till(Intention.TILL_SERVE)
def slip(code: str, coupon_code: str) -> str | Response:
    """What the coupon is good for, and the one button that uses it."""
    shift = till_session.shift()
    seen = till_show.seen(shift, code)
    found = seen.slip(coupon_code)
    if found is None or found.is_ticket:
        with current_wallet().database.read() as connection:
            coupon = sales.on_card(connection, shift.till.brand_id, code, coupon_code)
            if coupon.kind == "ticket":
                return redirect(f"/till/card/{seen.code}/ticket/{coupon.code}", 303)
            # It cannot be used any more; why, is said in place of the slip.
            coupons.check(connection, shift.till.brand_id, coupon, clock.now())
        return redirect(f"/till/card/{seen.code}", 303)
    return render_template(
        "till/coupon.html", **till_show.on(seen), coupon=found, event_id=ids.new_id()
    )


@bp.post("/use")
@at_the_till(Intention.TILL_SERVE)
def use(code: str, coupon_code: str) -> Response:
    """Use it. One wins; whoever comes second is told when and where."""
    shift, event_id = till_session.shift(), event_named()
    if till_show.deed(shift, event_id) is None:
        current_wallet().database.run(
            sales.redeem, shift.counter, event_id, coupon_code, card_code=code
        )
    return redirect(f"/till/done/{event_id}", 303)
