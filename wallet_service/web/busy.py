"""A database that does not answer: 503 at every door, and a word to the operator."""

from http import HTTPStatus
from threading import Lock
from time import monotonic

import structlog
from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from wallet_service.db import Busy
from wallet_service.web.paths import is_machine
from wallet_service.web.problems import answer, problem

SAID_EVERY_SECONDS = 1.0

log = structlog.get_logger("web")


def install(app: Flask) -> None:
    for unusable in (Busy, OperationalError, PoolExhausted):
        app.register_error_handler(unusable, _busy)


def _busy(error: Exception) -> Response:
    """The database did not answer in time. Nothing was written, and whoever asked may ask again."""
    if _complaints.is_time():
        # The driver's own words say whether it is busy, gone, or its disk full. Its first line:
        # what follows may quote a statement.
        why = str(getattr(error, "orig", None) or error)
        log.error("the database cannot be used", why=why.partition("\n")[0])
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response = (
        problem(status, "busy", "Nothing was changed. Send the same call again.")
        if is_machine(request.path)
        else answer(status)
    )
    response.headers["Retry-After"] = "1"
    return response


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
