"""The certificates themselves: a root, an intermediate, a pass certificate and a server's.

Names, key usages and object identifiers follow genuine Pass Type ID certificates and the
intermediate WWDR G4 (https://www.apple.com/certificateauthority/, last checked 2026-11-22).
"""

from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

ORGANISATION = "wallet-service practice"

APPLE_PASS_SIGNING = ObjectIdentifier("1.2.840.113635.100.4.14")
APPLE_PUSH_SERVICE = ObjectIdentifier("1.2.840.113635.100.6.3.2")
APPLE_PASS_TYPE_IDENTIFIER = ObjectIdentifier("1.2.840.113635.100.6.1.16")

_BEFORE = timedelta(days=365)
_AFTER = timedelta(days=3652)

CERTIFICATES = ("root.pem", "intermediate.pem", "pass.pem", "apns-root.pem", "apns.pem")
KEYS = ("pass.key", "apns.key")


def issue(pass_type_identifier: str, team_identifier: str, now: datetime) -> dict[str, bytes]:
    """Every file by its name; not the authorities' keys, which have done their work."""
    root_key, intermediate_key, pass_key = _new_key(), _new_key(), _new_key()
    root_name = _name("Practice Root CA", unit="Practice Certification Authority", country="US")
    root = _authority(root_name, root_key, root_name, root_key, now, path_length=None)
    intermediate_name = _name(
        "Apple Worldwide Developer Relations Certification Authority", unit="G4", country="US"
    )
    intermediate = _authority(
        intermediate_name, intermediate_key, root_name, root_key, now, path_length=0
    )
    pass_certificate = _pass_certificate(
        pass_type_identifier, team_identifier, pass_key, intermediate_name, intermediate_key, now
    )
    apns_root_key, apns_key = _new_key(), _new_key()
    apns_root_name = _name("Practice APNs Root CA", unit="Practice APNs", country="US")
    apns_root = _authority(
        apns_root_name, apns_root_key, apns_root_name, apns_root_key, now, path_length=None
    )
    apns = _server_certificate(apns_key, apns_root_name, apns_root_key, now)
    return {
        "root.pem": root.public_bytes(Encoding.PEM),
        "intermediate.pem": intermediate.public_bytes(Encoding.PEM),
        "pass.pem": pass_certificate.public_bytes(Encoding.PEM),
        "pass.key": _pem(pass_key),
        "apns-root.pem": apns_root.public_bytes(Encoding.PEM),
        "apns.pem": apns.public_bytes(Encoding.PEM),
        "apns.key": _pem(apns_key),
    }


def _new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _name(common: str, *, unit: str, country: str, user_id: str | None = None) -> x509.Name:
    parts = [
        (NameOID.COMMON_NAME, common),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.ORGANIZATION_NAME, ORGANISATION),
        (NameOID.COUNTRY_NAME, country),
    ]
    if user_id is not None:
        parts.insert(0, (NameOID.USER_ID, user_id))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def _builder(
    subject: x509.Name,
    key: RSAPrivateKey,
    issuer: x509.Name,
    issuer_key: RSAPrivateKey,
    now: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + _AFTER)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )


def _authority(
    subject: x509.Name,
    key: RSAPrivateKey,
    issuer: x509.Name,
    issuer_key: RSAPrivateKey,
    now: datetime,
    *,
    path_length: int | None,
) -> x509.Certificate:
    return (
        _builder(subject, key, issuer, issuer_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def _pass_certificate(
    pass_type_identifier: str,
    team_identifier: str,
    key: RSAPrivateKey,
    issuer: x509.Name,
    issuer_key: RSAPrivateKey,
    now: datetime,
) -> x509.Certificate:
    subject = _name(
        f"Pass Type ID: {pass_type_identifier}",
        unit=team_identifier,
        country="FI",
        user_id=pass_type_identifier,
    )
    text = pass_type_identifier.encode()
    asn1_null, asn1_utf8 = b"\x05\x00", bytes((0x0C, len(text))) + text
    return (
        _builder(subject, key, issuer, issuer_key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, APPLE_PASS_SIGNING]),
            critical=False,
        )
        .add_extension(x509.UnrecognizedExtension(APPLE_PUSH_SERVICE, asn1_null), critical=False)
        .add_extension(
            x509.UnrecognizedExtension(APPLE_PASS_TYPE_IDENTIFIER, asn1_utf8), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _server_certificate(
    key: RSAPrivateKey, issuer: x509.Name, issuer_key: RSAPrivateKey, now: datetime
) -> x509.Certificate:
    subject = _name("localhost", unit="Practice APNs", country="US")
    names = [
        x509.DNSName("localhost"),
        x509.IPAddress(ip_address("127.0.0.1")),
        x509.IPAddress(ip_address("::1")),
    ]
    return (
        _builder(subject, key, issuer, issuer_key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _usage(*, signs_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
