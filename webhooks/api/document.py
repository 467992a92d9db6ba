"""The OpenAPI document, open to anyone: made of what stands over each view, so it cannot differ.

https://spec.openapis.org/oas/v3.1.1 (checked 2026-11-25)
"""

from flask import Blueprint, Response, current_app

from wallet_service.web.doors import anyone
from webhooks.api import openapi
from webhooks.api.etags import tagged

NAME = "openapi"


@anyone
def read() -> Response:
    """Every call there is: what it takes, what it answers, what may go wrong, what it needs."""
    return tagged(openapi.document(current_app))


def add_to(blueprint: Blueprint) -> None:
    """Put the document under the API's address."""
    blueprint.get("/openapi.json", endpoint=NAME)(read)
