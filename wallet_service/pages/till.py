"""The till: pair it, say who is on, and be ready for the next card."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from wallet_service.brands import staff, tills
from wallet_service.brands.tills import Till
from wallet_service.pages import till_session, till_show
from wallet_service.web import current_wallet, limits
from wallet_service.web.doors import anyone, at_a_paired_till
from wallet_service.web.headers import let_use_the_camera
from wallet_service.web.language import said

bp = Blueprint("till", __name__, url_prefix="/till")
let_use_the_camera(bp)

GUESS = "pairing"


@bp.get("")
@anyone
def here() -> str | Response:
    """What this browser must do next: pair, say who, show the PIN, or work."""
    with current_wallet().database.read() as connection:
        till = till_session.paired(connection)
        if till is None:
            return render_template("till/pair.html")
        shift = till_session.shift_of(connection, till)
        if shift is None:
            person = till_session.last_person()
            return redirect(f"/till/pin/{person}" if person else "/till/who", 303)
        last = till_show.lately(connection, shift)
    return render_template("till/ready.html", shift=shift, last=last)


@bp.post("/pair")
@anyone
def pair() -> str | Response | tuple[str, int]:
    """Let this browser be a till, for a code that works once."""
    limits.before_guessing(GUESS)
    typed = request.form.get("code", "")[:32]
    try:
        till, secret = current_wallet().database.run(tills.pair, typed)
    except tills.WrongPairingCode as wrong:
        limits.guessed_wrong(GUESS)
        return render_template("till/pair.html", error=said(wrong.say), typed=typed), 422
    till_session.end(till)
    response = redirect("/till", 303)
    till_session.keep(response, secret)
    return response


@bp.get("/who")
@at_a_paired_till
def who() -> str | Response:
    """Those who may stand here."""
    with current_wallet().database.read() as connection:
        till = till_session.paired(connection)
        if till is None:
            return redirect("/till", 303)
        return render_template(
            "till/who.html",
            people=staff.of(connection, till.brand_id),
            where=till_session.where(connection, till),
        )


@bp.get("/pin/<staff_id>")
@at_a_paired_till
def ask_pin(staff_id: str) -> str | Response:
    """One person's PIN."""
    return _pin_page(_till_or_404(), staff_id)


@bp.post("/pin/<staff_id>")
@at_a_paired_till
def show_pin(staff_id: str) -> str | Response | tuple[str, int]:
    """Begin a shift with the right PIN."""
    till, wallet = _till_or_404(), current_wallet()
    check = staff.check_pin(
        wallet.database, wallet.keyring, till.brand_id, staff_id, request.form.get("pin", "")[:16]
    )
    if check.staff is None:
        return _pin_page(till, staff_id, said(check.say) if check.say else ""), 422
    till_session.begin(till, check.staff)
    return redirect("/till", 303)


@bp.post("/switch")
@at_a_paired_till
def switch() -> Response:
    """Somebody else takes over."""
    with current_wallet().database.read() as connection:
        till = till_session.paired(connection)
    if till is not None:
        till_session.end(till)
    return redirect("/till/who", 303)


def _till_or_404() -> Till:
    with current_wallet().database.read() as connection:
        till = till_session.paired(connection)
    if till is None:
        abort(404)
    return till


def _pin_page(till: Till, staff_id: str, error: str = "") -> str:
    with current_wallet().database.read() as connection:
        person = staff.get(connection, till.brand_id, staff_id)
        where = till_session.where(connection, till)
    if person is None:
        abort(404)
    return render_template("till/pin.html", person=person, where=where, error=error)
