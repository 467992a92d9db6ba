"""Whether passkeys are on offer at this address, and the calls that begin with one."""

from urllib.parse import urlsplit

from flask import Response, request

from wallet_service.access import passkeys
from wallet_service.access.passkeys import Asked, Party
from wallet_service.config import is_loopback
from wallet_service.pages.console import cookies
from wallet_service.web import current_wallet

ISSUER = "Wallet service"


def party() -> Party | None:
    """Whose passkeys this address may ask for; None where browsers allow none."""
    config = current_wallet().config
    return passkeys.party(config.base_url, is_practice=config.is_practice, host=request.host)


def elsewhere() -> str | None:
    """Under which other address of this machine they are on offer, where it is tried out."""
    config = current_wallet().config
    parts = urlsplit(config.base_url)
    if not config.is_practice or not is_loopback(parts.hostname or ""):
        return None
    return f"http://localhost:{parts.port}/console" if parts.port else None


def asked(ask: Asked) -> Response:
    """What the browser is to do, for passkeys.js; the browser keeps what brings it back."""
    response = Response(ask.options, mimetype="application/json")
    cookies.keep(response, cookies.PASSKEY, ask.token)
    return response
