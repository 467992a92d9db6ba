"""Secrets that must be shown again are derived, never stored.

Apple's authentication token, the invitation and the card link are HMACs of a purpose and a
subject under one of the service's keys. The id of the key is stored beside the subject, so that
a new key can be put in front of the old ones without breaking a link or a pass.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from wallet_service.errors import StartError

_LEAST_LENGTH = 32


class Keyring:
    """The service's keys, newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise StartError("There is no secret key; set [service] secret_key_file.")
        if any(len(key) < _LEAST_LENGTH for key in keys):
            raise StartError(f"A secret key must have at least {_LEAST_LENGTH} characters.")
        self._keys = {_key_id(key): key.encode() for key in reversed(keys)}
        self.current_id = _key_id(keys[0])
        self.first_id = _key_id(keys[-1])

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all keys."""
        return frozenset(self._keys)

    def derive(self, purpose: str, subject: str, key_id: str | None = None) -> bytes:
        """32 bytes that only this service can make for `purpose` and `subject`.

        Raises LookupError when the key of `key_id` is no longer here.
        """
        key = self._keys[key_id or self.current_id]
        return hmac.digest(key, f"{purpose}|{subject}".encode(), hashlib.sha256)


def make(path: Path) -> None:
    """A file with one new key, if there is none. Raises OSError."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret(path, secrets.token_urlsafe(48) + "\n")


def read(path: Path) -> list[str]:
    """The keys in a file, one a line, newest first. Raises OSError."""
    return [line.strip() for line in path.read_text().splitlines() if line.strip()]


def write_secret(path: Path, text: str | bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    content = text.encode() if isinstance(text, str) else text
    part = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _key_id(key: str) -> str:
    return hashlib.sha256(b"key id|" + key.encode()).hexdigest()[:8]
