"""Who asks: the API key in `Authorization: Bearer …`, and what it may do."""

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import structlog
from flask import Response, g, request
from sqlalchemy.exc import OperationalError

from wallet_service.audit import Actor
from wallet_service.brands import api_keys
from wallet_service.brands.api_keys import ApiKey
from wallet_service.db import Busy
from wallet_service.language import phrase
from wallet_service.web import current_wallet
from wallet_service.web.doors import Door, Kind, View, declare
from wallet_service.web.problems import problem

log = structlog.get_logger("api")

_SECRET_LENGTH_MAX = 256


def guard(door: Door) -> Response | None:
    """Let a living key in that holds one of the door's scopes; 401 and 403 to the others."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    found = None
    if scheme.lower() == "bearer" and secret.isascii() and len(secret) <= _SECRET_LENGTH_MAX:
        with current_wallet().database.read() as connection:
            found = api_keys.by_secret(connection, secret)
    if found is None:
        response = problem(
            HTTPStatus.UNAUTHORIZED,
            "unauthorised",
            "A living API key is needed: Authorization: Bearer wk_….",
        )
        response.headers["WWW-Authenticate"] = 'Bearer realm="wallet-service"'
        return response
    if not any(found.may(scope) for scope in door.scopes):
        return problem(
            HTTPStatus.FORBIDDEN,
            "missing_scope",
            f"This key does not hold the scope {' or '.join(door.scopes)}.",
            say=phrase("This till may not do that. Please ask the owner."),
        )
    _note_use(found)
    g.api_key = found
    return None


def _note_use(key: ApiKey) -> None:
    if api_keys.is_noted(key):
        return
    try:
        current_wallet().database.run(api_keys.used, key)
    except (OperationalError, Busy):
        # Whoever only reads must not wait for whoever writes; the next call notes it.
        log.warning("a key's use could not be noted")


def current() -> ApiKey:
    """The key of this request."""
    return cast(ApiKey, g.api_key)


def actor() -> Actor:
    """Whoever holds the key of this request, for the audit log."""
    return Actor(kind="key", id=current().key_id, name=current().name)


def needs(*scopes: str) -> Callable[[View], View]:
    """Open to keys that hold one of `scopes`; the others get 403 `missing_scope`."""
    return declare(Door(kind=Kind.KEY, scopes=scopes))
