"""Other people's tools over a pkpass, and words that try to be more than words."""

import shutil
import subprocess
import zipfile
from pathlib import Path

HOSTILE = (
    "%@", "100 %", "{0}", "{holder}", "{{ 7*7 }}", "%(name)s", "$name", "D’Arcy O'Brien",
    'quo"te\\back', "<b>Bo</b> & Ann", "Bob &amp; Ann", "Łukasz Ж 🌷", "line\nbreak", "text.news",
    "‮olleh", "a\u0000b", "=1+1", "👩‍👩‍👧",
)  # fmt: skip


def unpacked(pkpass: bytes, folder: Path) -> Path:
    (folder / "card.pkpass").write_bytes(pkpass)
    if shutil.which("unzip"):  # a second opinion where there is one
        subprocess.run(["unzip", "-tq", "card.pkpass"], cwd=folder, check=True, capture_output=True)
    with zipfile.ZipFile(folder / "card.pkpass") as archive:
        archive.extractall(folder)
    return folder


def openssl_accepts(folder: Path, root: Path) -> bool:
    command = [
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature",
        "-content", "manifest.json", "-CAfile", str(root), "-purpose", "any", "-out", "/dev/null",
    ]  # fmt: skip
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def certtool_accepts(folder: Path, root: Path) -> bool:
    command = [
        "certtool", "--p7-verify", "--inder", "--infile", "signature",
        "--load-data", "manifest.json", "--load-ca-certificate", str(root),
    ]  # fmt: skip
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


# macOS has no certtool; openssl is everywhere.
CHECKS = [openssl_accepts, *([certtool_accepts] if shutil.which("certtool") else [])]
