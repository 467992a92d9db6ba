"""Signing in to the console, and out again: password and code, or a passkey."""

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, session
from werkzeug.wrappers import Response

from wallet_service.access import passkeys, sessions, sign_in
from wallet_service.access.entry import Entry
from wallet_service.access.errors import DeadLink, Locked, WrongCode, WrongPasskey, WrongPassword
from wallet_service.access.sign_in import CodeNeeded
from wallet_service.pages.console import cookies, frame, onward, passkey_offer
from wallet_service.pages.console.sign_in_forms import CodeForm, PasskeyForm, SignInForm
from wallet_service.web import current_wallet, limits
from wallet_service.web.doors import anyone, signed_in
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

bp = Blueprint("sign_in", __name__, url_prefix="/console")

Answer = str | Response | tuple[str, int]

GUESS = "sign-in"


@bp.get("")
@anyone
def here() -> Answer:
    """The sign-in form; or, for whoever is signed in, their shop."""
    entry = frame.entered()
    if entry is None:
        return _form(SignInForm())
    goal = onward.wanted()
    if goal != onward.HOME:
        return redirect(goal, 303)
    home = _home(entry)
    return redirect(home, 303) if home else render_template("console/no-shop.html", entry=entry)


@bp.get("/sign-in")
@anyone
def begin() -> Response:
    """The form has one address."""
    return redirect(onward.through(onward.HOME, onward.wanted()), 303)


@bp.post("/sign-in")
@anyone
def with_password() -> Answer:
    """Who it is, by e-mail and password."""
    limits.before_guessing(GUESS)
    form, wallet = SignInForm(), current_wallet()
    if not form.validate():
        return _form(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        found = sign_in.with_password(
            wallet.database,
            wallet.keyring,
            email=form.email.data,
            password=form.password.data,
            browser=browser(),
            known=cookies.shown(),
        )
    except (WrongPassword, Locked) as refusal:
        limits.guessed_wrong(GUESS)
        form.refuse("password", refusal)
        return _form(form), HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(found, CodeNeeded):
        response = redirect(onward.through("/console/sign-in/code", onward.wanted()), 303)
        cookies.keep(response, cookies.CODE, found.token)
        return response
    return cookies.come_in(found, onward.wanted())


@bp.get("/sign-in/code")
@anyone
def ask_code() -> Answer:
    """The second step, for whoever has just shown the password."""
    with current_wallet().database.read() as connection:
        is_asked = sign_in.is_asked(connection, cookies.kept(cookies.CODE))
    return _code(CodeForm()) if is_asked else redirect(onward.HOME, 303)


@bp.post("/sign-in/code")
@anyone
def with_code() -> Answer:
    """Who it is, by a code as well."""
    limits.before_guessing(GUESS)
    form, wallet = CodeForm(), current_wallet()
    if not form.validate():
        return _code(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        found = sign_in.with_code(
            wallet.database,
            wallet.keyring,
            token=cookies.kept(cookies.CODE),
            code=form.code.data,
            browser=browser(),
        )
    except (WrongCode, Locked) as refusal:
        limits.guessed_wrong(GUESS)
        form.refuse("code", refusal)
        return _code(form), HTTPStatus.UNPROCESSABLE_ENTITY
    except DeadLink as refusal:
        return _form(SignInForm(formdata=None), said(refusal.say)), HTTPStatus.UNPROCESSABLE_ENTITY
    return cookies.come_in(found, onward.wanted())


@bp.post("/sign-in/passkey/ask")
@anyone
def ask_passkey() -> Response:
    """What the browser has to sign, for a passkey of whomever."""
    party = passkey_offer.party() or abort(HTTPStatus.NOT_FOUND)
    return passkey_offer.asked(current_wallet().database.run(passkeys.ask_to_show, party))


@bp.post("/sign-in/passkey")
@anyone
def with_passkey() -> Answer:
    """Who it is, by a passkey, which is two factors."""
    limits.before_guessing(GUESS)
    form, party = PasskeyForm(), passkey_offer.party() or abort(HTTPStatus.NOT_FOUND)
    database = current_wallet().database
    if not form.validate():
        abort(HTTPStatus.BAD_REQUEST)
    try:
        found = database.run(
            sign_in.with_passkey,
            party,
            token=cookies.kept(cookies.PASSKEY),
            answer=form.answer.data,
            browser=browser(),
        )
    except WrongPasskey as refusal:
        limits.guessed_wrong(GUESS)
        return _form(SignInForm(formdata=None), said(refusal.say)), HTTPStatus.UNPROCESSABLE_ENTITY
    return cookies.come_in(found, onward.wanted())


@bp.post("/sign-out")
@signed_in()
def sign_out() -> Response:
    """This browser's session ends, here and on the server."""
    here = frame.current_entry().session.session_id
    current_wallet().database.run(sessions.end, here)
    return cookies.go_out(onward.HOME, _("You are signed out."))


def browser() -> str:
    """What this browser calls itself."""
    return request.headers.get("User-Agent", "")


def _form(form: SignInForm, problem: str = "") -> str:
    return render_template(
        "console/sign-in.html",
        form=form,
        problem_words=problem,
        onward=onward.wanted(),
        has_passkeys=passkey_offer.party() is not None,
    )


def _code(form: CodeForm) -> str:
    return render_template("console/code.html", form=form, onward=onward.wanted())


def _home(entry: Entry) -> str | None:
    """Where somebody was last, or else the first of their shops."""
    slugs = [work[0].slug for work in entry.works]
    last = session.get("brand")
    slug = last if last in slugs else next(iter(slugs), None)
    return f"/console/{slug}" if slug else None
