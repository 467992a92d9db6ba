"""Who we are to APNs and whom we trust, checked at the start with sentences of our own.

libcurl answers a wrong password, a missing one and a key of another certificate with the same
code 43, so it is not asked.
"""

import ssl
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from wallet_service.delivery import errors


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Identity:
    """PEM texts, ready for libcurl. The key is in the clear, in memory alone."""

    certificate: bytes
    key: bytes
    root: bytes | None
    roots_file: str
    """Where no root was given: the system's list. A file, for libcurl keeps and compares a copy of
    a text for each push that flies, and this one is long."""

    @classmethod
    def load(
        cls, certificate: bytes, key: bytes, key_password: str | None, root: bytes | None
    ) -> "Identity":
        """Raises ApnsCannotStart with the reason."""
        try:
            ours = x509.load_pem_x509_certificate(certificate)
        except ValueError as error:
            raise errors.CertificateUnreadable(errors.CertificateUnreadable.__doc__) from error
        opened = _open(key, key_password)
        if opened.public_key() != ours.public_key():
            raise errors.KeyOfAnotherCertificate(errors.KeyOfAnotherCertificate.__doc__)
        if root:
            try:
                x509.load_pem_x509_certificates(root)
            except ValueError as error:
                raise errors.RootUnreadable(errors.RootUnreadable.__doc__) from error
        return cls(
            certificate=certificate,
            key=opened.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            root=root or None,
            roots_file="" if root else _roots_of_the_system(),
        )


def _open(key: bytes, password: str | None) -> PrivateKeyTypes:
    secret = password.encode() if password else None
    try:
        return load_pem_private_key(key, password=secret)
    except TypeError as error:
        # Encrypted and no password, or a password for a key that needs none.
        if secret is not None:
            return _open(key, None)
        raise errors.KeyPasswordWrong(errors.KeyPasswordWrong.__doc__) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        wrong = errors.KeyPasswordWrong if b"ENCRYPTED" in key else errors.KeyUnreadable
        raise wrong(wrong.__doc__) from error


def _roots_of_the_system() -> str:
    # libcurl inside pycurl's wheel looks where Red Hat keeps them, and so finds none elsewhere.
    found: str | None = ssl.get_default_verify_paths().cafile
    if found is None:
        try:
            import certifi
        except ImportError as error:
            raise errors.NoRoots(errors.NoRoots.__doc__) from error
        found = certifi.where()
    return found
