"""Settings of the API keys: what machines may do here, each secret shown once."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, flash, redirect
from wtforms import SelectChoice

from wallet_service.brands import api_keys, locations, scope_words
from wallet_service.brands.api_keys import ApiKey, UnknownKey
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.pages.console import frame, missing, settings, settings_once
from wallet_service.pages.console.settings_forms import KeyForm, OnceForm
from wallet_service.pages.console.settings_links import was_shown
from wallet_service.pages.console.sign_in import Answer
from wallet_service.web import current_wallet
from wallet_service.web.doors import needs
from wallet_service.web.language import gettext as _
from wallet_service.web.language import said

bp = Blueprint("settings_keys", __name__, url_prefix="/console/<slug>/settings/keys")
missing.is_404(bp, UnknownKey)


@bp.get("")
@needs(Intention.KEYS_SEE)
def here() -> str:
    """The living keys."""
    with current_wallet().database.read() as connection:
        keys = api_keys.of(connection, frame.current().brand.brand_id)
        return settings.page("keys", keys=keys, opens=_opens, places=_places())


@bp.get("/new")
@needs(Intention.KEYS_CHANGE, proof=True)
def ask() -> str:
    """A key more."""
    form = KeyForm(formdata=None, once=settings_once.new(), scopes=["members", "sales", "coupons"])
    return _new_page(form)


@bp.post("/new")
@needs(Intention.KEYS_CHANGE, proof=True)
def create() -> Answer:
    """Make it, and show its secret this once."""
    form, visit = _offered(KeyForm()), frame.current()
    if not form.validate():
        return _new_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    if settings_once.was_sent(form.once.data):
        return was_shown("keys")
    try:
        key, secret = current_wallet().database.run(
            api_keys.create,
            visit.brand.brand_id,
            name=form.name.data,
            scopes=form.scopes.data,
            locations=form.locations.data,
            actor=visit.actor,
        )
    except Refusal as refusal:
        form.take(refusal, "name")
        return _new_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    settings_once.note(form.once.data)
    return _secret_page(key, secret)


@bp.get("/<key_id>")
@needs(Intention.KEYS_CHANGE, proof=True)
def one(key_id: str) -> str:
    """One key."""
    return _one_page(_found(key_id))


@bp.post("/<key_id>/replace")
@needs(Intention.KEYS_CHANGE, proof=True)
def replace(key_id: str) -> Answer:
    """A new secret in the place of the old one, shown this once."""
    form, visit = OnceForm(), frame.current()
    if not form.validate():
        return _one_page(_found(key_id)), HTTPStatus.UNPROCESSABLE_ENTITY
    if settings_once.was_sent(form.once.data):
        return was_shown("keys")
    key, secret = current_wallet().database.run(api_keys.replace, _found(key_id), actor=visit.actor)
    settings_once.note(form.once.data)
    return _secret_page(key, secret)


@bp.post("/<key_id>/end")
@needs(Intention.KEYS_CHANGE, proof=True)
def end(key_id: str) -> Answer:
    """End it, at once and for good."""
    visit, key = frame.current(), _found(key_id)
    current_wallet().database.run(api_keys.end, key, actor=visit.actor)
    flash(_("%(name)s opens nothing any more.", name=key.name))
    return redirect(f"{visit.root}/settings/keys", 303)


def _found(key_id: str) -> ApiKey:
    with current_wallet().database.read() as connection:
        return api_keys.get(connection, frame.current().brand.brand_id, key_id)


def _opens(key: ApiKey) -> list[str]:
    """What a key opens, in words."""
    return [said(each) for each in scope_words.said(key.scopes)]


def _places() -> Callable[[ApiKey], str]:
    """What says for which shops a key speaks."""
    names = _names()
    return lambda key: ", ".join(sorted(names.get(each, "?") for each in key.locations))


def _names() -> dict[str, str]:
    with current_wallet().database.read() as connection:
        known = locations(connection, frame.current().brand.brand_id)
    return {each.location_id: each.name for each in known}


def _offered(form: KeyForm) -> KeyForm:
    form.scopes.choices = [SelectChoice(scope) for scope, _words in scope_words.offered()]
    form.locations.choices = [SelectChoice(*each) for each in _names().items()]
    return form


def _new_page(form: KeyForm) -> str:
    hints = {scope: said(words) for scope, words in scope_words.offered()}
    return settings.page("keys-new", form=_offered(form), hints=hints)


def _one_page(key: ApiKey) -> str:
    return settings.page(
        "keys-one", key=key, once=settings_once.new(), opens=_opens, places=_places()
    )


def _secret_page(key: ApiKey, secret: str) -> str:
    base = current_wallet().config.base_url
    return settings.page("keys-secret", key=key, secret=secret, base=base)
