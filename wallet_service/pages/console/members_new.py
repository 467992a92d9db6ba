"""Adding a member: half a minute with somebody who stands before you."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from wallet_service import enrolment, members, programme
from wallet_service.brands.roles import Intention
from wallet_service.enrolment import MemberExists
from wallet_service.members import plain
from wallet_service.pages.console import frame, members_words
from wallet_service.pages.console.member_forms import NewMemberForm
from wallet_service.programme import Ruleset
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _

bp = Blueprint("console_members_new", __name__, url_prefix="/console/<slug>/members/new")

Answer = str | Response | tuple[str, int]


@bp.get("")
@needs(Intention.MEMBERS_ADD)
def ask() -> str:
    """The form, with the name in it that was searched for in vain."""
    visit = frame.current()
    given, _space, family = request.args.get("name", "")[: plain.NAME_LENGTH_MAX].partition(" ")
    form = NewMemberForm(
        formdata=None,
        given_name=given[:1].upper() + given[1:],
        family_name=family.strip(),
        language=visit.brand.language,
    )
    form.ask_for(_rules())
    return _page(form)


@bp.post("")
@needs(Intention.MEMBERS_ADD)
def add() -> Answer:
    """Enrol, and on to the page with the link to her card."""
    visit, wallet, form = frame.current(), current_wallet(), NewMemberForm()
    form.ask_for(_rules())
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        made = wallet.database.run(
            enrolment.add,
            visit.brand.brand_id,
            form.as_new_member(),
            form.event.data,
            wallet.issuing,
            actor=visit.actor,
        )
    except MemberExists as refusal:
        form.take(refusal, "email")
        return _page(form, whose=str(refusal.facts["id"])), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("%(name)s is a member now.", name=form.given_name.data.strip()))
    return redirect(f"{visit.root}/members/{made.member_id}/link", 303)


def _rules() -> Ruleset:
    with current_wallet().database.read() as connection:
        return programme.of_brand(connection, frame.current().brand.brand_id).rules


def _page(form: NewMemberForm, whose: str = "") -> str:
    return render_template(
        "console/members-new.html", visit=frame.current(), form=form, whose=_whose(whose)
    )


def _whose(member_id: str) -> tuple[str, str] | None:
    """Whose address it is already: where the page is, and the name."""
    if not member_id:
        return None
    visit = frame.current()
    with current_wallet().database.read() as connection:
        person = members.read(connection, visit.brand.brand_id, member_id).person
    return f"{visit.root}/members/{member_id}", members_words.whole_name(person)
