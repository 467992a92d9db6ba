"""The one source of time: aware, always UTC, and drivable by tests and in practice mode.

Nothing else in the service asks the system what time it is, except what measures durations
(`time.monotonic`) and libcurl, which keeps the system's time.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock


def _system() -> datetime:
    return datetime.now(UTC)


_lock = Lock()
_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source()


def seconds() -> int:
    """The present moment in whole Unix seconds, rounded down."""
    return int(now().timestamp())


def written(moment: datetime) -> str:
    """An aware moment as machines read it: ISO 8601 in UTC, with a Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def set_to(moment: datetime) -> None:
    """Stop the clock at `moment` (aware). Tests only."""
    global _source
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone says nothing; give an aware one.")
    fixed = moment.astimezone(UTC)
    with _lock:
        _source = lambda: fixed  # noqa: E731


def advance(by: timedelta) -> None:
    """Move a stopped clock by `by`; a running one is stopped first. Tests only."""
    set_to(now() + by)


def drive_to(moment: datetime) -> timedelta:
    """Let the clock run on from `moment` (aware); returns how far it was moved.

    Forward only, as the ledger is: what was written at a later moment would lie in the future.
    Practice mode and tests only. Raises Backwards.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone says nothing; give an aware one.")
    with _lock:
        return _run_on(_source(), moment.astimezone(UTC))


def drive_by(by: timedelta) -> timedelta:
    """Let the clock run on from `by` later than now. Raises Backwards, or OverflowError."""
    with _lock:
        before = _source()
        return _run_on(before, before + by)


def _run_on(before: datetime, moment: datetime) -> timedelta:
    global _source
    if moment < before:
        raise Backwards(before)
    ahead = moment - _system()
    _source = lambda: _system() + ahead  # noqa: E731
    return moment - before


class Backwards(Exception):
    """The clock was asked to go back; it only goes forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        super().__init__(f"The clock only goes forward; it is {written(now)} now.")


def release() -> None:
    """Let the clock run with the system's time again."""
    global _source
    with _lock:
        _source = _system
