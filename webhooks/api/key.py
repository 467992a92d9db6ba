"""Who asks: the API key in `Authorization: Bearer …`, and what it may do."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import ParamSpec, cast

from flask import Response, g, request

from wallet_service.brands import api_keys
from wallet_service.brands.api_keys import ApiKey
from wallet_service.language import phrase
from wallet_service.web import current_wallet
from wallet_service.web.problems import problem

P = ParamSpec("P")

_SECRET_LENGTH_MAX = 256


def authorise() -> Response | None:
    """Let a living key in; answer 401 to everybody else."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() == "bearer" and secret.isascii() and len(secret) <= _SECRET_LENGTH_MAX:
        with current_wallet().database.read() as connection:
            found = api_keys.by_secret(connection, secret)
        if found is not None:
            g.api_key = found
            return None
    response = problem(
        HTTPStatus.UNAUTHORIZED,
        "unauthorised",
        "A living API key is needed: Authorization: Bearer wk_….",
    )
    response.headers["WWW-Authenticate"] = 'Bearer realm="wallet-service"'
    return response


def current() -> ApiKey:
    """The key of this request."""
    return cast(ApiKey, g.api_key)


def needs(*scopes: str) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Let only keys through that hold one of `scopes`; the others get 403 `missing_scope`."""

    def guard(view: Callable[P, Response]) -> Callable[P, Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            if not any(current().may(scope) for scope in scopes):
                return problem(
                    HTTPStatus.FORBIDDEN,
                    "missing_scope",
                    f"This key does not hold the scope {' or '.join(scopes)}.",
                    say=phrase("This till may not do that. Please ask the owner."),
                )
            return view(*args, **kwargs)

        return guarded

    return guard
