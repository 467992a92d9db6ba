"""Practice certificates: a folder of the shapes that Apple issues, trusted by nobody else."""

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID, ObjectIdentifier

from wallet_service.errors import StartError
from wallet_service.practice.certificate_shapes import CERTIFICATES, KEYS, ORGANISATION, issue


class PracticeCertificatesError(StartError):
    """Practice certificates could not be made or used."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(" ".join((self.__doc__ or "").split()).format(**facts))


class BadIdentifier(PracticeCertificatesError):
    """{value!r} is not a {name}: it must look like {example!r}."""


class FolderNotWritable(PracticeCertificatesError):
    """The practice certificates cannot be written to {folder}: {why}."""


class FolderNotOurs(PracticeCertificatesError):
    """{folder} is not empty and holds no practice certificates; choose another folder."""


class HalfWritten(PracticeCertificatesError):
    """The practice certificates in {folder} are not whole: {what}.
    Remove the folder to make new ones."""


class OtherIdentifiers(PracticeCertificatesError):
    """The practice certificates in {folder} are for {found}, not for {wanted}.
    Remove the folder to make new ones."""


class OutOfDate(PracticeCertificatesError):
    """The practice certificates in {folder} are good from {start} to {end} only.
    Remove the folder to make new ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeCertificates:
    """Where everything lies. The authorities' own keys are thrown away once they have signed."""

    folder: Path
    pass_type_identifier: str
    team_identifier: str
    not_after: datetime

    @property
    def root(self) -> Path:
        """What stands for Apple Root CA: practice phones trust it, and it alone."""
        return self.folder / "root.pem"

    @property
    def intermediate(self) -> Path:
        """What stands for WWDR G4."""
        return self.folder / "intermediate.pem"

    @property
    def certificate(self) -> Path:
        """The Pass Type ID certificate: it signs passes and opens the door of APNs."""
        return self.folder / "pass.pem"

    @property
    def key(self) -> Path:
        return self.folder / "pass.key"

    @property
    def apns_root(self) -> Path:
        """The authority behind the pretend APNs' own certificate."""
        return self.folder / "apns-root.pem"

    @property
    def apns_certificate(self) -> Path:
        return self.folder / "apns.pem"

    @property
    def apns_key(self) -> Path:
        return self.folder / "apns.key"


def make(
    folder: Path,
    *,
    pass_type_identifier: str = "pass.example.practice",  # noqa: S107
    team_identifier: str = "PRACTICE01",
    now: datetime,
) -> PracticeCertificates:
    """Make the practice certificates in `folder`, or find that they are there.

    The folder appears whole or not at all. One that is whole and for the same identifiers is kept
    as it is; anything else in it is an error with a sentence, for nothing is ever overwritten.
    They are good from a year before `now` to ten years after. TLS looks at the system's time, so
    `now` should be the system's too, whatever a test clock says.
    """
    _check_identifiers(pass_type_identifier, team_identifier)
    folder = folder.absolute()
    try:
        if not _is_empty(folder):
            return _kept(folder, pass_type_identifier, team_identifier, now)
        if folder.parent.exists() and not folder.parent.is_dir():
            raise FolderNotWritable(folder=folder, why=f"{folder.parent} is not a folder")
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for name, content in issue(pass_type_identifier, team_identifier, now).items():
                _write(fresh / name, content, 0o600 if name in KEYS else 0o644)
            fresh.chmod(0o755)
            fresh.rename(folder)
        except OSError:
            # Somebody else was quicker, or the disc is full: in the first case theirs are as good.
            if _is_empty(folder):
                raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return _kept(folder, pass_type_identifier, team_identifier, now)
    except OSError as error:
        why = error.strerror or str(error)
        raise FolderNotWritable(folder=folder, why=why) from error


def _check_identifiers(pass_type_identifier: str, team_identifier: str) -> None:
    # X.509 allows a common name 64 characters, "Pass Type ID: " takes 14 of them.
    if not re.fullmatch(r"pass\.[A-Za-z0-9.-]{1,45}", pass_type_identifier):
        raise BadIdentifier(
            value=pass_type_identifier, name="pass type identifier", example="pass.example.card"
        )
    if not re.fullmatch(r"[A-Z0-9]{10}", team_identifier):
        raise BadIdentifier(value=team_identifier, name="team identifier", example="PRACTICE01")


def _is_empty(folder: Path) -> bool:
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


# What is there already


def _kept(
    folder: Path, pass_type_identifier: str, team_identifier: str, now: datetime
) -> PracticeCertificates:
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if not names.intersection((*CERTIFICATES, *KEYS)):
        raise FolderNotOurs(folder=folder)
    if missing := sorted({*CERTIFICATES, *KEYS} - names):
        raise HalfWritten(folder=folder, what=f"{', '.join(missing)} missing")
    certificates = {name: _read_certificate(folder / name) for name in CERTIFICATES}
    for name in KEYS:
        _check_key(folder / name, certificates[name.replace(".key", ".pem")])
    _check_chain(folder, certificates, ("root.pem", "intermediate.pem", "pass.pem"))
    _check_chain(folder, certificates, ("apns-root.pem", "apns.pem"))

    subject = certificates["pass.pem"].subject
    found = tuple(_one(subject, oid) for oid in (NameOID.USER_ID, NameOID.ORGANIZATIONAL_UNIT_NAME))
    if found != (pass_type_identifier, team_identifier):
        raise OtherIdentifiers(
            folder=folder,
            found=" of team ".join(found),
            wanted=f"{pass_type_identifier} of team {team_identifier}",
        )
    start = max(certificate.not_valid_before_utc for certificate in certificates.values())
    end = min(certificate.not_valid_after_utc for certificate in certificates.values())
    if not start <= now < end:
        raise OutOfDate(folder=folder, start=start.date(), end=end.date())
    return PracticeCertificates(
        folder=folder,
        pass_type_identifier=pass_type_identifier,
        team_identifier=team_identifier,
        not_after=end,
    )


def _read_certificate(path: Path) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise HalfWritten(folder=path.parent, what=f"{path.name} holds no certificate") from error
    # The key of a genuine certificate must never be taken for practice.
    if _one(certificate.subject, NameOID.ORGANIZATION_NAME) != ORGANISATION:
        raise FolderNotOurs(folder=path.parent)
    return certificate


def _check_key(path: Path, certificate: x509.Certificate) -> None:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise HalfWritten(folder=path.parent, what=f"{path.name} holds no key") from error
    if key.public_key() != certificate.public_key():
        raise HalfWritten(folder=path.parent, what=f"{path.name} is the key of something else")


def _check_chain(
    folder: Path, certificates: dict[str, x509.Certificate], chain: Sequence[str]
) -> None:
    for issuer, issued in pairwise(chain):
        try:
            certificates[issued].verify_directly_issued_by(certificates[issuer])
        except (ValueError, TypeError, InvalidSignature) as error:
            raise HalfWritten(folder=folder, what=f"{issued} was not issued by {issuer}") from error


def _one(name: x509.Name, oid: ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
