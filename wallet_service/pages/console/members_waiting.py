"""What one person asked for and a second one decides."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template
from werkzeug.wrappers import Response

from wallet_service import members
from wallet_service.access import approvals
from wallet_service.access.approvals import UnknownApproval
from wallet_service.brands import names
from wallet_service.brands.roles import Intention
from wallet_service.enrolment import second
from wallet_service.errors import Refusal
from wallet_service.pages.console import frame, members_words
from wallet_service.pages.console.member_forms import RefuseForm
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

bp = Blueprint("console_approvals", __name__, url_prefix="/console/<slug>/approvals/<approval_id>")

Answer = str | Response | tuple[str, int]


@bp.get("")
@needs(Intention.APPROVALS_DECIDE, proof=True)
def here(approval_id: str) -> str:
    """What was asked for, by whom and why; whoever asked may read it too."""
    return _page(approval_id, RefuseForm(formdata=None))


@bp.post("/agree")
@needs(Intention.APPROVALS_DECIDE, proof=True)
def agree(approval_id: str) -> Answer:
    """Agree, and it is done."""
    visit, form = frame.current(), RefuseForm(formdata=None)
    try:
        current_wallet().database.run(second.agree, visit.brand, approval_id, actor=visit.actor)
    except UnknownApproval:
        abort(HTTPStatus.NOT_FOUND)
    except Refusal as refusal:
        form.notice = said(refusal.say)
        return _page(approval_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Agreed, and done."))
    return redirect(visit.root, 303)


@bp.post("/refuse")
@needs(Intention.APPROVALS_DECIDE, proof=True)
def refuse(approval_id: str) -> Answer:
    """Say no, and why; nothing is changed on the card."""
    visit, form = frame.current(), RefuseForm()
    if form.validate():
        try:
            current_wallet().database.run(
                second.disagree, visit.brand, approval_id, form.reason.data, actor=visit.actor
            )
        except UnknownApproval:
            abort(HTTPStatus.NOT_FOUND)
        except Refusal as refusal:
            form.take(refusal, "reason")
        else:
            flash(_("Refused; whoever asked can read why."))
            return redirect(visit.root, 303)
    return _page(approval_id, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _page(approval_id: str, form: RefuseForm) -> str:
    visit = frame.current()
    with current_wallet().database.read() as connection:
        try:
            found = approvals.get(connection, visit.brand.brand_id, approval_id)
        except UnknownApproval:
            abort(HTTPStatus.NOT_FOUND)
        known = names.of(connection, visit.brand.brand_id)
        try:
            person = members.read(connection, visit.brand.brand_id, found.subject).person
            name = members_words.whole_name(person)
        except LookupError:
            name = ""
    return render_template(
        "console/members-waiting.html",
        visit=visit,
        approval=found,
        deed=said(second.said(found.facts)),
        reason=second.reason(found.facts),
        name=name,
        about_brand=found.subject == visit.brand.brand_id,
        asker=known.person(found.asked_by),
        decider=known.person(found.decided_by),
        is_mine=found.asked_by == visit.staff.staff_id,
        form=form,
        words=members_words,
    )
