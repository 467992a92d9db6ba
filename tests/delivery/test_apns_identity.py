"""A wrong key, password or root is a sentence at the start, not a riddle at the first push."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from wallet_service.delivery import errors
from wallet_service.delivery.apns.identity import Identity
from wallet_service.practice import certificates as practice_certificates


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates") / "practice"
    return practice_certificates.make(folder, now=datetime.now(UTC))


def an_identity(certificates, **otherwise):
    facts = {
        "certificate": certificates.certificate.read_bytes(),
        "key": certificates.key.read_bytes(),
        "key_password": None,
        "root": certificates.apns_root.read_bytes(),
    }
    return Identity.load(**(facts | otherwise))


def encrypted(certificates) -> bytes:
    key = load_pem_private_key(certificates.key.read_bytes(), None)
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"open sesame")
    )


def test_the_practice_certificates_are_good(certificates):
    identity = an_identity(certificates)

    assert (identity.root, identity.roots_file) == (certificates.apns_root.read_bytes(), "")


def test_an_encrypted_key_is_opened(certificates):
    identity = an_identity(certificates, key=encrypted(certificates), key_password="open sesame")

    assert b"ENCRYPTED" not in identity.key


def test_a_password_that_is_not_needed_does_no_harm(certificates):
    assert an_identity(certificates, key_password="open sesame").key


def test_without_a_root_the_system_decides(certificates):
    for nothing in (None, b""):
        identity = an_identity(certificates, root=nothing)
        assert identity.root is None
        assert b"BEGIN CERTIFICATE" in Path(identity.roots_file).read_bytes()


@pytest.mark.parametrize("password", [None, "", "wrong"])
def test_a_password_that_does_not_open_the_key_is_named(certificates, password):
    with pytest.raises(errors.KeyPasswordWrong, match="the password does not open it"):
        an_identity(certificates, key=encrypted(certificates), key_password=password)


def test_a_key_of_another_certificate_is_named(certificates):
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    with pytest.raises(errors.KeyOfAnotherCertificate, match="does not belong"):
        an_identity(certificates, key=pem)


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("certificate", errors.CertificateUnreadable),
        ("key", errors.KeyUnreadable),
        ("root", errors.RootUnreadable),
    ],
)
@pytest.mark.parametrize("content", [b"rubbish", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END"])
def test_what_cannot_be_read_is_named(certificates, what, error, content):
    with pytest.raises(error, match="in PEM form"):
        an_identity(certificates, **{what: content})


def test_the_key_is_not_in_what_is_printed(certificates):
    assert "PRIVATE" not in repr(an_identity(certificates))
