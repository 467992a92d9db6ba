"""Where somebody who practises begins: the doors, by name. In earnest nothing stands here."""

from flask import Blueprint, render_template

from wallet_service.web.doors import anyone

bp = Blueprint("home", __name__)


@bp.get("/")
@anyone
def home() -> str:
    """The practice phones and the till."""
    return render_template("home.html")
