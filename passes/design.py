"""A design: how a brand's passes look. A folder when it is written, one packed file when stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from passes import packing, reading
from passes.errors import BadPack, DesignFaults, DesignMissing
from passes.pictures import Pictures
from passes.plan import Plan

_DRAWN: Final = "drawn/"
_FORMAT: Final = b"wallet-service design 1\n"


class Design:
    """One version of a design. Two with the same files are equal and share what is cached.

    `content_hash` speaks of the files alone, not of the pictures drawn from them: it is known
    without drawing anything, and is the same on every machine.
    """

    __slots__ = ("content_hash", "pictures", "plan", "sources")

    def __init__(
        self, files: Mapping[str, bytes], drawn: Mapping[str, bytes] | None = None
    ) -> None:
        plan, issues = reading.read(files)
        faults = [issue for issue in issues if issue.is_error]
        if plan is None or faults:
            raise DesignFaults(faults)
        self.sources: Final[Mapping[str, bytes]] = reading.known(files)
        self.plan: Final[Plan] = plan
        self.pictures: Final = Pictures(self.sources, plan.stamps, drawn)
        self.content_hash: Final = _hash(self.sources)

    @classmethod
    def load(cls, folder: Path) -> Design:
        """Read a folder; raises DesignMissing, or DesignFaults with every error in it."""
        if not (folder / "design.toml").is_file():
            raise DesignMissing(folder=folder)
        return cls(files_in(folder))

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Design:
        return cls(files)

    def pack(self) -> bytes:
        """One file with every picture drawn in it. It may take a second: not in a request."""
        drawn = {f"{_DRAWN}{name}": png for name, png in self.pictures.all_drawn().items()}
        return packing.pack({**self.sources, **drawn})

    @classmethod
    def unpack(cls, packed: bytes) -> Design:
        """Read what `pack` wrote; such a design never draws."""
        files = packing.unpack(packed)
        drawn = {
            name.removeprefix(_DRAWN): content
            for name, content in files.items()
            if name.startswith(_DRAWN)
        }
        sources = {name: files[name] for name in files if not name.startswith(_DRAWN)}
        if "design.toml" not in sources:
            raise BadPack(why="design.toml is missing.")
        return cls(sources, drawn)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self.plan.texts))

    @property
    def css_class(self) -> str:
        """The class under which brand.css sets this design's colours."""
        return f"brand-{self.content_hash[:12]}"

    def public_name(self, base: str, state: int | None = None) -> str | None:
        """The file a page asks for, `strip-7.svg` or `icon.png`; None where there is none."""
        ending = self.pictures.ending(base)
        mark = "" if state is None or base != "strip" else f"-{state}"
        return f"{base}{mark}.{ending}" if ending else None

    def public_file(self, name: str) -> tuple[bytes, str] | None:
        """What may be served of this design, and its MIME type; None for any other name."""
        if name == "brand.css":
            return self._brand_css(), "text/css"
        for base in ("icon", "logo", "coupon", "event"):
            if name == self.public_name(base):
                return self._picture(base, None)
        for state in self.pictures.states:
            if name == self.public_name("strip", state):
                return self._picture("strip", state)
        return None

    def _picture(self, base: str, state: int | None) -> tuple[bytes, str] | None:
        found = self.pictures.public(base, state)
        if found is None:
            return None
        ending, content = found
        return content, "image/svg+xml" if ending == "svg" else "image/png"

    def _brand_css(self) -> bytes:
        colours = self.plan.colours
        return (
            f".{self.css_class} {{ --bg: {colours.background.hex()}; "
            f"--fg: {colours.foreground.hex()}; --label: {colours.label.hex()}; }}\n"
        ).encode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Design) and other.content_hash == self.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def __repr__(self) -> str:
        return f"Design({self.plan.name!r}, {self.content_hash[:12]})"


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder by name; a system's own hidden files are passed over."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".")
    }


def _hash(sources: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256(_FORMAT)
    for name in sorted(sources):
        whole.update(f"{name}\0{len(sources[name])}\0".encode())
        whole.update(sources[name])
    return whole.hexdigest()
