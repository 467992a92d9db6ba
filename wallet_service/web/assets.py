"""Styles, scripts and icons, each at an address that changes with its content.

Files of others (v/) have their version in their path, so that is all their address says; styles and
scripts of ours may then name them: `../v/inter-5.3.0/inter-latin.woff2`.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

from wallet_service.shipped import shipped
from wallet_service.web.doors import anyone
from wallet_service.web.headers import PUBLIC_FOR_EVER, allow_camera

TEMPLATES = shipped("templates")
FOLDER = TEMPLATES / "assets"

_OF_OTHERS = "v"

# Said here, as what the system's own list knows differs from machine to machine.
_TYPES = {
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_WORTH_ZIPPING = (
    "text/css", "text/javascript", "image/svg+xml", "application/manifest+json", "application/wasm"
)  # fmt: skip

_STEP = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_COMMENT = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    zipped: bytes | None
    mimetype: str
    content_hash: str


def find(name: str) -> Asset | None:
    """The file of that name below the assets' folder, or None; nothing outside it is ever read."""
    # Plain steps down alone: a name that climbs, or begins at the root, is unknown.
    steps = name.split("/")
    if any(not _STEP.fullmatch(step) for step in steps):
        return None
    path = FOLDER.joinpath(*steps)
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else None


def address(name: str) -> str:
    """Where a page finds the file: `asset("till.css")` in a template."""
    found = find(name)
    if found is None:
        raise LookupError(f"There is no asset {name!r}.")
    if name.startswith(f"{_OF_OTHERS}/"):
        return url_for("asset", content_hash=_OF_OTHERS, name=name.partition("/")[2])
    return url_for("asset", content_hash=found.content_hash, name=name)


@anyone
def send(content_hash: str, name: str) -> Response:
    """The file, for ever: its address is its content, or the version of others' files."""
    found = find(f"{_OF_OTHERS}/{name}" if content_hash == _OF_OTHERS else name)
    if found is None or content_hash not in (found.content_hash, _OF_OTHERS):
        abort(404)
    response = _sent(found)
    # A worker's policy is that of its own file, not of the page that starts it.
    return allow_camera(response) if name.endswith(".worker.js") else response


def _sent(found: Asset) -> Response:
    zipped = found.zipped if request.accept_encodings["gzip"] else None
    response = Response(zipped or found.content, mimetype=found.mimetype)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = PUBLIC_FOR_EVER
    return response


def install(app: Flask) -> None:
    app.add_url_rule("/assets/<content_hash>/<path:name>", "asset", send)
    app.add_template_global(address, "asset")


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> Asset:
    # Keyed by the time of change, so that an edited template shows without a restart.
    content = path.read_bytes()
    if path.suffix == ".css":
        content = _COMMENT.sub(b"", content)  # a fifth of a style sheet is words for us
    mimetype = _TYPES.get(
        path.suffix, mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    )
    return Asset(
        content=content,
        zipped=gzip.compress(content, mtime=0) if mimetype in _WORTH_ZIPPING else None,
        mimetype=mimetype,
        content_hash=hashlib.sha256(content).hexdigest()[:12],
    )
