"""Choosing the language of a page: the person's own where we know her, else the browser's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import flask_babel
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, refresh
from markupsafe import Markup, escape

from passes import speech
from wallet_service.language import LANGUAGES, TRANSLATIONS, Phrase, Words
from wallet_service.language import day as written_day


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


def gettext(text: str, **parts: object) -> str:
    """A page's own words in the language of this request; imported as `_`."""
    return str(flask_babel.gettext(text, **parts))


def said(phrase: Phrase) -> str:
    """A phrase in the language of this request."""
    return phrase.say(chosen())


def spoken(words: Phrase | Words | str, foreign: speech.Foreign = ()) -> Markup:
    """Words in the language of this request; what comes out in another is marked with its own.

    For text between tags, as it may bring a `<span lang>`; in an attribute `said` stands. Of a
    plain text, `foreign` names what is in another language.
    """
    if isinstance(words, str):
        return speech.marked(words, foreign)
    language = chosen()
    return Markup("").join(
        escape(piece.text)
        if piece.language == language
        else speech.span(piece.text, piece.language)
        for piece in words.pieces(language)
    )


def long_day(day: date) -> str:
    """A day as it stands in a sentence of this request's language."""
    return written_day(day, chosen())


def local_day(moment: datetime, time_zone: str) -> str:
    """The day of a moment, where the shop is."""
    return long_day(moment.astimezone(ZoneInfo(time_zone)).date())


def install(app: Flask) -> None:
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    Babel(app, locale_selector=chosen)
    for filter_ in (said, spoken, long_day, local_day):
        app.add_template_filter(filter_, filter_.__name__)
    app.add_template_global(chosen, "chosen_language")
