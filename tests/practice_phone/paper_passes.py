"""Passes made by hand, so that a test can spoil any part of one before or after signing."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
)

from wallet_service.practice.certificates import PracticeCertificates

PNG = b"\x89PNG\r\n\x1a\n" + b"the rest of a picture"

Spoil = Callable[[dict[str, Any]], None]


class Paper:
    """A maker of store cards, signed with the practice certificate."""

    def __init__(self, certificates: PracticeCertificates) -> None:
        self.certificates = certificates

    def contents(self, **more: object) -> dict[str, Any]:
        return {
            "formatVersion": 1,
            "passTypeIdentifier": self.certificates.pass_type_identifier,
            "teamIdentifier": self.certificates.team_identifier,
            "serialNumber": "aino-1",
            "authenticationToken": "a-token-of-sixteen-and-more",
            "organizationName": "Kielo",
            "description": "Kielo stamp card",
            "backgroundColor": "rgb(31, 77, 58)",
            "barcodes": [
                {
                    "format": "PKBarcodeFormatQR",
                    "message": "LP17K3MX9Q2TBVD",
                    "messageEncoding": "iso-8859-1",
                }
            ],
            "storeCard": {
                "headerFields": [{"key": "stamps", "label": "stamps-label", "value": "6/10"}],
                "secondaryFields": [
                    {
                        "key": "news",
                        "label": "news-label",
                        "value": "Welcome, Aino.",
                        "changeMessage": "%@",
                    }
                ],
                "backFields": [{"key": "site", "label": "Shop", "value": "kielo.example"}],
            },
            **more,
        }

    def pack(
        self,
        contents: Mapping[str, Any],
        *,
        spoil_files: Callable[[dict[str, bytes]], None] | None = None,
        spoil_manifest: Callable[[dict[str, str]], None] | None = None,
        spoil_signed: Callable[[dict[str, bytes]], None] | None = None,
        options: tuple[PKCS7Options, ...] = (PKCS7Options.Binary, PKCS7Options.DetachedSignature),
        certificates: PracticeCertificates | None = None,
        digest: hashes.HashAlgorithm | None = None,
    ) -> bytes:
        """A .pkpass; each `spoil_…` may change what is there at that step."""
        files = {
            "pass.json": json.dumps(contents).encode(),
            "icon.png": PNG,
            "logo.png": PNG,
            "en.lproj/pass.strings": b'"stamps-label" = "Stamps";\n"news-label" = "News";\n',
            "fi.lproj/pass.strings": b'"stamps-label" = "Leimat";\n"news-label" = "Uutta";\n',
        }
        if spoil_files:
            spoil_files(files)
        manifest = {name: hashlib.sha1(file).hexdigest() for name, file in files.items()}
        if spoil_manifest:
            spoil_manifest(manifest)
        files["manifest.json"] = json.dumps(manifest, indent=1).encode()
        files["signature"] = self._signature(
            files["manifest.json"], options, certificates or self.certificates, digest
        )
        if spoil_signed:
            spoil_signed(files)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, file in files.items():
                archive.writestr(name, file)
        return packed.getvalue()

    def _signature(
        self,
        manifest: bytes,
        options: tuple[PKCS7Options, ...],
        certificates: PracticeCertificates,
        digest: hashes.HashAlgorithm | None,
    ) -> bytes:
        key = load_pem_private_key(certificates.key.read_bytes(), None)
        leaf = x509.load_pem_x509_certificate(certificates.certificate.read_bytes())
        intermediate = x509.load_pem_x509_certificate(certificates.intermediate.read_bytes())
        return (
            PKCS7SignatureBuilder()
            .set_data(manifest)
            .add_signer(leaf, key, digest or hashes.SHA256())
            .add_certificate(intermediate)
            .sign(Encoding.DER, list(options))
        )
