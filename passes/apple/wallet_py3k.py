"""The one file that knows the package wallet-py3k: its classic vocabulary, and what it lacks.

The package is from 2018 and writes what phones or other readers dislike: an empty label, an empty
change message and an alignment on every field, the single `barcode` alone, and an `expirationDate`
only when it is set under a misspelt name. Nothing of its signing is used here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from wallet.models import Barcode, BarcodeFormat, Coupon, EventTicket, Field, Pass, StoreCard

from passes import dates

FORMATS: Final = {
    "qr": BarcodeFormat.QR,
    "pdf417": BarcodeFormat.PDF417,
    "aztec": BarcodeFormat.AZTEC,
    "code128": "PKBarcodeFormatCode128",
}
_LEGACY: Final = {BarcodeFormat.QR, BarcodeFormat.PDF417, BarcodeFormat.AZTEC}
"""What phones before iOS 9 could draw, and so all that may stand under the old `barcode`."""

_RELEVANT_MAX: Final = timedelta(hours=24)
"""Phones pass over a longer time."""

_ALIGNMENTS: Final = {
    "natural": "PKTextAlignmentNatural",
    "left": "PKTextAlignmentLeft",
    "center": "PKTextAlignmentCenter",
    "right": "PKTextAlignmentRight",
}
_DETECTORS: Final = {
    "phone": "PKDataDetectorTypePhoneNumber",
    "link": "PKDataDetectorTypeLink",
    "address": "PKDataDetectorTypeAddress",
    "date": "PKDataDetectorTypeCalendarEvent",
}


class PlainField(Field):  # type: ignore[misc]
    """A field that says what it has to say and nothing else."""

    def __init__(self, key: str, value: str, label: str | None = None) -> None:
        super().__init__(key, value, label or "")
        self.textAlignment = ""
        self.attributedValue = ""
        self.dataDetectorTypes: list[str] | None = None

    def align(self, alignment: str) -> None:
        self.textAlignment = _ALIGNMENTS[alignment]

    def detect(self, detectors: tuple[str, ...]) -> None:
        """Without this a phone looks for numbers and links in any text on the back."""
        self.dataDetectorTypes = [_DETECTORS[name] for name in detectors]

    def json_dict(self) -> dict[str, Any]:
        said: dict[str, Any] = {"key": self.key, "value": self.value}
        if self.label:
            said["label"] = self.label
        if self.changeMessage:
            said["changeMessage"] = self.changeMessage
        if self.textAlignment:
            said["textAlignment"] = self.textAlignment
        if self.attributedValue:
            said["attributedValue"] = self.attributedValue
        # An empty list has a meaning: look for none.
        if self.dataDetectorTypes is not None:
            said["dataDetectorTypes"] = self.dataDetectorTypes
        return said


class Grouped:
    """A style's fields, in Apple's own order of groups."""

    def group(self, name: str) -> list[PlainField]:
        fields: list[PlainField] = getattr(self, f"{name}Fields")
        return fields


class Card(Grouped, StoreCard):  # type: ignore[misc]
    """A store card."""


class OneCoupon(Grouped, Coupon):  # type: ignore[misc]
    """A coupon."""


class Ticket(Grouped, EventTicket):  # type: ignore[misc]
    """An event ticket."""


class WholePass(Pass):  # type: ignore[misc]
    """A pass with the keys that the package does not know or spells wrongly."""

    def __init__(self, style: Grouped) -> None:
        super().__init__(style)
        self.barcodes: list[dict[str, str]] = []
        self.sharingProhibited = False
        self._expiration: str | None = None
        self._relevant: dict[str, str] | None = None

    def show_code(self, kind: str, message: str, alt_text: str) -> None:
        code = Barcode(message, FORMATS[kind], alt_text)
        if not _fits_latin_1(message):
            code.messageEncoding = "utf-8"
        code_json: dict[str, str] = code.json_dict()
        self.barcodes = [code_json]
        self.barcode = code if code.format in _LEGACY else None

    def expire(self, moment: datetime) -> None:
        self._expiration = dates.w3c(moment, "expires_at")

    def matter_between(self, doors: datetime, starts: datetime, ends: datetime) -> None:
        """When a phone brings the pass forward by itself; older ones know the beginning alone."""
        self.relevantDate = dates.w3c(starts, "starts_at")
        self._relevant = {"date": self.relevantDate}
        if ends - doors <= _RELEVANT_MAX:
            self._relevant = {
                "startDate": dates.w3c(doors, "doors_at"),
                "endDate": dates.w3c(ends, "ends_at"),
            }

    def json_dict(self) -> dict[str, Any]:
        said: dict[str, Any] = super().json_dict()
        # Long without effect, and no phone needs to be told so.
        said.pop("suppressStripShine", None)
        if self.barcodes:
            said["barcodes"] = self.barcodes
        if self.sharingProhibited:
            said["sharingProhibited"] = True
        if self._expiration:
            said["expirationDate"] = self._expiration
        if self._relevant:
            said["relevantDates"] = [self._relevant]
        return said


def _fits_latin_1(message: str) -> bool:
    return all(ord(letter) < 256 for letter in message)
