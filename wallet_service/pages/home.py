"""Where somebody who practises begins: the doors, by name. In earnest nothing stands here."""

from flask import Blueprint, render_template

bp = Blueprint("home", __name__)


@bp.get("/")
def home() -> str:
    """The practice phones and the till."""
    return render_template("home.html")
