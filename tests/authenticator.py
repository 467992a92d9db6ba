"""A device that makes passkeys and shows them, as browsers and phones do; it can be made to lie.

https://www.w3.org/TR/webauthn-3/ (2026-11-25)
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

_PRESENT, _VERIFIED, _MADE = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey's device. `origin` is the page that its browser has open."""

    origin: str
    verifies: bool = True
    count: int = 0
    key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""

    def make(self, options: str, **lies: Any) -> str:
        """The answer to what `passkeys.ask_to_register` asked."""
        asked = json.loads(options) | lies
        self.handle = base64url_to_bytes(asked["user"]["id"])
        assert isinstance(self.key, ec.EllipticCurvePrivateKey)
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        seen = self._seen(asked["rp"]["id"], _MADE)
        seen += bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id
        seen += encode_cbor(public)
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": seen})
        said = self._said("webauthn.create", asked["challenge"])
        return self._answer(
            clientDataJSON=said, attestationObject=attested, transports=["internal"]
        )

    def show(self, options: str, **lies: Any) -> str:
        """The answer to what `passkeys.ask_to_show` asked."""
        asked = json.loads(options) | lies
        self.count += 1
        seen = self._seen(asked["rpId"])
        said = self._said("webauthn.get", asked["challenge"])
        signed = self._sign(seen + hashlib.sha256(said).digest())
        return self._answer(
            clientDataJSON=said, authenticatorData=seen, signature=signed, userHandle=self.handle
        )

    def _sign(self, what: bytes) -> bytes:
        if isinstance(self.key, Ed25519PrivateKey):  # what Chromium's own device makes
            return self.key.sign(what)
        return self.key.sign(what, ec.ECDSA(hashes.SHA256()))

    def _seen(self, party: str, more: int = 0) -> bytes:
        flags = _PRESENT | (_VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _said(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **parts: Any) -> str:
        name = bytes_to_base64url(self.credential_id)
        response = {
            key: bytes_to_base64url(value) if isinstance(value, bytes) else value
            for key, value in parts.items()
        }
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
