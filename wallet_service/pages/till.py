"""The till: pair it, say who is on, and be ready for the next card."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from wallet_service import brands
from wallet_service.brands import tills
from wallet_service.brands.staff import Staff
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
            last_here = till_session.person(connection, till, till.shift_staff_id)
            return redirect(f"/till/pin/{last_here.staff_id}" if last_here else "/till/who", 303)
        last = till_show.lately(connection, shift)
    till_session.touch(till)
    return render_template("till/ready.html", shift=shift, last=last)


@bp.post("/pair")
@anyone
def pair() -> str | Response | tuple[str, int]:
    """Let this browser be a till, for a code that works once."""
    limits.before_guessing(GUESS)
    typed = request.form.get("code", "")[:32]
    try:
        _, secret = current_wallet().database.run(tills.pair, typed)
    except tills.WrongPairingCode as wrong:
        limits.guessed_wrong(GUESS)
        return render_template("till/pair.html", error=said(wrong.say), typed=typed), 422
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
            people=till_session.people(connection, till),
            where=till_session.where(connection, till),
        )


@bp.get("/pin/<staff_id>")
@at_a_paired_till
def ask_pin(staff_id: str) -> str | Response:
    """One person's PIN."""
    till, person = _here_or_404(staff_id)
    return _pin_page(till, person)


@bp.post("/pin/<staff_id>")
@at_a_paired_till
def show_pin(staff_id: str) -> str | Response | tuple[str, int]:
    """Begin a shift with the right PIN."""
    till, person = _here_or_404(staff_id)
    check = till_session.check_pin(till, person, request.form.get("pin", "")[:16])
    if check.staff is None:
        return _pin_page(till, person, said(check.say) if check.say else ""), 422
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


def _here_or_404(staff_id: str) -> tuple[Till, Staff]:
    with current_wallet().database.read() as connection:
        till = till_session.paired(connection)
        person = till_session.person(connection, till, staff_id) if till else None
    return (till, person) if till and person else abort(404)


def _pin_page(till: Till, person: Staff, error: str = "") -> str:
    with current_wallet().database.read() as connection:
        where = till_session.where(connection, till)
        level = brands.get(connection, till.brand_id).level
    return render_template("till/pin.html", person=person, where=where, level=level, error=error)
