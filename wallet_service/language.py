"""Sentences in English, Finnish and Swedish, for rooms that know no web framework.

A room says what it means as a `Phrase`; whoever shows it chooses the language. English is the
text itself, the others come from the catalogues in `translations/` (gettext, shared with the
pages).

A person reads the service's words in her language, and the shop's own words (`Words`) in her
language where the shop wrote them, else in the brand's language, else in any that there is.
"""

import gettext
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision

LANGUAGES = ("en", "fi", "sv")
TRANSLATIONS = Path(__file__).parent / "translations"

# A day and an hour, short, as each language writes them; CLDR's own have the year or no month.
_MOMENTS = {"en": "d MMM HH:mm", "fi": "d.M. 'klo' HH.mm", "sv": "d MMM 'kl.' HH:mm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount of money, in minor units of its currency; said as people of a language write it."""

    amount: int
    currency: str

    def say(self, language: str) -> str:
        return money(self.amount, self.currency, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day, said as people of a language write it."""

    date: date

    def say(self, language: str) -> str:
        return day(self.date, language)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a sentence, and the language that they are in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The shop's own words, as it gave them in each language, with `{name}` places filled.

    `fallback` is the brand's language, which is spoken where a person's own is missing.
    """

    words: Mapping[str, str]
    parts: Mapping[str, "str | int | Phrase | Words | Money | Day"] = field(default_factory=dict)
    fallback: str = "en"

    def say(self, language: str) -> str:
        return _text(self.pieces(language))

    def pieces(self, language: str) -> tuple[Piece, ...]:
        """What is said, with the language that each part came out in."""
        text = in_words(self.words, language, self.fallback)
        # Whatever is put in stands in the shop's sentence, so it speaks the sentence's language.
        pieces = _fill(text, self.parts, spoken_in(self.words, language, self.fallback))
        if not text.startswith("{") or not pieces:
            return pieces
        # "{left} more and the bouquet is on us." begins with a word that knows no capital.
        first = pieces[0]
        return (Piece(first.text[:1].upper() + first.text[1:], first.language), *pieces[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A sentence that is not yet in any language.

    `text` is the English one with `{name}` places; `plural` and `count` choose between one and
    many. Values are put in as they are: a brace or a percent sign in a name means nothing.
    """

    text: str
    plural: str | None = None
    count: int = 1
    parts: Mapping[str, "str | int | Phrase | Words | Money | Day"] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """The sentence in `language` (English when the language is unknown)."""
        return _text(self.pieces(language))

    def pieces(self, language: str) -> tuple[Piece, ...]:
        """What is said, with the language that each part came out in."""
        spoken = language if language in LANGUAGES else "en"
        catalogue = _catalogue(spoken)
        if self.plural is None:
            text = catalogue.gettext(self.text)
        else:
            text = catalogue.ngettext(self.text, self.plural, self.count)
        return _fill(text, self.parts, spoken)

    def in_all(self) -> dict[str, str]:
        """The sentence in every language of the service."""
        return {language: self.say(language) for language in LANGUAGES}

    def as_json(self) -> str:
        """Text that `from_json` reads back; used where an answer must be kept."""
        return json.dumps(_plain(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The phrase that `as_json` wrote."""
        phrase = _revive(json.loads(text))
        if not isinstance(phrase, cls):
            raise ValueError("This is not a phrase.")
        return phrase


def phrase(text: str, **parts: "str | int | Phrase | Words | Money | Day") -> Phrase:
    """A sentence with named places: `phrase("Good until {day}", day=Day(...))`."""
    return Phrase(text=text, parts=parts)


def phrases(
    text: str, plural: str, n: int, **parts: "str | int | Phrase | Words | Money | Day"
) -> Phrase:
    """A sentence that differs for one and for many; `{n}` is the number."""
    return Phrase(text=text, plural=plural, count=n, parts={"n": n, **parts})


def verbatim(text: str) -> Phrase:
    """Words that are already somebody's own (a shop's offer name): shown as they are."""
    return Phrase(text="{words}", parts={"words": text})


def spoken_in(words: Mapping[str, str], language: str, fallback: str) -> str:
    """The language in which `words` are read: hers, else the brand's, else any there is."""
    choices = (language, fallback, *LANGUAGES, *words)
    return next((choice for choice in choices if words.get(choice)), language)


def in_words(words: Mapping[str, str], language: str, fallback: str) -> str:
    """The shop's own words in `language`, or in the next best one there is."""
    return words.get(spoken_in(words, language, fallback), "")


def money(amount: int, currency: str, language: str) -> str:
    """`amount` minor units as `language` writes money: 12.50 € in English, 12,50 € in Finnish."""
    precision = get_currency_precision(currency)
    value = amount / 10**precision
    if amount % 10**precision == 0:
        return format_currency(
            value, currency, format="#,##0 ¤", locale=locale_of(language), currency_digits=False
        )
    return format_currency(value, currency, format="#,##0.00 ¤", locale=locale_of(language))


def day(value: date, language: str) -> str:
    """A day and month, with the year, as `language` writes it in a sentence."""
    return format_date(value, format="long", locale=locale_of(language))


def moment(value: datetime, time_zone: str, language: str) -> str:
    """A local date and time of day, short."""
    local = value.astimezone(ZoneInfo(time_zone))
    pattern = _MOMENTS.get(language, _MOMENTS["en"])
    return format_datetime(local, format=pattern, locale=locale_of(language))


def clock_time(value: datetime | time) -> Phrase:
    """An hour and a minute by the clock: 14:05, and 14.05 in Finnish."""
    return phrase("{hour}:{minute}", hour=f"{value:%H}", minute=f"{value:%M}")


def locale_of(language: str) -> str:
    return {"en": "en_GB", "fi": "fi_FI", "sv": "sv_SE"}.get(language, "en_GB")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("messages", TRANSLATIONS, [language], fallback=True)


def _fill(
    text: str,
    parts: "Mapping[str, str | int | Phrase | Words | Money | Day]",
    language: str,
) -> tuple[Piece, ...]:
    # One pass over the text, so that nothing inside a value is ever looked at again.
    filled: list[Piece] = []
    for words, name, as_written in _places(text):
        filled.append(Piece(words, language))
        if name is not None and name in parts:
            filled += _spoken(parts[name], language)
        elif as_written:
            filled.append(Piece(as_written, language))
    return _joined(filled)


@lru_cache(maxsize=4096)
def _places(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """The words before each place, its name (None where there is none) and how it is written.

    The same few texts are filled at every sale, in every language.
    """
    places: list[tuple[str, str | None, str]] = []
    rest = text
    while True:
        before, opened, after = rest.partition("{")
        if not opened:
            return (*places, (before, None, ""))
        name, closed, rest = after.partition("}")
        places.append((before, name if closed else None, "{" + name + closed))


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one language as one piece, and none that says nothing."""
    language = pieces[0].language
    if all(piece.language == language for piece in pieces):
        text = "".join([piece.text for piece in pieces])
        return (Piece(text, language),) if text else ()
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].language == piece.language:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.language)
        else:
            joined.append(piece)
    return tuple(joined)


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _spoken(part: "str | int | Phrase | Words | Money | Day", language: str) -> tuple[Piece, ...]:
    if isinstance(part, Phrase | Words):
        return part.pieces(language)
    said = part.say(language) if isinstance(part, Money | Day) else str(part)
    return (Piece(said, language),)


def _plain(part: object) -> object:
    match part:
        case Phrase():
            parts = {name: _plain(value) for name, value in part.parts.items()}
            return {"text": part.text, "plural": part.plural, "count": part.count, "parts": parts}
        case Words():
            parts = {name: _plain(value) for name, value in part.parts.items()}
            return {"words": dict(part.words), "parts": parts, "fallback": part.fallback}
        case Money():
            return {"money": part.amount, "currency": part.currency}
        case Day():
            return {"day": part.date.isoformat()}
        case _:
            return part


def _revive(plain: object) -> "str | int | Phrase | Words | Money | Day":
    match plain:
        case {"text": str(text), "plural": plural, "count": int(count), "parts": dict(parts)}:
            return Phrase(
                text=text,
                plural=plural,
                count=count,
                parts={name: _revive(value) for name, value in parts.items()},
            )
        case {"words": dict(words), "parts": dict(parts), **rest}:
            return Words(
                words=words,
                parts={name: _revive(value) for name, value in parts.items()},
                # What was kept before brands had a say fell back to English.
                fallback=str(rest.get("fallback", "en")),
            )
        case {"money": int(amount), "currency": str(currency)}:
            return Money(amount=amount, currency=currency)
        case {"day": str(value)}:
            return Day(date=date.fromisoformat(value))
        case str() | int():
            return plain
        case _:
            raise ValueError("This is not a phrase.")
