"""What the stories of this room need: the florist's design, Aino's card, and a test authority."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from passes.apple.identity import PassIdentity
from passes.apple.signing import Signer
from passes.card import Card, CardBalance, CardCoupon, News, Stamps
from passes.design import Design

KIELO = Path(__file__).parents[2] / "templates" / "designs" / "kielo"
PASS_TYPE = "pass.example.kielo"
TEAM = "KIELO12345"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Certified:
    certificate: x509.Certificate
    key: PrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self, password: bytes | None = None) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password)
            if password
            else serialization.NoEncryption(),
        )


class Authority:
    """Makes certificates of Apple's shape: a root, an intermediate, and leaves for pass types."""

    def __init__(self) -> None:
        self.root = self._issue(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Root CA")]), None, authority=2
        )
        self.intermediate = self._issue(
            x509.Name([
                x509.NameAttribute(
                    NameOID.COMMON_NAME,
                    "Apple Worldwide Developer Relations Certification Authority",
                ),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "G4"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test of Apple Inc."),
                x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
            ]),
            self.root,
            authority=0,
        )  # fmt: skip

    def leaf(
        self,
        pass_type: str = PASS_TYPE,
        team: str = TEAM,
        *,
        name: str = "Pass Type ID: ",
        days: int = 365,
        key: PrivateKey | None = None,
    ) -> Certified:
        subject = x509.Name([
            x509.NameAttribute(NameOID.USER_ID, pass_type),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name}{pass_type}"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, team),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kielo Oy"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FI"),
        ])  # fmt: skip
        return self._issue(subject, self.intermediate, pass_type=pass_type, days=days, key=key)

    def _issue(
        self,
        subject: x509.Name,
        issuer: Certified | None,
        *,
        authority: int | None = None,
        pass_type: str = "",
        days: int = 3650,
        key: PrivateKey | None = None,
    ) -> Certified:
        key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=1))
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(
                x509.BasicConstraints(ca=authority is not None, path_length=authority), True
            )
        )
        if authority is None:
            text = pass_type.encode()
            builder = (
                builder.add_extension(_usage(sign=True), True)
                .add_extension(
                    x509.ExtendedKeyUsage([
                        ExtendedKeyUsageOID.CLIENT_AUTH,
                        ObjectIdentifier("1.2.840.113635.100.4.14"),
                    ]),
                    True,
                )
                .add_extension(_apple("6.3.2", b"\x05\x00"), False)
                .add_extension(_apple("6.1.16", b"\x0c" + bytes([len(text)]) + text), False)
            )  # fmt: skip
        else:
            builder = builder.add_extension(_usage(sign=False), True)
        signer = issuer.key if issuer else key
        return Certified(builder.sign(signer, hashes.SHA256()), key)


def _apple(end: str, value: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(ObjectIdentifier(f"1.2.840.113635.100.{end}"), value)


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=not sign, crl_sign=not sign,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def leaf(authority: Authority) -> Certified:
    return authority.leaf()


@pytest.fixture(scope="session")
def signer(authority: Authority, leaf: Certified) -> Signer:
    return Signer.load(leaf.pem, leaf.key_pem(), None, authority.intermediate.pem)


@pytest.fixture(scope="session")
def root_pem(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "root.pem"
    path.write_bytes(authority.root.pem)
    return path


@pytest.fixture(scope="session")
def kielo() -> Design:
    return Design.load(KIELO)


@pytest.fixture(scope="session")
def kielo_packed(kielo: Design) -> bytes:
    return kielo.pack()


@pytest.fixture
def kielo_files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in KIELO.iterdir()}


@pytest.fixture(scope="session")
def identity() -> PassIdentity:
    return PassIdentity(
        pass_type_identifier=PASS_TYPE,
        team_identifier=TEAM,
        serial_number="01jdkielo0000000aino",
        authentication_token="not-a-secret-but-long-enough",
        web_service_url="https://cards.kielo.example/apple",
    )


def aino_card(**changes: Any) -> Card:
    card = Card(
        code="LP17K3MX9Q2TBVD",
        language="en",
        holder="Aino",
        programme="Kielo card",
        stamps=Stamps(have=7, of=10),
        balances=(CardBalance(unit="points", label="Points", value="184"),),
        next_reward="A bouquet",
        news="7 of 10 stamps. Three more to a bouquet.",
        earlier_news=(
            News(at=NOW - timedelta(days=6), sentence="6 of 10 stamps. Four more to a bouquet."),
            News(at=NOW - timedelta(days=15), sentence="5 of 10 stamps. Halfway."),
        ),
        coupons=(
            CardCoupon(
                code="CPN2",
                name="Ribbon for free",
                until=date(2026, 12, 24),
                terms="One a bouquet.",
            ),
        ),
        card_link="https://cards.kielo.example/c/t0ken/card",
    )
    return replace(card, **changes)


@pytest.fixture
def aino() -> Callable[..., Card]:
    return aino_card


def files_of(pkpass: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pkpass)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def opened() -> Callable[[bytes], Mapping[str, bytes]]:
    """The files of a pkpass by name."""
    return files_of
