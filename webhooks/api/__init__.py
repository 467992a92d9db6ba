"""Our own REST API for tills, POS, CRM and apps: Bearer keys, JSON, problem details (RFC 9457).

docs/api.md describes every call and lists every code that a refusal may carry.
"""

from flask import Blueprint, Flask

from wallet_service.web import doors
from wallet_service.web.doors import Kind
from webhooks.api import (
    adjustments,
    batches,
    coupons,
    document,
    key,
    ledger,
    members,
    offers,
    reply,
    sales,
    scan,
    tickets,
)

blueprint = Blueprint("api", __name__)
reply.install(blueprint)
for door in (
    members,
    scan,
    sales,
    adjustments,
    offers,
    coupons,
    tickets,
    batches,
    ledger,
    document,
):
    door.add_to(blueprint)


def install(app: Flask, url_prefix: str) -> None:
    """Mount the API; `web.install` comes first."""
    doors.guard(app, {Kind.KEY: key.guard})
    app.register_blueprint(blueprint, url_prefix=url_prefix)


__all__ = ["install"]
