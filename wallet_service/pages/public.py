"""What a design shows to everybody: colours, strips, logo and icon, under its content's hash."""

from flask import Blueprint, Response, abort

from wallet_service.web import current_wallet
from wallet_service.web.doors import anyone
from wallet_service.web.headers import PUBLIC_FOR_EVER

bp = Blueprint("public", __name__)


@bp.get("/design/<content_hash>/<name>")
@anyone
def design_file(content_hash: str, name: str) -> Response:
    found = current_wallet().design_file(content_hash, name)
    if found is None:
        abort(404)
    content, mimetype = found
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = PUBLIC_FOR_EVER
    return response
