"""No other site may press a button here: a token in every form, and the browser's own word."""

from flask import Flask, abort, current_app, request
from flask_wtf import CSRFProtect

from wallet_service.web.paths import is_machine

SAFE = ("GET", "HEAD", "OPTIONS")


def refuse_other_sites() -> None:
    """Refuse an unsafe request that another site began, or whose form bears no token of ours.

    Machines bring a key in a header and no cookie, so nobody can borrow their authority.
    """
    if request.method in SAFE or is_machine(request.path):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    if request.endpoint and current_app.config["WTF_CSRF_ENABLED"]:
        current_app.extensions["csrf"].protect()


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
