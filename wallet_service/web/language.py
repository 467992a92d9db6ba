"""Choosing the language of a page: the person's own where we know her, else the browser's."""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, get_locale, refresh

from wallet_service.language import LANGUAGES, TRANSLATIONS, Phrase


def speak(language: str) -> None:
    """Go on in `language` for the rest of this request."""
    g.language = language if language in LANGUAGES else "en"
    refresh()


def chosen() -> str:
    """The language of this request: one of ours, English when there is no better."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        # A browser says `sv-FI`; the primary part is what we know.
        wanted = (tag.partition("-")[0].lower() for tag, _ in request.accept_languages)
        g.language = next((tag for tag in wanted if tag in LANGUAGES), "en")
    return str(g.language)


def said(phrase: Phrase) -> str:
    """A phrase in the language of this request."""
    return phrase.say(chosen())


def install(app: Flask) -> None:
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    Babel(app, locale_selector=chosen)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.add_template_filter(said, "said")
    app.add_template_global(chosen, "chosen_language")
    app.add_template_global(get_locale, "locale")
