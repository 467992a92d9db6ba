"""Settings of security: the three levels side by side in words, and choosing one."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect

from wallet_service import brands
from wallet_service.brands import level_words, levels
from wallet_service.brands.levels import LEVELS, LevelName
from wallet_service.brands.roles import Intention
from wallet_service.pages.console import frame, settings
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
    name, now = _named(level), frame.current().level
    return settings.page(
        "security-choose",
        name=name,
        called=said(levels.name_of(name)),
        is_now=name == now.name,
        is_stricter=levels.is_stricter(LEVELS[name], now),
        consequences=level_words.consequences(now, LEVELS[name]),
    )


@bp.post("/<level>")
@needs(Intention.SECURITY_CHANGE, proof=True)
def choose(level: str) -> Answer:
    """Choose it."""
    visit, name = frame.current(), _named(level)
    current_wallet().database.run(brands.set_level, visit.brand.brand_id, name, actor=visit.actor)
    flash(_("The level of security is %(level)s now.", level=said(levels.name_of(name))))
    return redirect(f"{visit.root}/settings/security", 303)


def _named(level: str) -> LevelName:
    if level not in set(LevelName):
        abort(HTTPStatus.NOT_FOUND)
    return LevelName(level)
