"""The signature of a pass: a detached CMS over its manifest, and the chain behind it.

https://developer.apple.com/documentation/walletpasses/building-a-pass (last checked 2026-11-22)
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier
from pyasn1.codec.der import decoder, encoder
from pyasn1.error import PyAsn1Error
from pyasn1_modules import rfc5652

_SHA256 = "2.16.840.1.101.3.4.2.1"
_DATA = str(rfc5652.id_data)
_CONTENT_TYPE = str(rfc5652.id_contentType)
_MESSAGE_DIGEST = str(rfc5652.id_messageDigest)
_SIGNING_TIME = str(rfc5652.id_signingTime)

# Apple's own marks on a certificate for passes.
_PASS_TYPE_MARK = ObjectIdentifier("1.2.840.113635.100.6.1.16")
_PASS_SIGNING = ObjectIdentifier("1.2.840.113635.100.4.14")

_LONGEST_CHAIN = 4


class BadSignature(Exception):
    """The signature does not hold; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who signed, and when."""

    pass_type_identifier: str
    team_identifier: str
    for_nfc: bool
    signed_at: datetime


def check(manifest: bytes, signature: bytes, root: x509.Certificate) -> Signed:
    """Check `signature` over `manifest`, up to `root`. Raises BadSignature."""
    signed = _signed_content(signature)
    certificates = _certificates(signed)
    if len(signed["signerInfos"]) != 1:
        raise BadSignature("there must be exactly one signer")
    signer = signed["signerInfos"][0]
    leaf = _leaf(signer, certificates)
    signed_at = _check_signer(signer, leaf, manifest)
    _check_chain(leaf, certificates, root, signed_at)
    return _signed_by(leaf, signed_at)


def _signed_content(signature: bytes) -> Any:
    try:
        outer, rest = decoder.decode(signature, asn1Spec=rfc5652.ContentInfo())
        if rest:
            raise BadSignature("something follows the signature")
        if outer["contentType"] != rfc5652.id_signedData:
            raise BadSignature("it is not CMS signed data")
        signed, rest = decoder.decode(bytes(outer["content"]), asn1Spec=rfc5652.SignedData())
    except PyAsn1Error:
        raise BadSignature("it is not a DER encoded CMS structure") from None
    content = signed["encapContentInfo"]
    if rest or str(content["eContentType"]) != _DATA:
        raise BadSignature("what is signed is not plain data")
    if content["eContent"].isValue:
        raise BadSignature("it carries its content; it must be detached")
    return signed


def _certificates(signed: Any) -> list[x509.Certificate]:
    try:
        return [
            x509.load_der_x509_certificate(encoder.encode(choice["certificate"]))
            for choice in signed["certificates"]
        ]
    except (PyAsn1Error, ValueError):
        raise BadSignature("a certificate in it cannot be read") from None


def _leaf(signer: Any, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    named = signer["sid"]["issuerAndSerialNumber"]
    if not named.isValue:
        raise BadSignature("the signer is not named by issuer and serial number")
    issuer = encoder.encode(named["issuer"])
    for certificate in certificates:
        same_number = certificate.serial_number == int(named["serialNumber"])
        if same_number and certificate.issuer.public_bytes() == issuer:
            return certificate
    raise BadSignature("the signer's certificate is missing")


def _check_signer(signer: Any, leaf: x509.Certificate, manifest: bytes) -> datetime:
    if str(signer["digestAlgorithm"]["algorithm"]) != _SHA256:
        raise BadSignature("the digest is not SHA-256")
    attributes = signer["signedAttrs"]
    if not attributes.isValue:
        raise BadSignature("there are no signed attributes")
    values: dict[str, bytes] = {}
    for attribute in attributes:
        if len(attribute["attrValues"]) != 1:
            raise BadSignature("a signed attribute has not exactly one value")
        values[str(attribute["attrType"])] = bytes(attribute["attrValues"][0])
    if str(_decoded(values, _CONTENT_TYPE, rfc5652.ContentType())) != _DATA:
        raise BadSignature("the signed content type is not plain data")
    digest = bytes(_decoded(values, _MESSAGE_DIGEST, rfc5652.MessageDigest()))
    if digest != hashlib.sha256(manifest).digest():
        raise BadSignature("the manifest is not the one that was signed")
    time = _decoded(values, _SIGNING_TIME, rfc5652.SigningTime())

    # On the wire the attributes are tagged [0]; what is signed is the plain SET (RFC 5652, 5.4).
    tagged = encoder.encode(attributes)
    _check_raw(leaf, bytes(signer["signature"]), b"\x31" + tagged[1:])
    return _moment(time)


def _decoded(values: dict[str, bytes], kind: str, spec: object) -> Any:
    names = {_CONTENT_TYPE: "contentType", _MESSAGE_DIGEST: "messageDigest"}
    if kind not in values:
        raise BadSignature(f"the signed attribute {names.get(kind, 'signingTime')} is missing")
    try:
        value, _ = decoder.decode(values[kind], asn1Spec=spec)
    except PyAsn1Error:
        raise BadSignature("a signed attribute cannot be read") from None
    return value


def _moment(time: Any) -> datetime:
    moment: datetime = time[time.getName()].asDateTime
    return moment.astimezone(UTC)


def _check_raw(leaf: x509.Certificate, signature: bytes, content: bytes) -> None:
    key = leaf.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
        else:
            raise BadSignature("the key is neither RSA nor EC")
    except InvalidSignature:
        raise BadSignature("the signature was not made by the certificate in it") from None


def _check_chain(
    leaf: x509.Certificate,
    certificates: Sequence[x509.Certificate],
    root: x509.Certificate,
    at: datetime,
) -> None:
    link = leaf
    for _ in range(_LONGEST_CHAIN):
        if not link.not_valid_before_utc <= at <= link.not_valid_after_utc:
            raise BadSignature("a certificate was not valid when the pass was signed")
        if _issued(root, link):
            return
        issuers = [one for one in certificates if one != link and _issued(one, link)]
        if not issuers:
            break
        link = issuers[0]
    raise BadSignature("the certificates do not lead to the root this phone trusts")


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return constraints.ca


def _signed_by(leaf: x509.Certificate, signed_at: datetime) -> Signed:
    identifier = _named(leaf, NameOID.USER_ID)
    try:
        uses = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        mark = leaf.extensions.get_extension_for_oid(_PASS_TYPE_MARK).value
    except x509.ExtensionNotFound:
        raise BadSignature("the certificate is not one for passes") from None
    if _PASS_SIGNING not in uses or not isinstance(mark, x509.UnrecognizedExtension):
        raise BadSignature("the certificate is not one for passes")
    # A DER UTF8String: two bytes of tag and length before a text as short as this one.
    if mark.value[2:].decode("utf-8", "replace") != identifier:
        raise BadSignature("the certificate contradicts itself about its pass type")
    return Signed(
        pass_type_identifier=identifier,
        team_identifier=_named(leaf, NameOID.ORGANIZATIONAL_UNIT_NAME),
        for_nfc=_named(leaf, NameOID.COMMON_NAME).startswith("Pass Type ID with NFC"),
        signed_at=signed_at,
    )


def _named(certificate: x509.Certificate, kind: ObjectIdentifier) -> str:
    names = certificate.subject.get_attributes_for_oid(kind)
    return str(names[0].value) if names else ""
