"""The files of others: byte for byte what vendor.json says, each with its licence, all listed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "templates" / "assets" / "v", ROOT / "tests" / "vendor"]


def test_every_file_is_as_it_was_copied_and_none_is_there_besides():
    said = subprocess.run(
        [sys.executable, ROOT / ".ci" / "vendor", "--check"], capture_output=True, text=True
    )
    assert (said.stdout + said.stderr, said.returncode) == ("", 0)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_package_has_its_licence_and_its_row(folder: Path):
    listed = json.loads((folder / "vendor.json").read_text())
    rows = (ROOT / "THIRD_PARTY.md").read_text()
    places = {name.partition("/")[0] for each in listed.values() for name in each["sha256"]}
    assert places == {path.name for path in folder.iterdir() if path.is_dir()}
    for name, package in listed.items():
        place = next(iter(package["sha256"])).partition("/")[0]
        assert place.endswith(f"-{package['version']}")
        assert len((folder / place / "LICENSE.txt").read_text()) > 500, name
        assert f"`{(folder / place).relative_to(ROOT)}/`" in rows


def test_the_scanner_carries_the_notice_of_what_was_compiled_into_it():
    (place,) = FOLDERS[0].glob("zxing-wasm-*")
    notice = (place / "NOTICE.txt").read_text()
    assert "libzueci" in notice
    (commit,) = re.findall(r"\b[0-9a-f]{40}\b", notice)
    assert commit in (place / "es" / "share.js").read_text()  # a new version, a new notice


def test_versions_are_exact():
    wanted = json.loads((ROOT / ".ci" / "vendored" / "package.json").read_text())
    for version in (wanted["dependencies"] | wanted["devDependencies"]).values():
        assert version[0].isdigit()
