"""Settings of security: the three levels side by side in words, and choosing one."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect

from wallet_service.access import choosing
from wallet_service.access.approvals import Approval
from wallet_service.brands import level_words, levels
from wallet_service.brands.levels import LEVELS, LevelName
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.pages.console import frame, settings
from wallet_service.pages.console.member_forms import EventForm
from wallet_service.pages.console.sign_in import Answer
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

bp = Blueprint("settings_security", __name__, url_prefix="/console/<slug>/settings/security")


@bp.get("")
@needs(Intention.SECURITY_SEE)
def here() -> str:
    """All three, with what differs."""
    return settings.page(
        "security",
        levels=tuple(LEVELS),
        rows=level_words.rows(),
        name_of=lambda name: said(levels.name_of(name)),
        who_for=lambda name: said(level_words.who_for(name)),
    )


@bp.get("/<level>")
@needs(Intention.SECURITY_CHANGE, proof=True)
def ask(level: str) -> str:
    """What choosing one will do to people."""
    return _page(_named(level), EventForm(formdata=None))


@bp.post("/<level>")
@needs(Intention.SECURITY_CHANGE, proof=True)
def choose(level: str) -> Answer:
    """Choose it, or ask for a second person where a milder one takes one."""
    visit, name, form = frame.current(), _named(level), EventForm()
    if not form.validate() or not form.event.data:
        return _page(name, EventForm(formdata=None)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        done = current_wallet().database.run(
            choosing.choose, visit.brand.brand_id, name, form.event.data, actor=visit.actor
        )
    except Refusal as refusal:
        form.notice = said(refusal.say)
        return _page(name, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(
        _("Asked for. It waits under “Needs you” until somebody else agrees.")
        if isinstance(done, Approval)
        else _("The level of security is %(level)s now.", level=said(levels.name_of(name)))
    )
    return redirect(f"{visit.root}/settings/security", 303)


def _page(name: LevelName, form: EventForm) -> str:
    visit = frame.current()
    brand, now = visit.brand, visit.level
    return settings.page(
        "security-choose",
        form=form,
        waits=choosing.waits(brand, name),
        locks_me_out=LEVELS[name].second_factor and not visit.session.has_second_factor,
        name=name,
        called=said(levels.name_of(name)),
        is_now=name == now.name,
        is_stricter=levels.is_stricter(LEVELS[name], now),
        consequences=level_words.consequences(now, LEVELS[name]),
    )


def _named(level: str) -> LevelName:
    if level not in set(LevelName):
        abort(HTTPStatus.NOT_FOUND)
    return LevelName(level)
