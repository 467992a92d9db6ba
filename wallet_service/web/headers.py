"""The headers that every answer carries."""

from flask import Blueprint, Flask, Response

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def _policy(sources: dict[str, str]) -> str:
    return "; ".join(f"{what} {where}" for what, where in sources.items())


EVERYWHERE = {
    "Content-Security-Policy": _policy(_SOURCES),
    "X-Content-Type-Options": "nosniff",
    # Links carry tokens; no other site shall learn one from us.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Most of what we show is somebody's own. What is public says so itself.
    "Cache-Control": "no-store",
}

# What looks for codes in a picture is WebAssembly, in a worker of its own.
WITH_CAMERA = {
    "Content-Security-Policy": _policy(
        _SOURCES
        | {
            "script-src": "'self' 'wasm-unsafe-eval'",
            "worker-src": "'self'",
            "media-src": "'self' blob:",
        }
    ),
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}

PUBLIC_FOR_EVER = "public, max-age=31536000, immutable"


def install(app: Flask, *, https: bool) -> None:
    def dress(response: Response) -> Response:
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    app.after_request(dress)


def let_use_the_camera(pages: Blueprint) -> None:
    """Let these pages, and no others, open the camera and look for codes in its picture."""
    pages.after_request(allow_camera)


def allow_camera(response: Response) -> Response:
    """Put the wider policy on an answer."""
    # Flask asks the blueprint first; what stands on every answer then finds this already there.
    response.headers.update(WITH_CAMERA)
    return response
