"""Our own REST API for tills, POS, CRM and apps: Bearer keys, JSON, problem details (RFC 9457).

docs/api.md describes every call and lists every code that a refusal may carry.
"""

from flask import Blueprint

from webhooks.api import coupons, key, members, reply, sales, scan

blueprint = Blueprint("api", __name__)
blueprint.before_request(key.authorise)
reply.install(blueprint)
for door in (members, scan, sales, coupons):
    door.add_to(blueprint)

__all__ = ["blueprint"]
