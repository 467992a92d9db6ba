"""What an answer of APNs means for the push, the registration and the way out: pure.

https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
(last checked 2026-11-22)
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

RETRY_AFTER_MAX_SECONDS = 86_400.0
MISCONFIGURED_RETRY_SECONDS = 900.0


class Fate(Enum):
    """What became of a push."""

    DELIVERED = auto()
    """APNs took it."""
    DEAD = auto()
    """The token reaches no phone: registrations older than the timestamp go (none given: all)."""
    CONFIGURATION = auto()
    """Our own certificate, topic or request is at fault: raise the alarm, delete nothing."""
    PASSING = auto()
    """It may go well later."""


class Scope(Enum):
    """How far a fault reaches."""

    PUSH = auto()
    """This push alone."""
    WAY = auto()
    """Everything that goes the same way: the rest would only hear the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    fate: Fate
    scope: Scope = Scope.PUSH
    retry_after: float | None = None


# What says nothing about our certificate or topic, but about this one device.
_OF_ONE_TOKEN = {"DeviceTokenNotForTopic", "PayloadTooLarge", "MissingDeviceToken", "BadCollapseId"}


def verdict(status: int, reason: str, retry_after: float | None = None) -> Verdict:
    """The meaning of an HTTP answer.

    A token is dead only where APNs says exactly that. Whatever else a 4xx may mean, it is our
    fault or unknown, and a phone that is dropped by mistake never hears from us again.
    """
    if status == 200:
        return Verdict(fate=Fate.DELIVERED)
    if (status, reason) in {(410, "Unregistered"), (410, "ExpiredToken"), (400, "BadDeviceToken")}:
        return Verdict(fate=Fate.DEAD)
    if status in {400, 403, 404, 405, 413}:
        scope = Scope.PUSH if status == 413 or reason in _OF_ONE_TOKEN else Scope.WAY
        return Verdict(
            fate=Fate.CONFIGURATION, scope=scope, retry_after=MISCONFIGURED_RETRY_SECONDS
        )
    # 429 is about one token: too many pushes to one phone. 5xx is APNs itself in trouble.
    scope = Scope.WAY if status >= 500 else Scope.PUSH
    return Verdict(fate=Fate.PASSING, scope=scope, retry_after=_capped(retry_after))


def said(body: bytes) -> tuple[str, datetime | None]:
    """The reason and the timestamp in an answer's body; empty and None where it is not APNs's."""
    try:
        says = json.loads(body)
        reason, milliseconds = says.get("reason"), says.get("timestamp")
    except (ValueError, AttributeError, RecursionError):
        return "", None
    return _plain(reason), _moment(milliseconds)


def _plain(reason: object) -> str:
    # It goes to logs and tables: a word of APNs, or nothing.
    if isinstance(reason, str) and len(reason) <= 64 and reason.isascii() and reason.isalnum():
        return reason
    return ""


def _moment(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _capped(seconds: float | None) -> float | None:
    if seconds is None or seconds <= 0:
        return None
    return min(float(seconds), RETRY_AFTER_MAX_SECONDS)
