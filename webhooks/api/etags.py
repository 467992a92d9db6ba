"""ETags: an answer that is known already is not sent again, and nobody writes over what they did
not see.

https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3 (checked 2026-11-25)
"""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, request

from wallet_service.errors import Refusal
from wallet_service.language import phrase
from webhooks.api.reply import as_text, json_reply


class ChangedMeanwhile(Refusal):
    """What was to be changed is no longer as the caller last saw it."""

    code = "changed_meanwhile"


def tagged(body: Mapping[str, Any], status: int = HTTPStatus.OK) -> Response:
    """A JSON answer with its ETag; 304 without a body for a caller that has it already."""
    tag = _tag(body)
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = json_reply(body, status)
    response.set_etag(tag)
    response.vary.add("Accept-Language")
    return response


def require_unchanged(body: Mapping[str, Any]) -> None:
    """Raises ChangedMeanwhile where If-Match names another state than this one.

    The state must be held by the caller until it is changed.
    """
    if is_guarded() and not request.if_match.contains(_tag(body)):
        raise ChangedMeanwhile(
            phrase("Somebody changed this meanwhile. Look at it again, then change it.")
        )


def require_new() -> None:
    """Raises ChangedMeanwhile where If-Match names a state, and there is none yet."""
    if is_guarded():
        raise ChangedMeanwhile(
            phrase("Somebody changed this meanwhile. Look at it again, then change it.")
        )


def is_guarded() -> bool:
    """Whether the caller says what it last saw."""
    return "If-Match" in request.headers


def _tag(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(as_text(body).encode()).hexdigest()[:32]
