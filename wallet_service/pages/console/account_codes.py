"""The second factor of one's own account: codes of an app, and spare ones on paper."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from passes import barcode
from wallet_service.access import own, second_factor
from wallet_service.access.errors import WrongCode
from wallet_service.pages.console import cookies, frame, passkey_offer
from wallet_service.pages.console.sign_in import GUESS, Answer
from wallet_service.pages.console.sign_in_forms import CodeForm
from wallet_service.web import current_wallet, limits
from wallet_service.web.doors import signed_in

bp = Blueprint("account_codes", __name__, url_prefix="/console/account/second-factor")


@bp.get("")
@signed_in(proof=True)
def here() -> str:
    """What an app has to know; or, once codes are asked for, how to go on with them."""
    return _page(CodeForm())


@bp.post("")
@signed_in(proof=True)
def turn_on() -> Answer:
    """The app shows the right code: codes are asked for from now on."""
    limits.before_guessing(GUESS)
    form, wallet, entry = CodeForm(), current_wallet(), frame.current_entry()
    if entry.account.has_second_factor:
        return redirect("/console/account/second-factor", 303)
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        token, spare = wallet.database.run(
            own.turn_codes_on, wallet.keyring, entry.account, entry.session, form.code.data
        )
    except WrongCode as refusal:
        limits.guessed_wrong(GUESS)
        form.refuse("code", refusal)
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return cookies.keep_session(_spare(spare), token)


@bp.post("/spare")
@signed_in(proof=True)
def new_spare_codes() -> Response:
    """Ten new ones; those before are dead."""
    wallet, entry = current_wallet(), frame.current_entry()
    if not entry.account.has_second_factor:
        return redirect("/console/account/second-factor", 303)
    return _spare(
        wallet.database.run(own.new_spare_codes, wallet.keyring, entry.account, entry.session)
    )


@bp.post("/off")
@signed_in(proof=True)
def turn_off() -> Response:
    """Codes are asked for no more."""
    wallet, entry = current_wallet(), frame.current_entry()
    token = wallet.database.run(own.turn_codes_off, wallet.keyring, entry.account, entry.session)
    return cookies.keep_session(redirect("/console/account", 303), token)


def _page(form: CodeForm) -> str:
    entry, wallet = frame.current_entry(), current_wallet()
    mine = entry.account
    is_needed = entry.level.second_factor
    with wallet.database.read() as connection:
        if mine.has_second_factor:
            left = second_factor.spare_codes_left(connection, mine.account_id)
            page = "console/account-codes.html"
            return render_template(page, spare_codes_left=left, is_needed=is_needed)
        secret = second_factor.secret(connection, wallet.keyring, mine, passkey_offer.ISSUER)
    return render_template(
        "console/account-codes-on.html",
        form=form,
        app=secret,
        picture=barcode.svg(secret.uri),
        is_needed=is_needed and not entry.session.has_second_factor,
    )


def _spare(codes: list[str]) -> Response:
    # Shown in the answer itself, this once: no address may bring them back.
    return Response(
        render_template("console/account-spare-codes.html", codes=codes), mimetype="text/html"
    )
