"""Visits: what happened to a member's card, from the ledger, with the reasons. Read only.

One event may have made several entries (a sale, and the reward that it brought); here it is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.brands.tables import brand
from wallet_service.coupons import tables as coupons
from wallet_service.language import Money, Phrase, Words
from wallet_service.ledger import Account
from wallet_service.ledger import tables as ledger
from wallet_service.ledger.entry import MEMBERS_OWN
from wallet_service.sales import reasons, tables

SALE, USE, CORRECTION, UNDOING = "sale", "use", "correction", "undoing"
# What nobody did at a counter: a gift of the programme, what was on the way, what has ended.
GIVEN, CONFIRMED, ENDED = "given", "confirmed", "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """So much of a unit more or less, and the reason that the books give."""

    unit: str
    amount: int
    why: Phrase | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One event: what was told, what it did to the card, where, and who was there.

    `reason` is what somebody typed by hand; `can_be_undone` says nothing of whether it will be
    refused because its reward was used.
    """

    kind: str
    at: datetime
    source: str
    key: str
    number: int
    paid: Money | None = None
    moved: tuple[Moved, ...] = ()
    brought: tuple[Words, ...] = ()
    used: tuple[Words, ...] = ()
    location_id: str | None = None
    till_id: str | None = None
    staff_id: str | None = None
    reason: str = ""
    is_undone: bool = False

    @property
    def can_be_undone(self) -> bool:
        return self.kind in (SALE, USE) and not self.is_undone


@dataclass(slots=True)
class _Gathered:
    entries: list[Any] = field(default_factory=list)
    uses: list[Any] = field(default_factory=list)


def of_member(
    connection: Connection, member_id: str, *, before: datetime | None = None, limit: int = 20
) -> tuple[tuple[Visit, ...], datetime | None]:
    """The last visits of a member, the newest first, and from when on the older ones begin."""
    events = _events(connection, member_id, before, limit)
    found = _visits(connection, member_id, events)
    shown = found[:limit]
    return shown, shown[-1].at if len(found) > limit else None


def one(connection: Connection, member_id: str, source: str, key: str) -> Visit | None:
    """The visit that was told by this name; None when there is none of this member's."""
    event = _Gathered()
    entry, redemption = ledger.entry, coupons.redemption
    event.entries = list(
        connection.execute(
            sa.select(entry).where(
                entry.c.member_id == member_id, entry.c.source == source, entry.c.key == key
            )
        )
    )
    event.uses = list(
        connection.execute(
            sa.select(redemption).where(
                redemption.c.member_id == member_id,
                redemption.c.source == source,
                redemption.c.key == key,
            )
        )
    )
    if not event.entries and not event.uses:
        return None
    return _visits(connection, member_id, {(source, key): event})[0]


def _events(
    connection: Connection, member_id: str, before: datetime | None, limit: int
) -> dict[tuple[str, str], _Gathered]:
    """The last events by source and key: entries of the ledger, and uses of coupons."""
    entry, redemption = ledger.entry, coupons.redemption
    ours, uses = entry.c.member_id == member_id, redemption.c.member_id == member_id
    if before is not None:
        ours &= entry.c.occurred_at < before
        uses &= redemption.c.occurred_at < before
    events: dict[tuple[str, str], _Gathered] = {}
    # An event is a few entries; all of the last ones come whole with room to spare.
    for row in connection.execute(
        sa.select(entry)
        .where(ours)
        .order_by(entry.c.occurred_at.desc(), entry.c.number.desc())
        .limit(limit * 4 + 40)
    ):
        events.setdefault((row.source, row.key), _Gathered()).entries.append(row)
    for row in connection.execute(
        sa.select(redemption).where(uses).order_by(redemption.c.occurred_at.desc()).limit(limit + 1)
    ):
        events.setdefault((row.source, row.key), _Gathered()).uses.append(row)
    newest = sorted(events, key=lambda each: _at(events[each]), reverse=True)[: limit + 1]
    return {each: events[each] for each in newest}


def _visits(
    connection: Connection, member_id: str, events: dict[tuple[str, str], _Gathered]
) -> tuple[Visit, ...]:
    moved = _moved(connection, member_id, events)
    sales = _sales(connection, member_id, events)
    brought = _brought(connection, member_id, events)
    names = _offers(connection, member_id, events)
    said = reasons.of_member(connection, member_id)
    made = []
    for (source, key), event in events.items():
        first = min(event.entries, key=lambda row: int(row.part), default=None)
        here = first if first is not None else event.uses[0]
        sale = sales.get((source, key))
        undone_uses = [use for use in event.uses if use.reversed_at is not None]
        is_undone = sale is not None and sale.voided_at is not None
        made.append(
            Visit(
                kind=_kind(first, sale),
                at=_at(event),
                source=source,
                key=key,
                number=int(first.number) if first is not None else 0,
                paid=Money(amount=sale.amount, currency=sale.currency)
                if sale is not None and sale.amount is not None
                else None,
                moved=_told(event, moved),
                # What was bought and used at once is told as what was used.
                brought=tuple(
                    name
                    for code, name in brought.get((source, key), ())
                    if code not in {use.code for use in event.uses}
                ),
                used=tuple(names[use.code] for use in event.uses if use.code in names),
                location_id=here.location_id,
                till_id=here.till_id,
                staff_id=here.staff_id,
                reason=said.get((source, key), ""),
                is_undone=is_undone or (sale is None and bool(undone_uses)),
            )
        )
    return tuple(sorted(made, key=lambda each: (each.at, each.number), reverse=True))


def _told(event: _Gathered, moved: dict[int, list[Moved]]) -> tuple[Moved, ...]:
    """What the event itself moved. What a reward cost is told as the reward that it brought; an
    undoing puts much back and forth, so of that only the sum is told."""
    rows = sorted(event.entries, key=lambda row: int(row.part))
    lines = [each for row in rows for each in moved.get(row.number, ())]
    if rows and rows[0].kind == "reversal":
        units = dict.fromkeys(each.unit for each in lines)
        sums = {unit: sum(each.amount for each in lines if each.unit == unit) for unit in units}
        return tuple(
            Moved(unit=unit, amount=amount, why=None) for unit, amount in sums.items() if amount
        )
    return tuple(each for row in rows if row.part == 0 for each in moved.get(row.number, ()))


def _kind(first: Any, sale: Any) -> str:
    if sale is not None:
        return SALE
    if first is None:
        return USE
    if first.confirms is not None:
        return CONFIRMED
    return {"reversal": UNDOING, "expiry": ENDED, "accrual": GIVEN}.get(first.kind, CORRECTION)


def _at(event: _Gathered) -> datetime:
    at: datetime = min(row.occurred_at for row in [*event.entries, *event.uses])
    return at


def _moved(
    connection: Connection, member_id: str, events: dict[tuple[str, str], _Gathered]
) -> dict[int, list[Moved]]:
    line = ledger.entry_line
    rows = [row for event in events.values() for row in event.entries]
    numbers = [row.number for row in rows]
    confirming = {row.number for row in rows if row.confirms is not None}
    found: dict[int, list[Moved]] = {}
    for row in connection.execute(
        sa.select(line)
        .where(
            line.c.member_id == member_id,
            line.c.number.in_(numbers),
            line.c.account.in_(MEMBERS_OWN),
        )
        .order_by(line.c.number, line.c.line)
    ):
        # What is confirmed leaves one account of the member for the other: told once.
        if row.number in confirming and row.account == Account.PENDING:
            continue
        why = Phrase.from_json(row.why) if row.why else None
        found.setdefault(row.number, []).append(Moved(unit=row.unit, amount=row.amount, why=why))
    return found


def _sales(
    connection: Connection, member_id: str, events: dict[tuple[str, str], _Gathered]
) -> dict[tuple[str, str], Any]:
    sale = tables.sale
    rows = connection.execute(
        sa.select(sale).where(sale.c.member_id == member_id, sale.c.sale_id.in_(_keys(events)))
    )
    return {(row.source, row.sale_id): row for row in rows}


def _brought(
    connection: Connection, member_id: str, events: dict[tuple[str, str], _Gathered]
) -> dict[tuple[str, str], list[tuple[str, Words]]]:
    coupon, offer = coupons.coupon, coupons.offer
    found: dict[tuple[str, str], list[tuple[str, Words]]] = {}
    for row in connection.execute(
        sa.select(coupon.c.source, coupon.c.key, coupon.c.code, offer.c.name, brand.c.language)
        .join(
            offer,
            (offer.c.brand_id == coupon.c.brand_id) & (offer.c.offer_id == coupon.c.offer_id),
        )
        .join(brand, brand.c.brand_id == coupon.c.brand_id)
        .where(coupon.c.member_id == member_id, coupon.c.key.in_(_keys(events)))
    ):
        name = Words(words=row.name, fallback=row.language)
        found.setdefault((row.source, row.key), []).append((row.code, name))
    return found


def _offers(
    connection: Connection, member_id: str, events: dict[tuple[str, str], _Gathered]
) -> dict[str, Words]:
    coupon, offer = coupons.coupon, coupons.offer
    codes = [use.code for event in events.values() for use in event.uses]
    rows = connection.execute(
        sa.select(coupon.c.code, offer.c.name, brand.c.language)
        .join(
            offer,
            (offer.c.brand_id == coupon.c.brand_id) & (offer.c.offer_id == coupon.c.offer_id),
        )
        .join(brand, brand.c.brand_id == coupon.c.brand_id)
        .where(coupon.c.member_id == member_id, coupon.c.code.in_(codes))
    )
    return {row.code: Words(words=row.name, fallback=row.language) for row in rows}


def _keys(events: dict[tuple[str, str], _Gathered]) -> Sequence[str]:
    return [key for _, key in events]
