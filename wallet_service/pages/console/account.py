"""One's own account: name and language, how one signs in, and where one is signed in."""

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template
from werkzeug.wrappers import Response

from wallet_service import clock
from wallet_service.access import accounts, own, passkeys, second_factor, sessions, sign_in
from wallet_service.access.errors import Locked, WeakPassword, WrongPassword
from wallet_service.pages.console import browsers, cookies, frame, moments
from wallet_service.pages.console.sign_in import GUESS, Answer
from wallet_service.pages.console.sign_in_forms import AccountForm, ChangePasswordForm
from wallet_service.web import current_wallet, limits
from wallet_service.web.doors import signed_in
from wallet_service.web.language import gettext as _

bp = Blueprint("account", __name__, url_prefix="/console/account")


@bp.get("")
@signed_in()
def here() -> str:
    """All of it, each with the way to change it."""
    mine = frame.current_entry().account
    return _page(AccountForm(formdata=None, name=mine.name, language=mine.language or ""))


@bp.post("")
@signed_in()
def change() -> Answer:
    """Name and language."""
    form, account = AccountForm(), frame.current_entry().account
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    current_wallet().database.run(
        own.change, account, name=form.name.data.strip(), language=form.language.data or None
    )
    return redirect("/console/account", 303)


@bp.get("/password")
@signed_in()
def ask_password() -> str:
    """The old one, and the new one twice."""
    return _password(ChangePasswordForm())


@bp.post("/password")
@signed_in()
def change_password() -> Answer:
    """Another password; every other browser is signed out."""
    limits.before_guessing(GUESS)
    form, wallet, entry = ChangePasswordForm(), current_wallet(), frame.current_entry()
    with wallet.database.read() as connection:
        known = accounts.known(connection, entry.account)
    if not form.validate():
        return _password(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        token = sign_in.change_password(
            wallet.database,
            wallet.keyring,
            entry.account,
            entry.session,
            old=form.old.data,
            new=form.password.data,
            known=known,
        )
    except WeakPassword as refusal:
        form.refuse("password", refusal)
        return _password(form), HTTPStatus.UNPROCESSABLE_ENTITY
    except (WrongPassword, Locked) as refusal:
        limits.guessed_wrong(GUESS)
        form.refuse("old", refusal)
        return _password(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return cookies.keep_session(redirect("/console/account", 303), token)


@bp.post("/sessions/<session_id>/end")
@signed_in()
def end_session(session_id: str) -> Response:
    """Sign one browser out."""
    database, entry = current_wallet().database, frame.current_entry()
    with database.read() as connection:
        mine = sessions.of_account(connection, entry.account.account_id)
    if session_id not in {each.session_id for each in mine}:
        abort(HTTPStatus.NOT_FOUND)
    database.run(sessions.end, session_id)
    if session_id == entry.session.session_id:
        return cookies.go_out("/console", _("You are signed out."))
    return redirect("/console/account", 303)


@bp.post("/sessions/end")
@signed_in()
def end_sessions() -> Response:
    """Sign every browser out but this one."""
    entry = frame.current_entry()
    current_wallet().database.run(
        sessions.end_all, entry.account.account_id, but=entry.session.session_id
    )
    return redirect("/console/account", 303)


def _page(form: AccountForm) -> str:
    entry, now = frame.current_entry(), clock.now()
    mine = entry.account.account_id
    with current_wallet().database.read() as connection:
        known = sessions.of_account(connection, mine)
        return render_template(
            "console/account.html",
            form=form,
            entry=entry,
            passkeys=passkeys.of(connection, mine),
            spare_codes_left=second_factor.spare_codes_left(connection, mine),
            sessions=[each for each in known if not each.is_over(entry.level, now)],
            earlier=[each for each in known if each.is_over(entry.level, now)][:5],
            browser_name=browsers.name,
            moment_of=moments.of(entry),
        )


def _password(form: ChangePasswordForm) -> str:
    account = frame.current_entry().account
    return render_template("console/account-password.html", form=form, account=account)
