"""What phones complain about: kept short, without what could name a phone or open a pass."""

import re
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import brands, clock, ids
from wallet_service.brands import levels
from wallet_service.phones.tables import device_log

LINES_A_REPORT_MAX = 20
LINE_LENGTH_MAX = 300
LINES_KEPT_MAX = 1000

# Their own words, as real phones write them: "(for device …, pass type …, serial number …".
_NAMED = re.compile(
    r"\b(device|serial number|authentication token|push token|ApplePass)\b[ :=]+[^\s,;()]+", re.I
)
# Serials, tokens, device ids and what stands in links: long runs without a space or a dot.
_LONG = re.compile(r"[A-Za-z0-9_+/=-]{16,}")
_HEX = re.compile(r"\b[0-9A-Fa-f]{8,}\b")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def redact(line: str) -> str:
    """A phone's line as it may be kept: one line, short, secrets and names of devices out."""
    # Whole first and cut last, so that no secret is cut into something unrecognisable.
    line = line.encode("utf-8", "replace").decode()
    line = _UNPRINTABLE.sub(" ", line)
    line = _NAMED.sub(lambda found: f"{found[1]} …", line)
    for pattern in (_ADDRESS, _LONG, _HEX):
        line = pattern.sub("…", line)
    return line[:LINE_LENGTH_MAX]


def keep(connection: Connection, lines: Iterable[str]) -> None:
    """Keep the first lines of a report, redacted; the oldest of all make room."""
    now = clock.now()
    rows = [
        {"log_id": ids.new_id(), "logged_at": now, "line": redact(line)}
        for line, _ in zip(lines, range(LINES_A_REPORT_MAX), strict=False)
    ]
    if not rows:
        return
    connection.execute(sa.insert(device_log), rows)
    newest = sa.select(device_log.c.log_id).order_by(device_log.c.log_id.desc())
    connection.execute(
        sa.delete(device_log).where(
            device_log.c.log_id < newest.offset(LINES_KEPT_MAX - 1).limit(1).scalar_subquery()
        )
    )


def tidy(connection: Connection, now: datetime) -> None:
    """Forget what is older than the strictest of the brands keeps it; no line says whose it is."""
    kept = levels.strictest(brand.level for brand in brands.every(connection)).device_log_kept
    connection.execute(sa.delete(device_log).where(device_log.c.logged_at < now - kept))


def latest(connection: Connection, n: int = 50) -> tuple[str, ...]:
    """The last lines, newest first."""
    rows = connection.execute(
        sa.select(device_log.c.line).order_by(device_log.c.log_id.desc()).limit(n)
    )
    return tuple(rows.scalars())
