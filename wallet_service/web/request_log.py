"""One line a request: the route's pattern and the status, never the path, which may be a secret."""

import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("web")


def route() -> str:
    """The pattern of the route that answers, or `unmatched`."""
    return request.url_rule.rule if request.url_rule else "unmatched"


def install(app: Flask) -> None:
    def start() -> None:
        g.began = time.monotonic()

    def tell(response: Response) -> Response:
        took = time.monotonic() - g.get("began", time.monotonic())
        # Files and probes are many and say nothing; who wants them turns on debug.
        quiet = request.endpoint in ("asset", "health.live", "health.ready")
        (log.debug if quiet else log.info)(
            "request",
            method=request.method,
            route=route(),
            status=response.status_code,
            ms=round(took * 1000, 1),
        )
        return response

    def log_exception(exc_info: object) -> None:
        # Flask's own would log the path, and some of our paths are secrets.
        log.error("request failed", method=request.method, route=route(), exc_info=exc_info)

    app.before_request(start)
    app.after_request(tell)
    app.log_exception = log_exception  # type: ignore[method-assign]
