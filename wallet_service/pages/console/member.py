"""A member's page: the card, what is on it, what happened to it, and what the phones show."""

from flask import Blueprint

from wallet_service.brands.roles import Intention
from wallet_service.pages.console import member_page
from wallet_service.web.doors import needs

bp = Blueprint("console_member", __name__, url_prefix="/console/<slug>/members/<member_id>")


@bp.get("")
@needs(Intention.MEMBERS_SEE)
def here(member_id: str) -> str:
    """All of it."""
    return member_page.page(member_id)
