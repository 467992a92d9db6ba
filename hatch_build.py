"""Puts templates/ and config.toml into the wheel as wallet_service/_shipped/.

An editable install reads them beside the code (wallet_service/shipped.py), so it gets no copy.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What a page, a design, a programme or an asset is made of; editors' leavings are not.
SUFFIXES = {
    ".html", ".css", ".js", ".mjs", ".json", ".svg", ".png", ".toml", ".txt", ".wasm", ".woff2"
}  # fmt: skip


class ShippedFiles(BuildHookInterface):
    """Hatchling calls `initialize` before it builds a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        for file in [Path("config.toml"), *shipped_files(root)]:
            build_data["force_include"][str(root / file)] = f"wallet_service/_shipped/{file}"


def shipped_files(root: Path) -> list[Path]:
    """The files of templates/ that go along: those that git knows, where this is a checkout."""
    there = (path.relative_to(root) for path in (root / "templates").rglob("*") if path.is_file())
    fitting = {path for path in there if path.suffix in SUFFIXES and path.name[0] != "."}
    git = shutil.which("git")
    if git and (root / ".git").exists():
        listed = subprocess.run(  # noqa: S603 - fixed words
            [git, "ls-files", "-z", "templates"], cwd=root, capture_output=True, check=True
        )
        fitting &= {Path(name) for name in listed.stdout.decode().split("\0")}
    return sorted(fitting)
