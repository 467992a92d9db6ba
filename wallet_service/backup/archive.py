"""A backup as a file: a tar of two members, what it is (`manifest.json`) and the database."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from wallet_service import clock
from wallet_service.errors import StartError

_FORMAT = "wallet-service backup 1"
_MANIFEST, _DATABASE = "manifest.json", "database"
_MANIFEST_BYTES_MAX = 1024 * 1024
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself. `key` is the id of the secret key in use, never the key."""

    engine: str
    schema: str
    made_at: str
    version: str
    key: str
    counts: Mapping[str, int]
    bytes: int
    sha256: str


def name_for(place: Path, made_at: datetime) -> Path:
    """The file to write: `place`, or in it, where it is a folder. Raises StartError."""
    file = place / f"wallet-{made_at:%Y%m%dT%H%M%SZ}.backup" if place.is_dir() else place
    if not file.parent.is_dir():
        raise StartError(f"The folder {file.parent} does not exist.")
    if file.exists():
        raise StartError(f"{file} exists already; a backup never writes over another file.")
    return file


@contextmanager
def part_of(file: Path, kind: str) -> Iterator[Path]:
    """A place beside `file` to write to; what is left there at the end is removed."""
    part = file.with_name(f".{file.name}.{kind}.{os.getpid()}")
    try:
        yield part
    finally:
        for left in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)


def create(part: Path) -> int:
    """Make an empty file that only its owner can read, and open it for writing."""
    return os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def digest(file: Path) -> tuple[int, str]:
    """How long a file is, and its SHA-256."""
    with file.open("rb") as content:
        return file.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest()


def write(file: Path, manifest: Manifest, database: Path) -> None:
    """Write a backup, whole or not at all: it takes its name when it lies on the disk."""
    said = json.dumps({"format": _FORMAT} | asdict(manifest), indent=2, sort_keys=True).encode()
    with part_of(file, "part") as part:
        with os.fdopen(create(part), "wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                tar.addfile(_member(_MANIFEST, len(said)), io.BytesIO(said))
                with database.open("rb") as content:
                    tar.addfile(_member(_DATABASE, manifest.bytes), content)
            out.flush()
            os.fsync(out.fileno())
        os.link(part, file)  # unlike a rename, it writes over nothing
        keep_name(file.parent)


def read(file: Path) -> Manifest:
    """What a backup says of itself. Raises StartError for a file that is none."""
    with _opened(file) as tar:
        return _manifest(file, tar)


def extract(file: Path, part: Path) -> Manifest:
    """Write a backup's database to `part`. Raises StartError when it is not what was backed up."""
    with _opened(file) as tar:
        manifest = _manifest(file, tar)
        member = tar.next()
        if member is None or member.name != _DATABASE or not member.isreg():
            raise _damaged(file)
        content = tar.extractfile(member)
        assert content is not None
        sha256 = hashlib.sha256()
        with os.fdopen(create(part), "wb") as out:
            while piece := content.read(_PIECE):
                sha256.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if sha256.hexdigest() != manifest.sha256:
            raise _damaged(file)
    return manifest


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, clock.seconds()
    return member


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    if not file.is_file():
        raise StartError(f"There is no file {file}.")
    try:
        tar = tarfile.open(file, mode="r:")  # noqa: SIM115 - closed below
    except tarfile.TarError:
        raise _no_backup(file) from None
    try:
        with tar:
            yield tar
    except tarfile.TarError:
        raise _damaged(file) from None


def _manifest(file: Path, tar: tarfile.TarFile) -> Manifest:
    member = tar.next()
    if member is None or member.name != _MANIFEST or not member.isreg():
        raise _no_backup(file)
    content = tar.extractfile(member)
    assert content is not None
    try:
        told = json.loads(content.read(_MANIFEST_BYTES_MAX))
        if told.pop("format") != _FORMAT:
            raise _no_backup(file)
        manifest = Manifest(**told)
        datetime.fromisoformat(manifest.made_at)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _damaged(file) from None
    return manifest


def keep_name(folder: Path) -> None:
    """A new name is kept through a power cut only when its folder lies on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _no_backup(file: Path) -> StartError:
    return StartError(f"{file} is not a backup of wallet-service.")


def _damaged(file: Path) -> StartError:
    return StartError(f"{file} is damaged: it is not what was backed up. Nothing was changed.")
