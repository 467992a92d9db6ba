"""What goes in and what comes out: a push, and its one outcome."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from wallet_service.delivery.answers import Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """The empty message that makes a phone ask; `reference` is the caller's own mark."""

    token: str
    reference: Hashable


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a push. `was_tried` is False when it was handed back without being sent."""

    push: Push
    fate: Fate
    status: int | None = None
    reason: str = ""
    timestamp: datetime | None = None
    retry_after: float | None = None
    was_tried: bool = True
