"""Showing the password or a passkey once more, before what is grave."""

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template
from werkzeug.wrappers import Response

from wallet_service.access import passkeys, sessions, sign_in
from wallet_service.access.errors import Locked, WrongPasskey, WrongPassword
from wallet_service.pages.console import cookies, frame, onward, passkey_offer
from wallet_service.pages.console.sign_in import GUESS, Answer
from wallet_service.pages.console.sign_in_forms import PasskeyForm, ProveForm
from wallet_service.web import current_wallet, limits
from wallet_service.web.doors import signed_in
from wallet_service.web.language import said

bp = Blueprint("prove", __name__, url_prefix="/console/prove")


@bp.get("")
@signed_in()
def ask() -> str:
    """Why, and how."""
    return _page(ProveForm())


@bp.post("")
@signed_in()
def with_password() -> Answer:
    """The password was shown again: the session gets a new token."""
    limits.before_guessing(GUESS)
    form, wallet, entry = ProveForm(), current_wallet(), frame.current_entry()
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        token = sign_in.prove(
            wallet.database, wallet.keyring, entry.account, entry.session, form.password.data
        )
    except (WrongPassword, Locked) as refusal:
        limits.guessed_wrong(GUESS)
        form.refuse("password", refusal)
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return cookies.keep_session(redirect(onward.wanted(), 303), token)


@bp.post("/passkey/ask")
@signed_in()
def ask_passkey() -> Response:
    """What the browser has to sign, for a passkey of hers."""
    party = passkey_offer.party() or abort(HTTPStatus.NOT_FOUND)
    account = frame.current_entry().account
    return passkey_offer.asked(current_wallet().database.run(passkeys.ask_to_show, party, account))


@bp.post("/passkey")
@signed_in()
def with_passkey() -> Answer:
    """A passkey was shown again."""
    form, party = PasskeyForm(), passkey_offer.party() or abort(HTTPStatus.NOT_FOUND)
    database, entry = current_wallet().database, frame.current_entry()
    if not form.validate():
        abort(HTTPStatus.BAD_REQUEST)
    try:
        database.run(
            passkeys.show,
            party,
            token=cookies.kept(cookies.PASSKEY),
            answer=form.answer.data,
            account=entry.account,
        )
    except WrongPasskey as refusal:
        return _page(ProveForm(formdata=None), said(refusal.say)), HTTPStatus.UNPROCESSABLE_ENTITY
    token = database.run(sessions.prove, entry.session, factors="passkey")
    response = cookies.keep_session(redirect(onward.wanted(), 303), token)
    cookies.drop(response, cookies.PASSKEY)
    return response


def _page(form: ProveForm, problem: str = "") -> str:
    entry = frame.current_entry()
    with current_wallet().database.read() as connection:
        mine = passkeys.of(connection, entry.account.account_id)
    return render_template(
        "console/prove.html",
        form=form,
        problem_words=problem,
        onward=onward.wanted(),
        account=entry.account,
        lacks_factor=entry.lacks_factor,
        passkeys=mine,
        has_passkeys=bool(mine) and passkey_offer.party() is not None,
    )
