"""A pass as a phone holds it: its checked files, and what they say in the phone's language."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent

# In the order in which a phone shows them.
GROUPS = (
    "headerFields",
    "primaryFields",
    "secondaryFields",
    "auxiliaryFields",
    "backFields",
    "additionalInfoFields",
    "footerFields",
)
CLASSIC_STYLES = ("boardingPass", "coupon", "eventTicket", "generic", "storeCard")
POSTER_STYLE = "posterGeneric"

# Where a back field names none, a phone looks for all of them.
ALL_DETECTORS = tuple(
    f"PKDataDetectorType{name}" for name in ("PhoneNumber", "Link", "Address", "CalendarEvent")
)

_LENGTHS = {
    "PKDateStyleShort": "short",
    "PKDateStyleMedium": "medium",
    "PKDateStyleLong": "long",
    "PKDateStyleFull": "full",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field, localised; `raw` is the value in pass.json, which tells whether it changed."""

    group: str
    key: str
    label: str
    value: str
    raw: object
    change_message: str
    attributed: str
    detectors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HeldPass:
    """A verified pass. `strings` is language → key → text; `last_modified` is the server's."""

    files: Mapping[str, bytes]
    contents: Mapping[str, Any]
    strings: Mapping[str, Mapping[str, str]]
    signed_at: datetime
    last_modified: str | None = None
    held_at: datetime | None = None

    @property
    def pass_type_identifier(self) -> str:
        return str(self.contents["passTypeIdentifier"])

    @property
    def serial_number(self) -> str:
        return str(self.contents["serialNumber"])

    @property
    def authentication_token(self) -> str | None:
        return self.contents.get("authenticationToken")

    @property
    def web_service_url(self) -> str | None:
        return self.contents.get("webServiceURL")

    @property
    def message(self) -> str | None:
        """What the barcode says."""
        codes = self.contents.get("barcodes") or []
        return str(codes[0]["message"]) if codes else None

    @property
    def style(self) -> str:
        """The classic style, which every phone can show."""
        return next(style for style in CLASSIC_STYLES if style in self.contents)

    @property
    def is_coupon(self) -> bool:
        """Whether it is a coupon or a ticket, and no card."""
        return self.style in ("coupon", "eventTicket")

    @property
    def is_voided(self) -> bool:
        """Whether it says that it cannot be used any more."""
        return bool(self.contents.get("voided"))

    @cached_property
    def content_hash(self) -> str:
        """Twelve characters that change when any file does; for addresses of pictures."""
        return hashlib.sha256(self.files["manifest.json"]).hexdigest()[:12]

    def text(self, text: str, language: str) -> str:
        """`text` looked up in the strings of `language`, else in English, else as it stands."""
        for name in (language, "en"):
            if name in self.strings:
                return self.strings[name].get(text, text)
        return text

    def organisation(self, language: str) -> str:
        return self.text(str(self.contents["organizationName"]), language)

    def fields(self, language: str) -> tuple[Field, ...]:
        """Every field, front and back, in `language`."""
        groups = self.contents[self.style]
        return tuple(
            Field(
                group=group,
                key=field["key"],
                label=self.text(field.get("label", ""), language),
                value=self._shown(field, language),
                raw=field["value"],
                change_message=self.text(field.get("changeMessage", ""), language),
                attributed=self.text(str(field.get("attributedValue", "")), language),
                detectors=tuple(field.get("dataDetectorTypes", ALL_DETECTORS)),
            )
            for group in GROUPS
            for field in groups.get(group, ())
        )

    def shows(self, key: str, language: str) -> str | None:
        """What stands in the field `key`, or None where the pass has no such field."""
        return next((field.value for field in self.fields(language) if field.key == key), None)

    def picture(self, name: str, language: str) -> str | None:
        """The file of the picture `name` with the most pixels; a localised one stands in."""
        for folder in ("", f"{language}.lproj/", "en.lproj/"):
            for scale in ("@3x", "@2x", ""):
                if (path := f"{folder}{name}{scale}.png") in self.files:
                    return path
        return None

    def _shown(self, field: Mapping[str, Any], language: str) -> str:
        value = field["value"]
        if isinstance(value, int | float):
            return _number(field, value, language)
        if field.get("dateStyle") or field.get("timeStyle"):
            return _date(field, value, language)
        return self.text(value, language)


def _number(field: Mapping[str, Any], value: float, language: str) -> str:
    if currency := field.get("currencyCode"):
        return str(format_currency(value, currency, locale=language))
    if field.get("numberStyle") == "PKNumberStylePercent":
        return str(format_percent(value, locale=language))
    return str(format_decimal(value, locale=language))


def _date(field: Mapping[str, Any], value: str, language: str) -> str:
    # The zone written in the value is the one shown: a practice phone does not travel.
    moment = datetime.fromisoformat(value)
    words = []
    if length := _LENGTHS.get(field.get("dateStyle", "")):
        words.append(format_date(moment, format=length, locale=language))
    if length := _LENGTHS.get(field.get("timeStyle", "")):
        words.append(format_time(moment, format=length, locale=language))
    return " ".join(words)
