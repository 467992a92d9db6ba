"""A detached CMS signature, assembled around one RSA or EC operation.

cryptography's own builder makes the same bytes (a test compares them), but cannot be told the time
of signing, and assembles and encodes so much anew that a pass takes a fifth longer.

https://www.rfc-editor.org/rfc/rfc5652 (2026-11-25)
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_SEQUENCE, _SET, _OCTETS, _INTEGER, _UTC_TIME, _TIME = 0x30, 0x31, 0x04, 0x02, 0x17, 0x18
_EXPLICIT_0: Final = 0xA0
_IMPLICIT_0: Final = 0xA0


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _oid(encoded: str) -> bytes:
    return _der(0x06, bytes.fromhex(encoded))


_DATA: Final = _oid("2a864886f70d010701")
_SIGNED_DATA: Final = _oid("2a864886f70d010702")
_CONTENT_TYPE: Final = _oid("2a864886f70d010903")
_MESSAGE_DIGEST: Final = _oid("2a864886f70d010904")
_SIGNING_TIME: Final = _oid("2a864886f70d010905")
_NULL: Final = b"\x05\x00"
_SHA_256: Final = _der(_SEQUENCE, _oid("608648016503040201"), _NULL)
_RSA: Final = _der(_SEQUENCE, _oid("2a864886f70d010101"), _NULL)
_ECDSA_SHA_256: Final = _der(_SEQUENCE, _oid("2a8648ce3d040302"))
_VERSION_1: Final = _der(_INTEGER, b"\x01")


class Signature:
    """What is the same in every signature of one certificate, and the key that makes the rest."""

    __slots__ = ("_algorithm", "_certificates", "_key", "_signer")

    def __init__(
        self, certificate: x509.Certificate, intermediate: x509.Certificate, key: PrivateKey
    ) -> None:
        serial = certificate.serial_number
        self._key = key
        self._algorithm = _RSA if isinstance(key, rsa.RSAPrivateKey) else _ECDSA_SHA_256
        self._signer = _der(
            _SEQUENCE,
            certificate.issuer.public_bytes(),
            _der(_INTEGER, serial.to_bytes(serial.bit_length() // 8 + 1, "big")),
        )
        self._certificates = _der(
            _IMPLICIT_0,
            # A set is written in the order of its encodings.
            *sorted(each.public_bytes(Encoding.DER) for each in (certificate, intermediate)),
        )

    def over(self, content: bytes, signed_at: datetime) -> bytes:
        """The DER of a ContentInfo that does not hold the content itself."""
        attributes = self._attributes(content, signed_at)
        # What is signed is the set under its own tag; what is written bears the field's.
        signed = self._sign(_der(_SET, attributes))
        signer_info = _der(
            _SEQUENCE,
            _VERSION_1,
            self._signer,
            _SHA_256,
            _der(_IMPLICIT_0, attributes),
            self._algorithm,
            _der(_OCTETS, signed),
        )
        signed_data = _der(
            _SEQUENCE,
            _VERSION_1,
            _der(_SET, _SHA_256),
            _der(_SEQUENCE, _DATA),
            self._certificates,
            _der(_SET, signer_info),
        )
        return _der(_SEQUENCE, _SIGNED_DATA, _der(_EXPLICIT_0, signed_data))

    def _attributes(self, content: bytes, signed_at: datetime) -> bytes:
        digest = _der(_OCTETS, hashlib.sha256(content).digest())
        # Each is longer than the one before, which is the order that DER wants of a set.
        return b"".join(
            _der(_SEQUENCE, kind, _der(_SET, value))
            for kind, value in (
                (_CONTENT_TYPE, _DATA),
                (_SIGNING_TIME, _moment(signed_at)),
                (_MESSAGE_DIGEST, digest),
            )
        )

    def _sign(self, attributes: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(attributes, padding.PKCS1v15(), SHA256())
        return self._key.sign(attributes, ec.ECDSA(SHA256()))


def _moment(moment: datetime) -> bytes:
    """UTCTime up to 2049 and GeneralizedTime from then on, as RFC 5652 11.3 says."""
    utc = moment.astimezone(UTC)
    if utc.year < 2050:
        return _der(_UTC_TIME, f"{utc:%y%m%d%H%M%S}Z".encode())
    return _der(_TIME, f"{utc:%Y%m%d%H%M%S}Z".encode())
