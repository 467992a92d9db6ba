"""Signs a manifest as Apple wants it: a detached CMS signature with its signing time.

The key is read and checked once, when the signer is loaded; a signature costs little more than the
RSA operation itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from passes.apple import preflight
from passes.apple.cms import PrivateKey, Signature
from passes.errors import CertificateUnreadable, KeyMismatch, KeyUnreadable
from passes.issues import Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A pass type's certificate and key, with the intermediate that vouches for them."""

    certificate: x509.Certificate
    intermediate: x509.Certificate
    _signature: Signature = field(repr=False)

    @classmethod
    def load(
        cls,
        certificate_pem: bytes,
        key_pem: bytes,
        key_password: str | None,
        intermediate_pem: bytes,
    ) -> Signer:
        """Raises CertificateUnreadable, KeyUnreadable or KeyMismatch, each with a sentence."""
        certificate = _certificate(certificate_pem, "pass certificate")
        intermediate = _certificate(intermediate_pem, "intermediate certificate")
        key = _private_key(key_pem, key_password)
        if _spki(key.public_key()) != _spki(certificate.public_key()):
            raise KeyMismatch
        return cls(
            certificate=certificate,
            intermediate=intermediate,
            _signature=Signature(certificate, intermediate, key),
        )

    def sign(self, manifest: bytes, signed_at: datetime | None = None) -> bytes:
        """The DER of a CMS signature that does not hold the manifest itself."""
        return self._signature.over(manifest, signed_at or datetime.now(UTC))

    def check(self, pass_type_identifier: str, team_identifier: str, now: datetime) -> list[Issue]:
        """What Apple's own tools check before they sign: all that is found, not the first."""
        return preflight.check(
            self.certificate, self.intermediate, pass_type_identifier, team_identifier, now
        )

    @property
    def not_after(self) -> datetime:
        """From here on nothing new can be signed, and no pass can be updated."""
        return self.certificate.not_valid_after_utc

    @property
    def may_carry_nfc(self) -> bool:
        return preflight.is_for_nfc(self.certificate)


def _certificate(pem: bytes, what: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        why = (
            "there is no BEGIN CERTIFICATE in it" if b"BEGIN CERTIFICATE" not in pem else str(error)
        )
        raise CertificateUnreadable(what=what, why=why) from error


def _private_key(pem: bytes, password: str | None) -> PrivateKey:
    secret = password.encode() if password else None
    try:
        # The check of the primes takes 40 ms; that the key is the certificate's is checked by us.
        key = load_pem_private_key(pem, secret, unsafe_skip_rsa_key_validation=True)
    except TypeError as error:
        why = (
            "it is encrypted and no password was given"
            if secret is None
            else ("a password was given and it is not encrypted")
        )
        raise KeyUnreadable(why=why) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        why = (
            "it is no PEM key" if b"BEGIN" not in pem else "the password is wrong or it is damaged"
        )
        raise KeyUnreadable(why=why) from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyUnreadable(why="it is neither an RSA nor an EC key")
    return key


def _spki(key: object) -> bytes:
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise KeyUnreadable(why="the certificate's key is neither RSA nor EC")
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
