"""A member's closed link: to scan, to copy, to print; and a new one in its place."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from passes import barcode, faces
from wallet_service import clock
from wallet_service.brands import designs
from wallet_service.brands.roles import Intention
from wallet_service.enrolment import links
from wallet_service.language import phrase
from wallet_service.members import MemberView
from wallet_service.members.links import expires_at
from wallet_service.pages.console import frame, member_page, members_words
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint(
    "console_member_link", __name__, url_prefix="/console/<slug>/members/<member_id>/link"
)


@bp.get("")
@needs(Intention.MEMBERS_ADD)
def here(member_id: str) -> str:
    """The link with its code."""
    with current_wallet().database.read() as connection:
        view = member_page.found(connection, member_id)
        return render_template("console/member-link.html", **_shown(connection, view))


@bp.get("/print")
@needs(Intention.MEMBERS_ADD)
def on_paper(member_id: str) -> str:
    """A sheet to give away: the card, the code, and a sentence in the member's language."""
    visit = frame.current()
    with current_wallet().database.read() as connection:
        view = member_page.found(connection, member_id)
        shown = _shown(connection, view)
        design = designs.current(connection, visit.brand.brand_id)
        card = current_wallet().card_of(connection, member_id, view.person.person_id)
    language = view.person.language
    invites = phrase(
        "{name}, here is your {brand} card.", name=view.person.given_name, brand=visit.brand.name
    )
    asks = phrase("Point your phone's camera at the square and add the card to your phone.")
    # Of two codes side by side a camera takes the wrong one: the link's stands alone here.
    front = faces.front(replace(card, code=""), design, f"/design/{design.content_hash}")
    return render_template(
        "console/member-print.html",
        **shown,
        front=front,
        language=language,
        invites=invites.say(language),
        asks=asks.say(language),
    )


@bp.post("")
@needs(Intention.MEMBERS_ADD)
def renew(member_id: str) -> Response:
    """A new link; the one before opens nothing any more."""
    visit = frame.current()
    with current_wallet().database.read() as connection:
        member_page.found(connection, member_id)
    current_wallet().database.run(links.revoke, visit.brand.brand_id, member_id, actor=visit.actor)
    flash(_("The link before this one opens nothing any more."))
    return redirect(f"{visit.root}/members/{member_id}/link", 303)


def _shown(connection: Connection, view: MemberView) -> dict[str, object]:
    visit, person = frame.current(), view.person
    url = current_wallet().links.invitation_url(connection, person.member_id, person.person_id)
    ends = expires_at(connection, person.member_id, person.person_id)
    return {
        "visit": visit,
        "root": f"{visit.root}/members/{person.member_id}",
        "name": members_words.whole_name(person),
        "person": person,
        "url": url,
        "qr": barcode.svg(url),
        "ends": ends,
        "is_over": ends <= clock.now(),
        "words": members_words,
    }
