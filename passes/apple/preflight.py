"""Whether a certificate may sign these passes: what Apple's own tools look at, before a phone does.

https://developer.apple.com/help/account/reference/wwdr-intermediate-certificates (2026-11-22)
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID, ObjectIdentifier

from passes.issues import Issue, error, warning

PASS_TYPE: Final = ObjectIdentifier("1.2.840.113635.100.6.1.16")
NFC_NAME: Final = "Pass Type ID with NFC:"
SOON: Final = timedelta(days=30)

_CERTIFICATE: Final = "pass certificate"
_INTERMEDIATE: Final = "intermediate certificate"


def check(
    certificate: x509.Certificate,
    intermediate: x509.Certificate,
    pass_type_identifier: str,
    team_identifier: str,
    now: datetime,
) -> list[Issue]:
    return [
        *_names(certificate, pass_type_identifier, team_identifier),
        *_chain(certificate, intermediate),
        *_dates(_CERTIFICATE, certificate, now),
        *_dates(_INTERMEDIATE, intermediate, now),
    ]


def is_for_nfc(certificate: x509.Certificate) -> bool:
    """Only such a certificate may sign a pass with NFC; phones refuse any other with it."""
    return (_name(certificate, NameOID.COMMON_NAME) or "").startswith(NFC_NAME)


def _names(certificate: x509.Certificate, pass_type: str, team: str) -> list[Issue]:
    issues = []
    found = _name(certificate, NameOID.USER_ID)
    if found != pass_type:
        issues.append(error(
            _CERTIFICATE,
            f"It is for the pass type {found or 'of no name'}; passes are made for {pass_type}.",
            "Set pass_type_identifier to the certificate's, or use that pass type's certificate.",
        ))  # fmt: skip
    found = _name(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)
    if found != team:
        issues.append(error(
            _CERTIFICATE,
            f"It belongs to the team {found or 'of no name'}, and passes are made for {team}.",
            "Set team_identifier to the certificate's, or use a certificate of that team.",
        ))  # fmt: skip
    common = _name(certificate, NameOID.COMMON_NAME) or ""
    if not common.startswith(("Pass Type ID:", NFC_NAME)):
        issues.append(warning(
            _CERTIFICATE,
            f"Its name is {common!r}, not “Pass Type ID: …”.",
            "Make sure that it was issued for a pass type, not for an app or for push alone.",
        ))  # fmt: skip
    return issues


def _chain(certificate: x509.Certificate, intermediate: x509.Certificate) -> list[Issue]:
    try:
        certificate.verify_directly_issued_by(intermediate)
    except (ValueError, TypeError, InvalidSignature):
        return [error(
            _INTERMEDIATE,
            "It did not issue the pass certificate, so no phone can follow the chain.",
            "Use the intermediate that Apple names for pass certificates (WWDR G4 in 2026).",
        )]  # fmt: skip
    return []


def _dates(what: str, certificate: x509.Certificate, now: datetime) -> list[Issue]:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < begins:
        says = f"It is valid from {begins:%Y-%m-%d} only."
        return [error(what, says, "Check this machine's clock, or wait.")]
    if now >= ends:
        return [error(
            what,
            f"It ended on {ends:%Y-%m-%d}: nothing new can be signed, and phones are not told.",
            "Renew it with the same identifier; the passes that are out go on with the new one.",
        )]  # fmt: skip
    if ends - now < SOON:
        days = (ends - now).days
        return [warning(
            what,
            f"It ends on {ends:%Y-%m-%d}, in {days} {'day' if days == 1 else 'days'}.",
            "Renew it now with the same identifier; nobody has to add a pass again.",
        )]  # fmt: skip
    return []


def _name(certificate: x509.Certificate, oid: ObjectIdentifier) -> str | None:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else None
