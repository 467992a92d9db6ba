"""What is known of a member, corrected."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from wallet_service import enrolment, members
from wallet_service.brands.roles import Intention
from wallet_service.enrolment import MemberExists
from wallet_service.members import MemberView
from wallet_service.pages.console import frame, member_forms, member_page, members_words
from wallet_service.pages.console.member_forms import DetailsForm
from wallet_service.sales.by_hand import SOURCE
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint(
    "console_member_details", __name__, url_prefix="/console/<slug>/members/<member_id>/details"
)

Answer = str | Response | tuple[str, int]


@bp.get("")
@needs(Intention.MEMBERS_CORRECT)
def ask(member_id: str) -> str:
    """The form, with what is known in it."""
    with current_wallet().database.read() as connection:
        view = member_page.found(connection, member_id)
        form = DetailsForm(formdata=None, **member_forms.of(view.person, view.consents))
        form.ask_for(member_page.rules_of(connection, view))
    return _page(view, form)


@bp.post("")
@needs(Intention.MEMBERS_CORRECT)
def correct(member_id: str) -> Answer:
    """Change it, and let the card say it."""
    visit, wallet, form = frame.current(), current_wallet(), DetailsForm()
    with wallet.database.read() as connection:
        view = member_page.found(connection, member_id)
        form.ask_for(member_page.rules_of(connection, view))
    if not form.validate():
        return _page(view, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        wallet.database.run(
            enrolment.correct,
            visit.brand.brand_id,
            member_id,
            form.as_changes(),
            SOURCE,
            actor=visit.actor,
        )
    except MemberExists as refusal:
        form.take(refusal, "email")
        other = str(refusal.facts["id"])
        return _page(view, form, other), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Saved."))
    return redirect(f"{visit.root}/members/{member_id}", 303)


def _page(view: MemberView, form: DetailsForm, other: str = "") -> str:
    visit = frame.current()
    whose = None
    if other:
        with current_wallet().database.read() as connection:
            person = members.read(connection, visit.brand.brand_id, other).person
        whose = (f"{visit.root}/members/{other}", members_words.whole_name(person))
    return render_template(
        "console/member-details.html",
        visit=visit,
        name=members_words.whole_name(view.person),
        root=f"{visit.root}/members/{view.member.member_id}",
        form=form,
        whose=whose,
    )
