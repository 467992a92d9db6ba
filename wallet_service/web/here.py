"""Whether a request comes from this machine itself: what practice mode shows is for nobody else."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import abort, request

from wallet_service.config import is_loopback
from wallet_service.web.wallet import current_wallet


def require() -> None:
    """404 for everybody who is elsewhere."""
    here = is_loopback(request.remote_addr or "") and _is_our_name(request.host)
    # A proxy on this machine speaks from it too, for anybody in the world.
    if not here or any(_tells_of_a_proxy(name) for name, _ in request.headers):
        abort(HTTPStatus.NOT_FOUND)


def _is_our_name(host: str) -> bool:
    # Another site's name may be made to point at this machine; its pages must find nothing here.
    # The name in the settings is no exception: a public one leads the world here.
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    ours = urlsplit(current_wallet().config.base_url).hostname
    return is_loopback(name) or (name == ours and name.endswith(".localhost"))


def _tells_of_a_proxy(header: str) -> bool:
    name = header.lower()
    return name in ("forwarded", "via", "x-real-ip") or name.startswith("x-forwarded-")
