"""At the counter: a purchase by its amount. What it gives is said before anything is recorded."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from wallet_service import ids, sales
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.language import Money, locale_of
from wallet_service.pages import till_refused, till_sale, till_session, till_show
from wallet_service.pages.console import offer_typed
from wallet_service.pages.till_counter import event_named
from wallet_service.pages.till_sale import Choice
from wallet_service.pages.till_show import Seen
from wallet_service.sales import Sale, Wanted
from wallet_service.web import current_wallet
from wallet_service.web.doors import at_the_till
from wallet_service.web.headers import let_use_the_camera
from wallet_service.web.language import chosen
from wallet_service.web.language import gettext as _

bp = Blueprint("till_amount", __name__, url_prefix="/till/card/<code>/amount")
bp.register_error_handler(Refusal, till_refused.page)
let_use_the_camera(bp)

TYPED_MAX = 24
Page = str | Response | tuple[str, int]


@bp.get("")
@at_the_till(Intention.TILL_SERVE)
def ask(code: str) -> str:
    """The field for the amount; `reward` is what the member wants to buy with it."""
    seen = till_show.seen(till_session.shift(), code)
    return _field(seen, seen.counted.choice(request.args.get("reward", "")))


@bp.post("")
@at_the_till(Intention.TILL_SERVE)
def tell(code: str) -> Page:
    """What a purchase of this amount gives. Nothing is recorded yet."""
    shift = till_session.shift()
    seen = till_show.seen(shift, code)
    choice = seen.counted.choice(request.form.get("reward", ""))
    amount = _amount(seen)
    if amount is None:
        return _wrong(seen, choice)
    event_id = ids.new_id()
    wanted = choice.wanted(amount) if choice else None
    sale = _sale(seen, event_id, amount, wanted)
    answer = current_wallet().database.run(sales.dry, shift.counter, sale)
    rules = seen.counted.rules
    return render_template(
        "till/amount_says.html",
        **till_show.on(seen),
        sold=till_sale.sold(rules, answer, Money(amount=amount, currency=rules.currency)),
        amount=offer_typed.major(amount, rules.currency),
        wanted=wanted if wanted and not answer.refused else None,
        choice=choice,
        event_id=event_id,
    )


@bp.post("/record")
@at_the_till(Intention.TILL_SERVE)
def record(code: str) -> Page:
    """Record it, once."""
    shift, event_id = till_session.shift(), event_named()
    if till_show.deed(shift, event_id) is None:
        seen = till_show.seen(shift, code)
        amount = _amount(seen)
        if amount is None:
            return _wrong(seen, None)
        sale = _sale(seen, event_id, amount, _wanted())
        current_wallet().database.run(sales.record, shift.counter, sale)
    return redirect(f"/till/done/{event_id}", 303)


def _sale(seen: Seen, event_id: str, amount: int, wanted: Wanted | None) -> Sale:
    return Sale(
        sale_id=event_id,
        currency=seen.counted.rules.currency,
        amount=amount,
        code=seen.code,
        redeem=(wanted,) if wanted else (),
    )


def _amount(seen: Seen) -> int | None:
    return till_sale.minor(_typed(), seen.counted.rules.currency)


def _typed() -> str:
    return request.form.get("amount", "")[:TYPED_MAX]


def _wanted() -> Wanted | None:
    """The reward that the page before has named, for what it said that it takes."""
    key, units = request.form.get("reward", "")[:64], request.form.get("units", "")
    is_whole = units.isascii() and units.isdigit() and len(units) < 10
    return Wanted(reward=key, amount=int(units) if is_whole else None) if key else None


def _field(seen: Seen, choice: Choice | None, **more: Any) -> str:
    currency = seen.counted.rules.currency
    return render_template(
        "till/amount.html",
        **till_show.on(seen),
        choice=choice,
        symbol=offer_typed.symbol(currency),
        point=point(),
        **more,
    )


def point() -> str:
    """What stands before the cents in the language of the till."""
    return "." if locale_of(chosen()).startswith("en") else ","


def _wrong(seen: Seen, choice: Choice | None) -> tuple[str, int]:
    error = _("Type the amount as on the receipt, for example 12.50.")
    return _field(seen, choice, amount=_typed(), error=error), 422
