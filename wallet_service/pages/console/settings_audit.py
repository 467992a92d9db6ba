"""What happened: who changed what, and when, in sentences."""

from flask import Blueprint, request

from wallet_service import audit
from wallet_service.brands.roles import Intention
from wallet_service.pages.console import frame, settings
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs

bp = Blueprint("settings_audit", __name__, url_prefix="/console/<slug>/settings/audit")

PAGE = 50


@bp.get("")
@needs(Intention.AUDIT_SEE)
def here() -> str:
    """A page of the log, the newest first."""
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    with current_wallet().database.read() as connection:
        brand_id = frame.current().brand.brand_id
        lines = audit.read(connection, brand_id, before=before, limit=PAGE)
        total = audit.count(connection, brand_id)
    # Lines are numbered without a gap, so the pages beside this one can be told from it.
    first, last = (lines[0].number, lines[-1].number) if lines else (0, 0)
    return settings.page(
        "audit",
        lines=lines,
        total=total,
        earlier=last if last > 1 else None,
        later=first + PAGE + 1 if 0 < first < total else None,
    )
