"""Is this .pkpass one that a phone would take? Everything that is wrong is said at once.

https://developer.apple.com/documentation/walletpasses (last checked 2026-11-22). Where Apple's
documents are silent the practice phone is the stricter one.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from cryptography import x509

from wallet_service.practice import contents, signature, strings
from wallet_service.practice.held import HeldPass

_FILES_MAX = 200
_BYTES_MAX = 20_000_000
_UNLISTED = ("manifest.json", "signature")


class BadPass(Exception):
    """The phone refuses this pass; `faults` are English sentences, as in a phone's log."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def verify(pkpass: bytes, root: x509.Certificate) -> HeldPass:
    """The pass in `pkpass`, checked whole against `root`. Raises BadPass with all its faults."""
    files = _unzipped(pkpass)
    faults = _against_manifest(files)
    spoken, more = _strings(files)
    faults += more
    said = _pass_json(files)
    faults += contents.faults(said, spoken)
    faults += _pictures(files)

    signed = None
    if "signature" not in files:
        faults.append("the signature is missing")
    elif "manifest.json" in files:
        try:
            signed = signature.check(files["manifest.json"], files["signature"], root)
        except signature.BadSignature as wrong:
            faults.append(f"the signature is not valid: {wrong}")
    if signed is not None:
        faults += _against_certificate(said, files, signed)
    if faults or signed is None:
        raise BadPass(*faults)
    return HeldPass(files=files, contents=said, strings=spoken, signed_at=signed.signed_at)


def _unzipped(pkpass: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(pkpass)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            names = [entry.filename for entry in entries]
            strange = [name for name in names if _is_strange(name)]
            too_much = sum(entry.file_size for entry in entries) > _BYTES_MAX
            if len(names) != len(set(names)):
                raise BadPass("the archive holds two files of one name")
            if strange:
                raise BadPass(f"the archive holds a file with a strange path: {strange[0]}")
            if too_much or len(names) > _FILES_MAX:
                raise BadPass("the archive is too large")
            if any(entry.flag_bits & 1 for entry in entries):
                raise BadPass("the archive is encrypted")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError):
        raise BadPass("the pass is not a whole zip archive") from None


def _is_strange(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or not name.isprintable()


def _against_manifest(files: Mapping[str, bytes]) -> list[str]:
    if "manifest.json" not in files:
        return ["manifest.json is missing"]
    manifest = _json(files["manifest.json"])
    if not isinstance(manifest, dict):
        return ["manifest.json is not a JSON object"]
    listed = {name for name in files if name not in _UNLISTED}
    faults = [f"{name} is not listed in manifest.json" for name in sorted(listed - set(manifest))]
    faults += [f"{name} is listed but missing" for name in sorted(set(manifest) - listed)]
    for name in sorted(listed & set(manifest)):
        # SHA-1 is what Apple asks for here; the manifest itself is signed with SHA-256.
        if manifest[name] != hashlib.sha1(files[name], usedforsecurity=False).hexdigest():
            faults.append(f"{name} is not the file that manifest.json describes")
    return faults


def _strings(files: Mapping[str, bytes]) -> tuple[dict[str, dict[str, str]], list[str]]:
    spoken, faults = {}, []
    for name, file in files.items():
        folder, _, rest = name.partition(".lproj/")
        if rest != "pass.strings":
            continue
        try:
            spoken[folder] = strings.parse(file)
        except strings.BadStrings as wrong:
            faults.append(f"{name}: {wrong}")
    return spoken, faults


def _pass_json(files: Mapping[str, bytes]) -> dict[str, Any]:
    said = _json(files.get("pass.json", b""))
    return said if isinstance(said, dict) else {}


def _json(text: bytes) -> object:
    try:
        return json.loads(text.decode("utf-8"), object_pairs_hook=_once_each)
    except ValueError:
        return None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) != len({key for key, _ in pairs}):
        raise ValueError("A key stands twice.")
    return dict(pairs)


def _pictures(files: Mapping[str, bytes]) -> list[str]:
    bare = {name.rpartition("/")[2] for name in files}
    faults = [] if "icon.png" in bare else ["icon.png is missing"]
    for name, file in files.items():
        if name.endswith(".png") and not file.startswith(b"\x89PNG\r\n\x1a\n"):
            faults.append(f"{name} is not a PNG picture")
    return faults


def _against_certificate(
    said: Mapping[str, Any], files: Mapping[str, bytes], signed: signature.Signed
) -> list[str]:
    faults = []
    if said.get("passTypeIdentifier") != signed.pass_type_identifier:
        faults.append("passTypeIdentifier is not the one in the certificate")
    if said.get("teamIdentifier") != signed.team_identifier:
        faults.append("teamIdentifier is not the one in the certificate")
    if not signed.for_nfc and ("nfc" in said or "personalization.json" in files):
        faults.append("nfc needs a certificate for passes with NFC")
    return faults
