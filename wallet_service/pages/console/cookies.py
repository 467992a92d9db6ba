"""What the browser keeps: the session's token, and for minutes that of a sign-in under way.

`__Host-` (https) ties a cookie to this very host; scripts cannot read any of them.
"""

from datetime import timedelta

from flask import current_app, flash, redirect, request, session
from werkzeug.wrappers import Response

from wallet_service.access import accounts, known, sessions
from wallet_service.access.known import Known
from wallet_service.access.sign_in import SignedIn
from wallet_service.brands.levels import LEVELS
from wallet_service.pages.console.frame import cookie_name
from wallet_service.web import current_wallet

CODE, PASSKEY, KNOWN = "console-code", "console-passkey", "console-known"

_STEP_LASTS = timedelta(minutes=5)
_KNOWN_LASTS = timedelta(days=365)
# How long a session really lasts is decided here, on the server.
_SESSION_LASTS = max(level.session_lasts for level in LEVELS.values())


def come_in(found: SignedIn, onward: str) -> Response:
    """Go on as somebody who has just signed in, with nothing left of what was here before."""
    before = request.cookies.get(cookie_name(), "")
    if before:
        current_wallet().database.run(sessions.end_token, before)
    # A form's token that was planted before is worth nothing from now on.
    session.clear()
    response = redirect(onward, 303)
    for step in (CODE, PASSKEY):
        drop(response, step)
    key = accounts.email_key(found.account.email)
    here = shown().after(current_wallet().keyring, key)
    _set(response, _named(KNOWN), here.written(), _KNOWN_LASTS)
    return keep_session(response, found.token)


def shown() -> Known:
    """What this browser shows of those who signed in with it before."""
    return known.read(request.cookies.get(_named(KNOWN), "")[:200])


def keep_session(response: Response, token: str) -> Response:
    """Put the session's token, or its new one, on an answer."""
    _set(response, cookie_name(), token, _SESSION_LASTS)
    return response


def go_out(onward: str, note: str) -> Response:
    """Go on as nobody, with a word about why."""
    session.clear()
    flash(note)
    response = redirect(onward, 303)
    response.delete_cookie(cookie_name(), secure=_secure(), httponly=True, samesite="Lax")
    return response


def keep(response: Response, step: str, token: str) -> None:
    """Put the token of a step on an answer."""
    _set(response, _named(step), token, _STEP_LASTS)


def kept(step: str) -> str:
    """The token of a step that this browser was given; empty where there is none."""
    return request.cookies.get(_named(step), "")[:100]


def drop(response: Response, step: str) -> None:
    """Forget a step, where there is one."""
    if kept(step):
        response.delete_cookie(_named(step), secure=_secure(), httponly=True, samesite="Lax")


def _set(response: Response, name: str, token: str, lasts: timedelta) -> None:
    response.set_cookie(
        name,
        token,
        max_age=int(lasts.total_seconds()),
        secure=_secure(),
        httponly=True,
        samesite="Lax",
    )


def _named(step: str) -> str:
    return f"__Host-{step}" if _secure() else step


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
