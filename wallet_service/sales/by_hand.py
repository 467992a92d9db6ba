"""By hand: what staff do to a member's card in the office, with a reason, and how much it weighs.

What somebody wants is a `Wish`: done at once, or kept as facts until a second person agrees.
"""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock, idempotency, ledger
from wallet_service.audit import Actor
from wallet_service.brands.levels import Level
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.language import Phrase, phrase, phrases
from wallet_service.ledger import tables as books
from wallet_service.programme import unit_amount
from wallet_service.sales import reasons, tables, told
from wallet_service.sales.adjust import Adjustment, adjust
from wallet_service.sales.answer import Answer
from wallet_service.sales.errors import UnknownSale
from wallet_service.sales.record import stamp
from wallet_service.sales.told import Counter, StampsTold
from wallet_service.sales.void import key_of, void

SOURCE = "console"
# What one person may do alone is for so long, and for one card: many presses are as one.
ALONE_FOR = timedelta(hours=24)
# What is counted by the euro weighs less: a hundred points, or a euro, are as grave as one stamp.
_WEIGHS_ONE = {"stamps": 1, "visits": 1, "points": 100, "bonus": 100, "purchase_total": 10_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to do to a card, and why. `event_id` makes a second press the first."""

    event_id: str
    member_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveStamps(Wish):
    """Stamps that should have been given at the counter."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(Wish):
    """A balance that is wrong, up or down."""

    unit: str
    amount: int
    currency: str = "EUR"  # of a unit that is money


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Wish):
    """A visit, or the use of a coupon, that should not have been: as `source` told it."""

    source: str
    sale_id: str


class TooMuchByHand(Refusal):
    """The brand's level of security lets so much not be given by hand at once."""

    code = "too_much_by_hand"


_KINDS: dict[str, type[GiveStamps] | type[Correct] | type[TakeBack]] = {
    "stamps": GiveStamps, "balance": Correct, "take-back": TakeBack
}  # fmt: skip


def at_the_desk(brand_id: str, actor: Actor) -> Counter:
    """The console as a counter: one source, whoever sits there."""
    return Counter(brand_id=brand_id, source=SOURCE, staff_id=actor.id)


def act(connection: Connection, brand_id: str, wish: Wish, *, actor: Actor) -> Answer:
    """Do it, keep the reason, and write it into the audit log, once however often it is told.

    Raises BadReason, UnknownMember, MemberLeft and what `stamp`, `adjust` and `void` raise.
    """
    words = reasons.read(wish.reason)
    counter = at_the_desk(brand_id, actor)
    key = wish.event_id
    match wish:
        case GiveStamps():
            stamps = StampsTold(
                event_id=key, count=wish.count, member_id=wish.member_id, by_hand=True
            )
            answer = stamp(connection, counter, stamps)
        case Correct():
            adjustment = Adjustment(
                event_id=key, member_id=wish.member_id, unit=wish.unit, amount=wish.amount
            )
            answer = adjust(connection, counter, adjustment, actor=actor)
        case TakeBack():
            counter, key = replace(counter, source=wish.source), key_of(wish.sale_id)
            _require_theirs(connection, counter, wish)
            answer = void(connection, counter, wish.sale_id)
        case _:
            raise AssertionError(wish)
    if not answer.repeated:
        reasons.keep(connection, counter, wish.member_id, key, words)
        audit.write(
            connection,
            brand_id,
            actor,
            phrase("{who}: {deed}", deed=said(wish)),
            what=f"member.{kind_of(wish)}",
            subject=wish.member_id,
        )
    return answer


def require_within(level: Level, wish: Wish) -> None:
    """Raise TooMuchByHand when the level lets so much not be given at once."""
    match wish:
        case GiveStamps():
            most, weight = level.by_hand_max, wish.count
        case Correct():
            most = level.by_hand_max * _WEIGHS_ONE.get(wish.unit, 1)
            weight = abs(wish.amount)
        case _:
            return
    if weight > most:
        unit, currency = "stamps", ""
        if isinstance(wish, Correct):
            unit, currency = wish.unit, wish.currency
        raise TooMuchByHand(
            phrase("By hand at most {amount} at once.", amount=unit_amount(unit, most, currency)),
            field="amount",
        )


def waits(connection: Connection, level: Level, wish: Wish, *, actor: Actor) -> bool:
    """Whether a second person must agree, to this and to what they did to the card of late.

    The member is held by the caller, so that of two presses at once the second sees the first.
    """
    if level.alone_max >= level.by_hand_max or _is_done(connection, wish):
        return False
    lately = _done_lately(connection, wish.member_id, actor)
    return lately + _weight(connection, wish) > level.alone_max


def intention_of(wish: Wish) -> Intention:
    """What one must be allowed to, for this."""
    if isinstance(wish, GiveStamps):
        return Intention.MEMBERS_STAMP
    return Intention.MEMBERS_ADJUST


def said(wish: Wish) -> Phrase:
    """What it does, in words that name no member."""
    match wish:
        case GiveStamps():
            return phrases("{n} stamp given by hand", "{n} stamps given by hand", wish.count)
        case Correct():
            amount = unit_amount(wish.unit, abs(wish.amount), wish.currency)
            if wish.amount > 0:
                return phrase("{amount} added as a correction", amount=amount)
            return phrase("{amount} taken off as a correction", amount=amount)
        case _:
            return phrase("a visit taken back")


def kind_of(wish: Wish) -> str:
    return next(kind for kind, made in _KINDS.items() if isinstance(wish, made))


def as_facts(wish: Wish) -> dict[str, Any]:
    """How it waits for a second person."""
    return {"kind": kind_of(wish), **asdict(wish)}


def from_facts(facts: dict[str, Any]) -> Wish:
    """What `as_facts` made."""
    rest = {name: value for name, value in facts.items() if name != "kind"}
    return _KINDS[facts["kind"]](**rest)


def _require_theirs(connection: Connection, counter: Counter, wish: TakeBack) -> None:
    """Only a visit or a coupon's use, and this member's."""
    told.check_id(wish.sale_id)
    found = idempotency.find(
        connection, brand_id=counter.brand_id, source=counter.source, key=wish.sale_id
    )
    is_theirs = found is not None and found.member_id == wish.member_id
    if not is_theirs or (found and found.operation not in ("sale", "stamps", "redeem")):
        raise UnknownSale(phrase("There is nothing of that name to undo."))


def _is_done(connection: Connection, wish: Wish) -> bool:
    """Whether this was done by hand before, so that telling it again changes nothing."""
    source, key = SOURCE, wish.event_id
    if isinstance(wish, TakeBack):
        source, key = wish.source, key_of(wish.sale_id)
    return (source, key) in reasons.of_member(connection, wish.member_id)


def _done_lately(connection: Connection, member_id: str, actor: Actor) -> int:
    """What somebody did to a card by hand, agreed to or not, as long as it counts."""
    events = reasons.lately(connection, member_id, actor, since=clock.now() - ALONE_FOR)
    return sum(_weight_done(connection, member_id, source, key) for source, key in events)


def _weight_done(connection: Connection, member_id: str, source: str, key: str) -> int:
    if (sale_id := key.removeprefix(key_of(""))) != key:
        undone = TakeBack(
            event_id=key, member_id=member_id, reason="", source=source, sale_id=sale_id
        )
        return _weight(connection, undone)
    entry = books.entry
    number = connection.execute(
        sa.select(entry.c.number).where(
            entry.c.member_id == member_id,
            entry.c.source == source,
            entry.c.key == key,
            entry.c.part == 0,  # what it brought comes after
        )
    ).scalar()
    return _weight_of(connection, member_id, number)


def _weight(connection: Connection, wish: Wish) -> int:
    match wish:
        case GiveStamps():
            return wish.count
        case Correct():
            return _weighed(wish.unit, wish.amount)
        case TakeBack():
            sale = tables.sale
            entry = connection.execute(
                sa.select(sale.c.entry).where(
                    sale.c.member_id == wish.member_id,
                    sale.c.source == wish.source,
                    sale.c.sale_id == wish.sale_id,
                )
            ).scalar()
            return _weight_of(connection, wish.member_id, entry)
        case _:
            raise AssertionError(wish)


def _weight_of(connection: Connection, member_id: str, entry: int | None) -> int:
    lines = ledger.lines_of(connection, member_id, entry) if entry else ()
    return max((_weighed(line.unit, line.amount) for line in lines), default=1)


def _weighed(unit: str, amount: int) -> int:
    return -(-abs(amount) // _WEIGHS_ONE.get(unit, 1))
