"""Erasing a member: what goes, what stays, and only soon after showing who one is."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from wallet_service.access.approvals import Approval, BadApprovalId
from wallet_service.brands.roles import Intention
from wallet_service.enrolment import second
from wallet_service.pages.console import frame, member_page, members_words
from wallet_service.pages.console.member_forms import EventForm
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint(
    "console_member_erase", __name__, url_prefix="/console/<slug>/members/<member_id>/erase"
)

Answer = str | Response | tuple[str, int]


@bp.get("")
@needs(Intention.MEMBERS_ERASE, proof=True)
def ask(member_id: str) -> str:
    """What will happen."""
    return _page(member_id, EventForm(formdata=None))


@bp.post("")
@needs(Intention.MEMBERS_ERASE, proof=True)
def erase(member_id: str) -> Answer:
    """Erase, or ask for a second person where the brand's level wants one."""
    visit, form = frame.current(), EventForm()
    with current_wallet().database.read() as connection:
        member_page.found(connection, member_id)
    if not form.validate() or not form.event.data:
        return _page(member_id, EventForm(formdata=None)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        done = current_wallet().database.run(
            second.erasure, visit.brand, member_id, form.event.data, actor=visit.actor
        )
    except BadApprovalId:
        return _page(member_id, EventForm(formdata=None)), HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(done, Approval):
        flash(_("Asked for. It waits under “Needs you” until somebody else agrees."))
        return redirect(f"{visit.root}/members/{member_id}", 303)
    flash(_("Erased. Nothing of the person is left here."))
    return redirect(f"{visit.root}/members", 303)


def _page(member_id: str, form: EventForm) -> str:
    visit = frame.current()
    with current_wallet().database.read() as connection:
        view = member_page.found(connection, member_id)
    return render_template(
        "console/member-erase.html",
        visit=visit,
        name=members_words.whole_name(view.person),
        root=f"{visit.root}/members/{member_id}",
        form=form,
    )
