"""The web application: every door, mounted on one opened service."""

from flask import Flask

from wallet_service import pages, web
from wallet_service.config import Config
from wallet_service.wallet import Wallet
from webhooks import api, apple, practice


def create_app(config: Config, wallet: Wallet | None = None) -> Flask:
    """The web application of a service (opened here, unless the caller has it open)."""
    wallet = wallet or Wallet.open(config)
    app = Flask("wallet_service", static_folder=None, template_folder=None)
    web.install(app, wallet)
    app.register_blueprint(apple.blueprint, url_prefix="/apple")
    api.install(app, "/api/v1")
    if config.is_practice:
        app.register_blueprint(practice.blueprint, url_prefix="/practice")
    pages.install(app, practice=config.is_practice)
    return app
