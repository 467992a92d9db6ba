"""Home: the shop in a sentence, its figures, what needs somebody, and what is alive."""

from datetime import datetime

from flask import Blueprint, render_template

from wallet_service import audit, clock
from wallet_service.brands.roles import Intention
from wallet_service.pages import when
from wallet_service.pages.console import frame, home_charts, home_needs, home_words
from wallet_service.phones import alive
from wallet_service.sales import figures
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs

bp = Blueprint("console_home", __name__, url_prefix="/console/<slug>")

LATELY = 6


@bp.get("")
@needs(Intention.CONSOLE_ENTER)
def here() -> str:
    """What there is to see for this role; a cashier's work is at the till."""
    visit = frame.current()
    if not visit.may(Intention.FIGURES_SEE):
        return render_template("console/home-short.html", visit=visit)
    now, zone = clock.now(), visit.brand.zone
    wallet = current_wallet()
    with wallet.database.read() as connection:
        read = figures.read(connection, visit.brand.brand_id, zone, now)
        telling = alive.telling(connection, visit.brand.brand_id)
        return render_template(
            "console/home.html",
            visit=visit,
            greeting=home_words.greeting(visit.account.name, now, zone),
            figures=read,
            story=home_words.story(read, zone),
            week=home_words.week(read),
            visits=home_charts.visits(read) if read.has_visits else None,
            months=home_charts.months(read) if len(read.months) > 1 else None,
            needs=home_needs.of(connection, visit, now),
            telling=telling,
            left=home_words.left(telling),
            alive=home_needs.seen_alive(connection, visit, telling, now),
            lately=audit.read(connection, visit.brand.brand_id, limit=LATELY)
            if visit.may(Intention.AUDIT_SEE)
            else (),
            near=_near,
        )


def _near(moment: datetime) -> str:
    return when.near(moment, frame.current().brand.zone)
