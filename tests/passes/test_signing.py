"""Keys and certificates: loaded once, refused with a sentence, checked as Apple's tools do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from passes.apple.signing import Signer
from passes.errors import CertificateUnreadable, KeyMismatch, KeyUnreadable
from passes.issues import Issue

PASS_TYPE, TEAM = "pass.example.kielo", "KIELO12345"


@pytest.fixture
def loaded(authority: Any) -> Callable[..., Signer]:
    def load(certified: Any, intermediate: bytes | None = None) -> Signer:
        return Signer.load(
            certified.pem, certified.key_pem(), None, intermediate or authority.intermediate.pem
        )

    return load


@pytest.fixture
def now(leaf: Any) -> Any:
    return leaf.certificate.not_valid_before_utc + timedelta(days=1)


def says(issues: list[Issue], *words: str) -> bool:
    return any(all(word in issue.says for word in words) and issue.mend for issue in issues)


def test_a_good_certificate_gives_no_issue(signer: Signer, now: Any) -> None:
    assert signer.check(PASS_TYPE, TEAM, now) == []
    assert signer.not_after == now + timedelta(days=365)
    assert not signer.may_carry_nfc


def test_the_bytes_are_those_of_the_librarys_own_builder(
    authority: Any, leaf: Any, signer: Signer
) -> None:
    manifest = b'{"icon.png":"0"}\n'
    builder = (
        PKCS7SignatureBuilder()
        .set_data(manifest)
        .add_signer(leaf.certificate, leaf.key, SHA256())
        .add_certificate(authority.intermediate.certificate)
    )
    options = [
        PKCS7Options.DetachedSignature,
        PKCS7Options.Binary,
        PKCS7Options.NoCapabilities,
    ]
    # The builder's time is the system's, in whole seconds: once more if a second passed by.
    for _ in range(3):
        before = datetime.now(UTC)
        theirs = builder.sign(Encoding.DER, options)
        if before.second == datetime.now(UTC).second:
            break

    assert signer.sign(manifest, before) == theirs


def test_the_time_of_signing_is_the_only_thing_that_differs(signer: Signer, now: Any) -> None:
    later = now + timedelta(days=365 * 30)

    assert signer.sign(b"{}", now) == signer.sign(b"{}", now)
    assert signer.sign(b"{}", now) != signer.sign(b"{}", now + timedelta(seconds=1))
    assert f"{later:%Y%m%d}".encode() in signer.sign(b"{}", later)


def test_a_key_of_elliptic_curves_signs_too(authority: Any, loaded: Callable[..., Signer]) -> None:
    curve = authority.leaf(key=ec.generate_private_key(ec.SECP256R1()))

    assert loaded(curve).sign(b"{}")


def test_an_encrypted_key_needs_its_password(authority: Any, leaf: Any) -> None:
    locked = leaf.key_pem(b"kielo")

    def load(password: str | None) -> Signer:
        return Signer.load(leaf.pem, locked, password, authority.intermediate.pem)

    assert load("kielo").sign(b"{}")
    with pytest.raises(KeyUnreadable, match="no password"):
        load(None)
    with pytest.raises(KeyUnreadable, match="password is wrong") as refused:
        load("not-this-one")
    assert "not-this-one" not in str(refused.value)


def test_rubbish_is_refused_with_a_sentence(authority: Any, leaf: Any) -> None:
    intermediate = authority.intermediate.pem
    with pytest.raises(CertificateUnreadable, match="pass certificate is not a PEM"):
        Signer.load(b"rubbish", leaf.key_pem(), None, intermediate)
    with pytest.raises(CertificateUnreadable, match="intermediate certificate is not a PEM"):
        Signer.load(leaf.pem, leaf.key_pem(), None, leaf.key_pem())
    with pytest.raises(KeyUnreadable, match="no PEM key"):
        Signer.load(leaf.pem, b"rubbish", None, intermediate)
    odd = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(KeyUnreadable, match="neither an RSA nor an EC"):
        Signer.load(leaf.pem, odd, None, intermediate)


def test_another_certificates_key_is_refused(authority: Any, leaf: Any) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(KeyMismatch, match="does not belong"):
        Signer.load(leaf.pem, stranger, None, authority.intermediate.pem)


def test_all_that_is_wrong_is_said_at_once(
    authority: Any, leaf: Any, loaded: Callable[..., Signer], now: Any
) -> None:
    wrong = loaded(leaf, intermediate=authority.root.pem)
    issues = wrong.check("pass.example.other", "OTHER12345", now + timedelta(days=400))

    assert says(issues, "pass type pass.example.kielo", "pass.example.other")
    assert says(issues, "team KIELO12345", "OTHER12345")
    assert says(issues, "did not issue")
    assert says(issues, "It ended on")
    assert all(issue.is_error for issue in issues)


def test_the_last_month_is_a_warning_with_the_days_left(signer: Signer) -> None:
    issues = signer.check(PASS_TYPE, TEAM, signer.not_after - timedelta(days=9, hours=1))

    assert [issue.severity for issue in issues] == ["warning"]
    assert says(issues, "in 9 days")


def test_a_certificate_of_tomorrow_is_not_yet_good(signer: Signer, now: Any) -> None:
    assert says(signer.check(PASS_TYPE, TEAM, now - timedelta(days=9)), "valid from")


def test_nfc_is_known_by_the_certificates_name(
    authority: Any, loaded: Callable[..., Signer], now: Any
) -> None:
    nfc = loaded(authority.leaf(name="Pass Type ID with NFC: "))
    push = loaded(authority.leaf(name="Apple Push Services: "))

    assert nfc.may_carry_nfc
    assert nfc.check(PASS_TYPE, TEAM, now) == []
    assert says(push.check(PASS_TYPE, TEAM, now), "Pass Type ID: …")


def test_the_key_stands_in_no_repr(signer: Signer) -> None:
    assert "PrivateKey" not in repr(signer)
    assert "_signature" not in repr(signer)
