"""What every door shares: headers, problems, limits, language, assets, the log of requests."""

from flask import Flask
from jinja2 import FileSystemLoader

from wallet_service.wallet import Wallet
from wallet_service.web import (
    assets,
    busy,
    doors,
    forgery,
    headers,
    language,
    limits,
    paths,
    problems,
    request_log,
    typed,
)
from wallet_service.web.wallet import current_wallet

__all__ = ["current_wallet", "install"]

LARGEST_BODY_BYTES = 1024 * 1024


def install(app: Flask, wallet: Wallet) -> None:
    """Give `app` all that its doors share. Call it once, before the doors are registered."""
    app.extensions["wallet"] = wallet
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    if not app.secret_key:
        app.secret_key = wallet.keyring.derive("web-session", "cookies")
    app.jinja_loader = FileSystemLoader(assets.TEMPLATES / "pages")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    # Flask runs what is said after a request from the last registered to the first: the log
    # comes first here, so that it sees the status that really goes out.
    request_log.install(app)
    headers.install(app, https=wallet.config.service.url.startswith("https:"))
    paths.install(app)
    language.install(app)
    problems.install(app)
    busy.install(app)
    limits.install(app)
    typed.install(app)
    forgery.install(app, https=wallet.config.service.url.startswith("https:"))
    assets.install(app)
    doors.install(app)
