"""What a path may look like: plain text, single slashes (but for phones), no control characters."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, abort, request

# Apple's phones append `/v1/…` to the web service address as it stands in the pass, slash or not.
FORGIVING = "/apple/"

MACHINES = ("/api", "/apple", "/google", "/practice", "/livez", "/readyz", "/metrics")

_ODD = re.compile("[\x00-\x1f\x7f\ufffd]")

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def is_machine(path: str) -> bool:
    """Whether a machine asks here: it never gets a page, and brings no cookie."""
    return any(path == door or path.startswith(door + "/") for door in MACHINES)


def collapse_slashes(application: WsgiApp) -> WsgiApp:
    """Read `/apple//v1` as `/apple/v1`, without the redirect that a phone would not follow."""

    def collapsed(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(FORGIVING) and "//" in path:
            environ["PATH_INFO"] = re.sub("/{2,}", "/", path)
        return application(environ, start_response)

    return collapsed


def refuse_odd_bytes() -> None:
    """Nothing that we ever gave out holds a control character or bytes that are not UTF-8."""
    if _ODD.search(request.path):
        abort(404)


def install(app: Flask) -> None:
    app.wsgi_app = collapse_slashes(app.wsgi_app)  # type: ignore[method-assign,assignment]
    app.url_map.merge_slashes = False
    app.before_request(refuse_odd_bytes)
