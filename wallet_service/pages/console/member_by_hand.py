"""By hand: a stamp, a correction, a visit taken back; each with a reason, each once."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from wallet_service.access.approvals import Approval
from wallet_service.brands import names
from wallet_service.brands.roles import Intention
from wallet_service.enrolment import second
from wallet_service.errors import Refusal
from wallet_service.pages.console import frame, member_page, member_visits, members_words
from wallet_service.pages.console.member_forms import BalanceForm, StampsForm, TakeBackForm
from wallet_service.sales import visits
from wallet_service.sales.by_hand import Wish
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

bp = Blueprint("console_member_by_hand", __name__, url_prefix="/console/<slug>/members/<member_id>")

Answer = str | Response | tuple[str, int]


@bp.post("/stamps")
@needs(Intention.MEMBERS_STAMP)
def give(member_id: str) -> Answer:
    """Stamps that should have been given at the counter."""
    form = StampsForm()
    _require(member_id)
    if form.validate():
        try:
            return _do(member_id, form.wish(member_id))
        except Refusal as refusal:
            form.take(refusal, "count")
    return member_page.page(member_id, stamps=form), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/balance")
@needs(Intention.MEMBERS_ADJUST)
def correct(member_id: str) -> Answer:
    """A balance that is wrong, up or down."""
    form = BalanceForm()
    with current_wallet().database.read() as connection:
        view = member_page.found(connection, member_id)
        form.ask_for(member_page.rules_of(connection, view))
    if form.validate():
        try:
            return _do(member_id, form.wish(member_id))
        except Refusal as refusal:
            form.take(refusal, "amount")
    return member_page.page(member_id, balance=form), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/take-back")
@needs(Intention.MEMBERS_ADJUST)
def ask_back(member_id: str) -> str:
    """What will go, before it goes."""
    source, key = request.args.get("source", ""), request.args.get("key", "")
    return _take_back(member_id, TakeBackForm(formdata=None, source=source, key=key))


@bp.post("/take-back")
@needs(Intention.MEMBERS_ADJUST)
def take_back(member_id: str) -> Answer:
    """A visit that should not have been, or a coupon's use."""
    form = TakeBackForm()
    _require(member_id)
    if form.validate():
        try:
            return _do(member_id, form.wish(member_id))
        except Refusal as refusal:
            form.take(refusal, "reason")
    return _take_back(member_id, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _do(member_id: str, wish: Wish) -> Response:
    """Do it, or ask for a second person; then back to the page, which says how the card stands."""
    visit = frame.current()
    done = current_wallet().database.run(second.wish, visit.brand, wish, actor=visit.actor)
    flash(
        _("Asked for. It waits under “Needs you” until somebody else agrees.")
        if isinstance(done, Approval)
        else said(done.news)
    )
    return redirect(f"{visit.root}/members/{member_id}", 303)


def _require(member_id: str) -> None:
    with current_wallet().database.read() as connection:
        member_page.found(connection, member_id)


def _take_back(member_id: str, form: TakeBackForm) -> str:
    visit = frame.current()
    with current_wallet().database.read() as connection:
        view = member_page.found(connection, member_id)
        told = visits.one(connection, member_id, form.source.data or "", form.key.data or "")
        if told is None or not told.can_be_undone:
            abort(HTTPStatus.NOT_FOUND)
        known = names.of(connection, visit.brand.brand_id)
        currency = member_page.rules_of(connection, view).currency
    return render_template(
        "console/member-take-back.html",
        visit=visit,
        name=members_words.whole_name(view.person),
        root=f"{visit.root}/members/{member_id}",
        told=member_visits.shown(told, known, currency),
        form=form,
        words=members_words,
    )
