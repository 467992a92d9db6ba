"""How often one address may fail, and how often it may ask at all.

The first ten failures a minute are answered plainly, what follows with 429; an address that
shows good tokens and keys beside them is not made to suffer, as a whole shop may share it.
"""

import time
from http import HTTPStatus

from flask import Flask, Response, abort, current_app, g, request
from flask_limiter import Limit, Limiter
from limits import RateLimitItem, RateLimitItemPerMinute

from wallet_service.web import problems

FAILURES_PER_MINUTE = RateLimitItemPerMinute(10)
REQUESTS_PER_MINUTE = RateLimitItemPerMinute(600)

# Where an address holds a secret, not to find it is to have guessed.
GUESSABLE = ("/c/", "/console/invitation/", "/console/sign-in/recovery/")


def address() -> str:
    """Who asks, as far as we can tell."""
    return request.remote_addr or "unknown"


def take(limit: RateLimitItem, *names: str) -> bool:
    """Count one against `limit` for `names`; False when it was used up before."""
    return bool(_limiter().limiter.hit(limit, *names))


def seconds_left(limit: RateLimitItem, *names: str) -> int:
    """How long until `names` may try again: whole seconds, at least one."""
    return max(
        1, round(_limiter().limiter.get_window_stats(limit, *names).reset_time - time.time())
    )


def before_guessing(what: str) -> None:
    """Refuse at once when this address has failed too often at something short enough to guess."""
    if not _limiter().limiter.test(FAILURES_PER_MINUTE, "guess", what, address()):
        refuse(FAILURES_PER_MINUTE, "guess", what, address())


def guessed_wrong(what: str) -> None:
    """Count one wrong guess; `before_guessing` asks for it."""
    take(FAILURES_PER_MINUTE, "guess", what, address())


def refuse(limit: RateLimitItem, *names: str) -> None:
    """Answer 429, and say when to come back."""
    g.retry_after = seconds_left(limit, *names)
    abort(HTTPStatus.TOO_MANY_REQUESTS)


def install(app: Flask) -> None:
    app.config["RATELIMIT_HEADERS_ENABLED"] = False
    Limiter(
        address,
        app=app,
        storage_uri="memory://",
        default_limits=[
            Limit(
                f"{REQUESTS_PER_MINUTE.amount} per minute",
                shared=True,
                scope="requests",
                exempt_when=_is_here,
            )
        ],
    )
    app.after_request(_count_failure)


def _limiter() -> Limiter:
    limiter: Limiter = next(iter(current_app.extensions["limiter"]))
    return limiter


def _is_here() -> bool:
    # From this machine come the practice phones, or a proxy that speaks for everybody.
    return address() in ("127.0.0.1", "::1") or request.endpoint == "asset"


def _count_failure(response: Response) -> Response:
    failed = response.status_code == HTTPStatus.UNAUTHORIZED or (
        response.status_code == HTTPStatus.NOT_FOUND and request.path.startswith(GUESSABLE)
    )
    if not failed:
        return response
    door = request.path.split("/", 2)[1]
    if take(FAILURES_PER_MINUTE, "failure", door, address()):
        return response
    g.retry_after = seconds_left(FAILURES_PER_MINUTE, "failure", door, address())
    return problems.answer(HTTPStatus.TOO_MANY_REQUESTS)
