"""What the browser keeps: the session's token, and for minutes that of a sign-in under way.

`__Host-` (https) ties a cookie to this very host; scripts cannot read any of them.
"""

from datetime import timedelta

from flask import current_app, flash, redirect, request, session
from werkzeug.wrappers import Response

from wallet_service.access import sessions
from wallet_service.brands.levels import LEVELS
from wallet_service.pages.console.frame import cookie_name
from wallet_service.web import current_wallet

CODE, PASSKEY = "console-code", "console-passkey"

_STEP_LASTS = timedelta(minutes=5)
# How long a session really lasts is decided here, on the server.
_SESSION_LASTS = max(level.session_lasts for level in LEVELS.values())


def come_in(token: str, onward: str) -> Response:
    """Go on as somebody who has just signed in, with nothing left of what was here before."""
    before = request.cookies.get(cookie_name(), "")
    if before:
        current_wallet().database.run(sessions.end_token, before)
    # A form's token that was planted before is worth nothing from now on.
    session.clear()
    response = redirect(onward, 303)
    for step in (CODE, PASSKEY):
        drop(response, step)
    return keep_session(response, token)


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
