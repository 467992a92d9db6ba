"""Rendered: what delivery must know of a card that was drawn."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The hash of all that can be seen on the pass, and when time alone will change it."""

    content_hash: str
    next_change_at: datetime | None = None
