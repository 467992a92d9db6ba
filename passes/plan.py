"""A design's plan: what design.toml and the text files say, once read and found good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from passes.colours import Colour

Group = Literal["header", "primary", "secondary", "auxiliary", "back"]
GROUPS: tuple[Group, ...] = ("header", "primary", "secondary", "auxiliary", "back")

NEWS = "news"
"""The key of the one field whose change a phone speaks aloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A place for a fact, a fixed text or a link.

    Exactly one of `value` (a template of facts) and `text` (a key of the text files) is given; with
    `link`, `text` holds the words that are pressed. With `each`, the field stands once per coupon.
    """

    key: str
    label: str | None = None
    value: str | None = None
    text: str | None = None
    link: str | None = None
    each: str | None = None
    align: str | None = None
    detect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    background: Colour
    foreground: Colour
    label: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All of a design but its pictures."""

    name: str
    organisation: str
    logo_text: str | None
    language: str
    colours: Colours
    contact: Contact
    stamps: int | None
    barcode: str
    sharing: bool
    fields: Mapping[Group, tuple[Field, ...]]
    texts: Mapping[str, Mapping[str, str]] = field(repr=False)

    def text(self, key: str, language: str) -> str | None:
        """The words in that language, else in the design's own, else in any there is."""
        return self.texts.get(self.spoken_in(key, language), {}).get(key)

    def spoken_in(self, key: str, language: str) -> str:
        """The language in which `text` answers."""
        choices = (language, self.language, *sorted(self.texts))
        found = (each for each in choices if self.texts.get(each, {}).get(key))
        return next(found, self.language)

    def localised_keys(self) -> list[str]:
        """The text keys that stand on a pass as keys, for the phone to translate."""
        keys = set()
        for places in self.fields.values():
            for place in places:
                if place.label:
                    keys.add(place.label)
                if place.text and not place.link:
                    keys.add(place.text)
        return sorted(keys)
