"""The passkeys of one's own account."""

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from wallet_service.access import own, passkeys
from wallet_service.access.errors import WrongPasskey
from wallet_service.pages.console import browsers, cookies, frame, moments, passkey_offer
from wallet_service.pages.console.sign_in import Answer, browser
from wallet_service.pages.console.sign_in_forms import NewPasskeyForm
from wallet_service.web import current_wallet
from wallet_service.web.doors import signed_in
from wallet_service.web.language import said

bp = Blueprint("account_passkeys", __name__, url_prefix="/console/account/passkeys")


@bp.get("")
@signed_in(proof=True)
def here() -> str:
    """Those there are, and how to add one."""
    return _page(NewPasskeyForm(formdata=None, name=browsers.name(browser())))


@bp.post("/ask")
@signed_in(proof=True)
def ask() -> Response:
    """What the browser has to make."""
    party = passkey_offer.party() or abort(HTTPStatus.NOT_FOUND)
    account = frame.current_entry().account
    return passkey_offer.asked(
        current_wallet().database.run(
            passkeys.ask_to_register, account, party, passkey_offer.ISSUER
        )
    )


@bp.post("")
@signed_in(proof=True)
def add() -> Answer:
    """The browser has made one."""
    form, party = NewPasskeyForm(), passkey_offer.party() or abort(HTTPStatus.NOT_FOUND)
    entry = frame.current_entry()
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        session = current_wallet().database.run(
            own.add_passkey,
            entry.account,
            entry.session,
            party,
            token=cookies.kept(cookies.PASSKEY),
            answer=form.answer.data,
            name=form.name.data or browsers.name(browser()),
        )
    except WrongPasskey as refusal:
        return _page(form, said(refusal.say)), HTTPStatus.UNPROCESSABLE_ENTITY
    response = cookies.keep_session(redirect("/console/account/passkeys", 303), session)
    cookies.drop(response, cookies.PASSKEY)
    return response


@bp.post("/<credential_id>/remove")
@signed_in(proof=True)
def remove(credential_id: str) -> Response:
    """A passkey opens nothing any more, and every other browser is signed out."""
    entry = frame.current_entry()
    token = current_wallet().database.run(
        own.remove_passkey, entry.account, entry.session, credential_id
    )
    if token is None:
        abort(HTTPStatus.NOT_FOUND)
    return cookies.keep_session(redirect("/console/account/passkeys", 303), token)


def _page(form: NewPasskeyForm, problem: str = "") -> str:
    entry = frame.current_entry()
    with current_wallet().database.read() as connection:
        mine = passkeys.of(connection, entry.account.account_id)
    return render_template(
        "console/account-passkeys.html",
        form=form,
        passkeys=mine,
        problem_words=problem,
        has_passkeys=passkey_offer.party() is not None,
        elsewhere=passkey_offer.elsewhere(),
        host=request.host,
        moment_of=moments.of(entry),
    )
