"""A design as one file: a zip whose bytes depend on nothing but what is in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from passes.errors import BadPack

FILES_MAX = 2_000
BYTES_MAX = 32_000_000


def pack(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            # The same on every system: zipfile would otherwise write which one it ran on.
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            # Pictures are compressed already; text is small.
            archive.writestr(entry, files[name], compress_type=zipfile.ZIP_STORED)
    return out.getvalue()


def unpack(packed: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = archive.infolist()
            if len(entries) > FILES_MAX or sum(entry.file_size for entry in entries) > BYTES_MAX:
                raise BadPack(why="it is larger than any design.")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadPack(why=str(error)) from error
