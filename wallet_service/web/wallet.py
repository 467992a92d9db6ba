"""The service that answers this request."""

from flask import current_app

from wallet_service.wallet import Wallet


def current_wallet() -> Wallet:
    """The opened service that `web.install` was given."""
    wallet: Wallet = current_app.extensions["wallet"]
    return wallet
