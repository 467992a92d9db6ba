"""Whether the service lives, and whether it can work: for whoever watches it."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from wallet_service.web import current_wallet
from wallet_service.web.doors import anyone
from wallet_service.web.problems import problem

bp = Blueprint("health", __name__)


@bp.get("/livez")
@anyone
def live() -> Response:
    """The process answers."""
    response = Response("alive\n", mimetype="text/plain")
    response.headers["Service-Mark"] = current_wallet().mark  # `doctor` knows its own by it
    return response


@bp.get("/readyz")
@anyone
def ready() -> Response:
    """The process answers, and so does its database: the one that it was started with."""
    try:
        with current_wallet().database.read() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return problem(503, "unavailable", "The database does not answer.")
    file = current_wallet().database.file
    if file is not None and file.was_replaced:
        return problem(503, "unavailable", "Another database file stands in the place of ours.")
    return Response("ready\n", mimetype="text/plain")
