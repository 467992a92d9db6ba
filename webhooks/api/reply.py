"""What the API answers with: JSON in the order it was written, problems for what was wrong."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Any

import structlog
from flask import Blueprint, Response
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from wallet_service.db import Busy
from wallet_service.language import Phrase
from wallet_service.web import language
from wallet_service.web.problems import problem

SAID_EVERY_SECONDS = 1.0

log = structlog.get_logger("api")


def json_reply(body: Mapping[str, Any], status: int = HTTPStatus.OK) -> Response:
    """A JSON answer."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    return Response(text + "\n", status=status, content_type="application/json")


def said(sentence: Phrase) -> str:
    """A sentence in the language that the caller asked for."""
    return language.said(sentence)


def install(blueprint: Blueprint) -> None:
    """Answer what the doors raise and nobody else knows."""
    blueprint.register_error_handler(ValidationError, _invalid)
    blueprint.register_error_handler(OperationalError, _busy)
    blueprint.register_error_handler(Busy, _busy)


def _invalid(error: ValidationError) -> Response:
    """Everything that is wrong with a body or a query, each with its place, at once."""
    faults = [
        {"where": _where(each["loc"]), "says": _says(each["msg"])}
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    detail = "; ".join(f"{fault['where']}: {fault['says']}" for fault in faults[:10])
    return problem(HTTPStatus.BAD_REQUEST, "invalid", detail, errors=faults[:100])


class _Seldom:
    """Lets one through now and then: a full disk is said once a second, not once a till."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = -SAID_EVERY_SECONDS

    def is_time(self) -> bool:
        now = monotonic()
        with self._lock:
            if now - self._last < SAID_EVERY_SECONDS:
                return False
            self._last = now
            return True


_complaints = _Seldom()


def _busy(error: Exception) -> Response:
    """The database did not answer in time. Nothing was written, and the same call may be sent
    again."""
    if _complaints.is_time():
        # The driver's own words say whether it is busy, gone, or its disk full. Its first line:
        # what follows may quote a statement.
        why = str(getattr(error, "orig", None) or error)
        log.error("the database cannot be used", why=why.partition("\n")[0])
    response = problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Nothing was changed. Send the same call again."
    )
    response.headers["Retry-After"] = "1"
    return response


def _where(place: tuple[int | str, ...]) -> str:
    # A key that we do not know may be as long as the body.
    return ".".join(str(step)[:64] for step in place) or "body"


def _says(message: str) -> str:
    if message == "Extra inputs are not permitted":
        return "is not known here"
    return message.removeprefix("Value error, ")
