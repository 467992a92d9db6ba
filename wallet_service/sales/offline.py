"""Replay: what tills did while they were offline, told later. What happened is fact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from wallet_service import clock, coupons, idempotency
from wallet_service.db import Database
from wallet_service.errors import Refusal
from wallet_service.language import Phrase
from wallet_service.members import codes
from wallet_service.sales import findings
from wallet_service.sales.answer import Answer, Redeemed, Refused
from wallet_service.sales.errors import BadId, TooFast
from wallet_service.sales.record import record, stamp
from wallet_service.sales.redeem import redeem
from wallet_service.sales.returns import Return, take_back
from wallet_service.sales.tickets import Admission, admit
from wallet_service.sales.told import Counter, Sale, StampsTold
from wallet_service.sales.void import void

EVENTS_MAX = 500
# Refused for want of something that another event of the batch may bring.
_WAITS = frozenset({"unknown_sale", "unknown_coupon", "coupon_void", "not_enough", "coupon_used"})


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
    """One event of the batch, and the counter at which it was: found in the event's own
    transaction, so that a shop that is not known is a conflict of this event alone."""

    what: Event
    counter_of: Callable[[Connection], Counter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What became of one event. A conflict has a code and a sentence, and is a finding."""

    key: str
    status: Literal["accepted", "duplicate", "conflict"]
    code: str | None = None
    say: Phrase | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    answer: Answer | Redeemed | Admission | None = None


def replay(database: Database, happened: Sequence[Happened]) -> tuple[Item, ...]:
    """Tell a batch: each event its own transaction, in the order in which they happened; those
    that wait for another of the batch are told again after the rest. Items in the batch's order.
    """
    now = clock.now()
    items: dict[int, Item] = {}
    # Of two uses of one coupon the first one counts, whichever till comes online first. What is
    # undone or comes back was there before, so at the same moment it comes after.
    waiting = sorted(
        range(len(happened)),
        key=lambda place: (
            happened[place].what.occurred_at or now,
            isinstance(happened[place].what, Return | Undone),
        ),
    )
    while waiting:
        still: list[int] = []
        for place in waiting:
            items[place] = told = tell(database, happened[place])
            if told.status == "conflict" and told.code in _WAITS:
                still.append(place)
        if len(still) == len(waiting):
            break
        waiting = still
    for place, item in sorted(items.items()):
        if item.status == "conflict" and item.code != BadId.code:
            database.run(_found, happened[place], item, now)
    return tuple(items[place] for place in range(len(happened)))


def tell(database: Database, each: Happened) -> Item:
    """Tell one event, in its own transaction. That it came too fast is noted: it has happened."""
    try:
        try:
            return database.run(_tell, each)
        except TooFast as haste:
            return database.run(_tell, each, haste)
    except Refusal as refusal:
        return Item(
            key=name_of(each.what),
            status="conflict",
            code=refusal.code,
            say=refusal.say,
            facts=refusal.facts,
        )


def name_of(what: Event) -> str:
    """The name that its till gave the event."""
    match what:
        case Sale() | Undone():
            return what.sale_id
        case Return():
            return what.return_id
        case _:
            return what.event_id


def _tell(connection: Connection, each: Happened, haste: TooFast | None = None) -> Item:
    counter, what = each.counter_of(connection), each.what
    if haste is not None:
        counter = replace(counter, unhurried=True)
    answer = _tell_of(connection, counter, what)
    if answer.repeated:
        return Item(key=name_of(what), status="duplicate", answer=answer)
    refused = [_refusal(part.code, part.say, {"what": part.what}) for part in _refused(answer)]
    if haste is not None:
        refused.append(haste)
    for refusal in refused:
        findings.note(
            connection,
            counter,
            answer.member_id,
            refusal,
            what.occurred_at or clock.now(),
            name_of(what),
        )
    return Item(key=name_of(what), status="accepted", answer=answer)


def _tell_of(
    connection: Connection, counter: Counter, what: Event
) -> Answer | Redeemed | Admission:
    match what:
        case Sale():
            return record(connection, counter, what)
        case StampsTold():
            return stamp(connection, counter, what)
        case Return():
            return take_back(connection, counter, what)
        case Undone():
            return void(connection, counter, what.sale_id)
        case LetIn():
            return admit(
                connection,
                counter,
                what.event_id,
                what.ticket,
                count=what.count,
                occurred_at=what.occurred_at,
            )
        case Used():
            return redeem(
                connection,
                counter,
                what.event_id,
                what.coupon,
                what.sale_id,
                what.card_code,
                occurred_at=what.occurred_at,
            )


def _refused(answer: Answer | Redeemed | Admission) -> tuple[Refused, ...]:
    return answer.refused if isinstance(answer, Answer) else ()


def _found(connection: Connection, each: Happened, item: Item, now: datetime) -> None:
    """Keep a conflict as what it is: something that happened and is nowhere in the books."""
    try:
        counter = each.counter_of(connection)
    except Refusal:  # no counter is known, so there is nobody to show it to
        return
    assert item.code is not None
    assert item.say is not None
    refusal = _refusal(item.code, item.say, item.facts)
    at = each.what.occurred_at or now
    member_id = _whose(connection, counter, each.what)
    findings.note(connection, counter, member_id, refusal, at, item.key)


def _whose(connection: Connection, counter: Counter, what: Event) -> str | None:
    """The member that an event is about, as far as it says."""
    try:
        match what:
            case Sale() | StampsTold() if what.code is not None:
                return codes.find(connection, counter.brand_id, what.code).member_id
            case Used():
                return coupons.find(connection, counter.brand_id, what.coupon).member_id
            case LetIn():
                return coupons.find(connection, counter.brand_id, what.ticket).member_id
            case Return() | Undone():
                return idempotency.member_of(
                    connection, brand_id=counter.brand_id, source=counter.source, key=what.sale_id
                )
    except Refusal:
        return None
    return None


def _refusal(code: str, say: Phrase, facts: Mapping[str, object]) -> Refusal:
    """A refusal as it was, so that it can be noted."""
    again = Refusal(say, **facts)
    again.code = code  # type: ignore[misc]
    return again
