"""No other site may press a button here: a token in every form, and the browser's own word."""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from wallet_service.web.paths import is_machine
from wallet_service.web.wallet import current_wallet

_WHOSE = "whose"

SAFE = ("GET", "HEAD", "OPTIONS")


def refuse_other_sites() -> None:
    """Refuse an unsafe request that another site began, or whose form bears no token of ours.

    Machines bring a key in a header and no cookie, so nobody can borrow their authority.
    """
    if request.method in SAFE or is_machine(request.path):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    if "Sec-Fetch-Site" not in request.headers and not _is_ours(request.headers.get("Origin")):
        abort(403)
    if request.endpoint and current_app.config["WTF_CSRF_ENABLED"]:
        current_app.extensions["csrf"].protect()


def belong(whose: str) -> None:
    """Tie this browser's forms to a session: what was made for another, or for none, is refused.

    The forms' token lives in a cookie of its own, which somebody could have planted.
    """
    if session.get(_WHOSE) == whose:
        return
    if request.method not in SAFE and current_app.config["WTF_CSRF_ENABLED"]:
        raise CSRFError("The form was made for another session.")
    for kept in (session, g):  # one that was made for this very answer is forgotten as well
        kept.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)
    session[_WHOSE] = whose


def _is_ours(origin: str | None) -> bool:
    # Our pages name no referrer, and browsers then say "null", as a hostile frame would, too:
    # that says nothing, and the form's token decides.
    if origin in (None, "null"):
        return True
    ours = urlsplit(current_wallet().config.base_url)
    return origin in (request.host_url.rstrip("/"), f"{ours.scheme}://{ours.netloc}")


def install(app: Flask, *, https: bool) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="__Host-wallet" if https else "wallet",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # a till stands open all day; the token lives with the session
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our pages never send
    )
    CSRFProtect(app)
    app.before_request(refuse_other_sites)
