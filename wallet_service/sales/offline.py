"""Replay: what tills did while they were offline, told later. What happened is fact."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from wallet_service.db import Database
from wallet_service.language import Phrase
from wallet_service.sales.returns import Return
from wallet_service.sales.told import Counter, Sale, StampsTold

EVENTS_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A coupon that was used by itself."""

    event_id: str
    coupon: str
    sale_id: str | None = None
    card_code: str | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """People who came in with a ticket."""

    event_id: str
    ticket: str
    count: int = 1
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A sale, stamps or a use that was undone."""

    sale_id: str
    occurred_at: datetime | None = None


Event = Sale | StampsTold | Return | Used | LetIn | Undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event of the batch, and the counter at which it was: found in its own transaction, so
    that a shop that is not known is a conflict of this event alone."""

    what: Event
    counter_of: Callable[[Connection], Counter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What became of one event. A conflict has a code and a sentence, and is a finding."""

    key: str
    status: Literal["accepted", "duplicate", "conflict"]
    code: str | None = None
    say: Phrase | None = None
    answer: Any = None  # what the intention answered: Answer, Redeemed or Admission


def replay(database: Database, happened: Sequence[Happened]) -> tuple[Item, ...]:
    """Tell a batch: each event its own transaction, in the order in which they happened; those
    that wait for another of the batch are told again after the rest. Items in the batch's order.
    """
    raise NotImplementedError
