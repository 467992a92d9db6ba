"""What can go wrong between a card and a pass; the docstring is the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from passes.issues import Issue


class PassError(Exception):
    """A pass could not be made."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__((self.__doc__ or "").format(**facts))


class DesignError(PassError):
    """The design cannot be used."""


class DesignFaults(DesignError):
    """The design has {count} faults. The first: {first}"""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__(count=len(self.issues), first=self.issues[0] if self.issues else "none")


class DesignMissing(DesignError):
    """There is no design in {folder}: no design.toml was found there."""


class BadPack(DesignError):
    """The stored design cannot be read back: {why}"""


class PictureRefused(PassError):
    """{name} cannot be drawn: {why}"""


class BarcodeRefused(PassError):
    """The code cannot be drawn as {format}: {why}"""


class TimeWithoutZone(PassError):
    """{name} has no time zone: a phone would not read {value} as a date."""


class SigningError(PassError):
    """The pass cannot be signed."""


class CertificateUnreadable(SigningError):
    """The {what} is not a PEM certificate: {why}"""


class KeyUnreadable(SigningError):
    """The private key cannot be read: {why}"""


class KeyMismatch(SigningError):
    """The private key does not belong to the certificate: they were made apart from each other."""
