"""What pass.json must and must not say, format version 1.

https://developer.apple.com/documentation/walletpasses/pass (last checked 2026-11-22)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wallet_service.practice.held import ALL_DETECTORS, CLASSIC_STYLES, GROUPS, POSTER_STYLE

_REQUIRED = (
    "passTypeIdentifier",
    "teamIdentifier",
    "serialNumber",
    "organizationName",
    "description",
)
_TEXTS = ("logoText", "webServiceURL", "authenticationToken", "groupingIdentifier")
_COLOURS = ("backgroundColor", "foregroundColor", "labelColor", "stripColor")
_FORMATS = {
    f"PKBarcodeFormat{name}"
    for name in ("QR", "PDF417", "Aztec", "Code128", "Code39", "Codabar", "EAN13", "I2of5")
}
_ALIGNMENTS = {f"PKTextAlignment{name}" for name in ("Natural", "Left", "Center", "Right")}
_STYLES = {f"PKDateStyle{name}" for name in ("None", "Short", "Medium", "Long", "Full")}
_NUMBERS = {f"PKNumberStyle{name}" for name in ("Decimal", "Percent", "Scientific", "SpellOut")}
_TOKEN_LENGTH_MIN = 16
_LOCATIONS_MAX = 10

# Apple's reader wants the whole of it, zone included; without a zone it is no date to it.
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
_COLOUR = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")


def is_date(value: object) -> bool:
    """Whether Wallet would read `value` as a date."""
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def colour(value: object) -> tuple[int, int, int] | None:
    """The three parts of `rgb(r, g, b)`, or None where it is something else."""
    found = _COLOUR.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    red, green, blue = (int(part) for part in found.groups())
    return (red, green, blue) if max(red, green, blue) <= 255 else None


def faults(said: Mapping[str, Any], strings: Mapping[str, Mapping[str, str]]) -> list[str]:
    """All that is wrong with the contents of pass.json, as sentences."""
    if not said:
        return ["pass.json is missing or not a JSON object"]
    return [
        *_general(said),
        *_web_service(said),
        *_barcodes(said),
        *_styles(said, list(strings.values()) or [{}]),
    ]


def _general(said: Mapping[str, Any]) -> Iterator[str]:
    if said.get("formatVersion") != 1 or isinstance(said.get("formatVersion"), bool):
        yield "formatVersion must be the number 1"
    for key in _REQUIRED:
        if not isinstance(said.get(key), str) or not said[key]:
            yield f"{key} is missing or not a text"
    for key in _TEXTS:
        if key in said and not isinstance(said[key], str):
            yield f"{key} is not a text"
    for key in _COLOURS:
        if key in said and colour(said[key]) is None:
            yield f"{key} is not of the form rgb(r, g, b)"
    for key in ("expirationDate", "relevantDate"):
        if key in said and not is_date(said[key]):
            yield f"{key} is not a date with a time zone"
    if "voided" in said and not isinstance(said["voided"], bool):
        yield "voided is not true or false"
    places = said.get("locations", [])
    if not isinstance(places, list) or len(places) > _LOCATIONS_MAX:
        yield f"locations must be a list of at most {_LOCATIONS_MAX}"
    for entry in said.get("relevantDates", []):
        for key in ("date", "startDate", "endDate", "relevantDate"):
            if key in entry and not is_date(entry[key]):
                yield f"relevantDates: {key} is not a date with a time zone"


def _web_service(said: Mapping[str, Any]) -> Iterator[str]:
    url, token = said.get("webServiceURL"), said.get("authenticationToken")
    if (url is None) != (token is None):
        yield "webServiceURL and authenticationToken stand together or not at all"
    if isinstance(url, str) and not url.startswith(("https://", "http://")):
        yield "webServiceURL is not a web address"
    if isinstance(token, str) and len(token) < _TOKEN_LENGTH_MIN:
        yield f"authenticationToken is shorter than {_TOKEN_LENGTH_MIN} characters"


def _barcodes(said: Mapping[str, Any]) -> Iterator[str]:
    codes = said.get("barcodes", [])
    if not isinstance(codes, list) or not all(isinstance(code, dict) for code in codes):
        yield "barcodes is not a list of objects"
        return
    for code in codes:
        if code.get("format") not in _FORMATS:
            yield f"barcodes: the format {code.get('format')} is unknown"
        for key in ("message", "messageEncoding"):
            if not isinstance(code.get(key), str) or not code[key]:
                yield f"barcodes: {key} is missing or not a text"
        if not isinstance(code.get("altText", ""), str):
            yield "barcodes: altText is not a text"


def _styles(said: Mapping[str, Any], languages: Sequence[Mapping[str, str]]) -> Iterator[str]:
    classic = [style for style in CLASSIC_STYLES if style in said]
    if len(classic) != 1:
        yield "there must be exactly one style that every phone knows"
    for style in (*classic, POSTER_STYLE):
        if style in said:
            yield from _fields(style, said[style], languages)


def _fields(style: str, groups: object, languages: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if not isinstance(groups, dict):
        yield f"{style} is not an object"
        return
    seen: set[str] = set()
    for group in GROUPS:
        fields = groups.get(group, [])
        if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
            yield f"{group} is not a list of objects"
            continue
        for field in fields:
            key = field.get("key")
            if not isinstance(key, str) or not key:
                yield f"{group}: a field has no key"
            elif key in seen:
                # The words of a real device's log.
                yield f"more than one field has the key '{key}'. Field keys must be unique."
            else:
                seen.add(key)
            yield from _field(group, field)
            yield from _change_message(f"{group}: {key}", field.get("changeMessage"), languages)


def _change_message(
    name: str, message: object, languages: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    if isinstance(message, str):
        if any("%@" not in texts.get(message, message) for texts in languages):
            yield f"{name}: changeMessage does not contain %@"
    elif message is not None:
        yield f"{name}: changeMessage is not a text"


def _field(group: str, field: Mapping[str, Any]) -> Iterator[str]:
    name = f"{group}: {field.get('key')}"
    value = field.get("value")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number and not isinstance(value, str):
        yield f"{name} has no value that is a text or a number"
    for key in ("label", "attributedValue", "currencyCode"):
        if key in field and not isinstance(field[key], str):
            yield f"{name}: {key} is not a text"
    for key in ("dateStyle", "timeStyle"):
        if key in field and (field[key] not in _STYLES or not is_date(value)):
            yield f"{name}: {key} needs a known style and a date with a time zone"
    if "numberStyle" in field and (field["numberStyle"] not in _NUMBERS or not is_number):
        yield f"{name}: numberStyle needs a known style and a number"
    if "currencyCode" in field and not is_number:
        yield f"{name}: currencyCode needs a number"
    detectors = field.get("dataDetectorTypes", [])
    if not isinstance(detectors, list) or any(kind not in ALL_DETECTORS for kind in detectors):
        yield f"{name}: dataDetectorTypes is not a list of known ones"
    if "textAlignment" in field:
        if field["textAlignment"] not in _ALIGNMENTS:
            yield f"{name}: textAlignment is unknown"
        elif group in ("primaryFields", "backFields"):
            yield f"{name}: textAlignment is not for {group}"
