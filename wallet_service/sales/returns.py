"""Take back: goods come back, so what they gave is taken off the card again. One transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, coupons, idempotency, programme
from wallet_service.coupons import codes as coupon_codes
from wallet_service.idempotency import Done
from wallet_service.language import phrase
from wallet_service.ledger import Entry, EntryKind, Event
from wallet_service.ledger.entry import MEMBERS_OWN
from wallet_service.ledger.in_force import in_force
from wallet_service.members import Member
from wallet_service.programme import Version
from wallet_service.programme.earn import Earned
from wallet_service.sales import answer, card, kept_sale, sentences, tables, tier, told, whose
from wallet_service.sales.answer import Answer
from wallet_service.sales.errors import BadReturn, UnknownSale
from wallet_service.sales.kept_sale import KeptSale
from wallet_service.sales.returned_part import GoodsBack, Part, part_of
from wallet_service.sales.told import Counter
from wallet_service.sales.undoing import Undoing, gave, owed_so_far

__all__ = ["GoodsBack", "Return", "take_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Goods of a sale that came back: by their money or by their lines; neither means all that
    is left of it. With both, `amount` is what was paid back for the lines.

    `coupons` are codes that were used with the sale and are given back with a part of it; the
    whole sale gives back every one.
    """

    return_id: str
    sale_id: str
    amount: int | None = None
    lines: tuple[GoodsBack, ...] = ()
    coupons: tuple[str, ...] = ()
    occurred_at: datetime | None = None  # left out: now

    def canonical(self, counter: Counter) -> Mapping[str, Any]:
        """What makes two tellings the same."""
        return {
            "sale": self.sale_id,
            "amount": self.amount,
            "lines": [[each.line, each.product, each.quantity] for each in self.lines],
            "coupons": [coupon_codes.normalise(code) or code for code in self.coupons],
            "occurred_at": clock.written(self.occurred_at) if self.occurred_at else None,
            "location": counter.location_id,
            "till": told.as_told(counter.till_id),
            "staff": told.as_told(counter.staff_id),
        }


def take_back(connection: Connection, counter: Counter, back: Return) -> Answer:
    """Take back what the goods gave: exactly what the sale would have given less without them,
    as far as the programme's policy reaches. `earned` of the answer is below nothing.

    What was bought goes back under the source that sold it. Raises UnknownSale, ReturnTooMuch,
    BadReturn or MemberLeft.
    """
    told.check_id(back.return_id)
    told.check_id(back.sale_id)
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=back.return_id,
        operation="return",
        body=back.canonical(counter),
        act=lambda: _take_back(connection, counter, back),
    )
    return answer.read(connection, outcome)


def _take_back(connection: Connection, counter: Counter, back: Return) -> Done:
    now = clock.now()
    at = told.moment_of(back.occurred_at, now)
    member_id = idempotency.member_of(
        connection, brand_id=counter.brand_id, source=counter.source, key=back.sale_id
    )
    if member_id is None:
        raise _unknown()
    member = whose.held(connection, counter.brand_id, code=None, member_id=member_id)
    sale = kept_sale.of(connection, member_id, counter.source, back.sale_id)
    if sale is None:
        raise _unknown()
    part = part_of(sale, back.amount, back.lines)
    version = in_force(connection, member, programme.at(connection, member.programme_id, now))
    undoing = _undoing(connection, counter, back, version, member, at)

    used = _coupons_used(connection, undoing, sale, part, back)
    owed, taken = _owed_and_taken(connection, undoing, sale, part)
    _write(connection, counter, sale, part, back, owed, taken, at, now)
    brought = undoing.settled()
    stood = tier.stand(connection, member, version, at)

    after = card.read(connection, member_id, version.rules)
    said = sentences.after_undo(after.standing)
    if taken or used or brought:
        said = card.tell(connection, member_id, said, after.standing)
    done = Answer(
        member_id=member_id,
        earned=tuple(
            Earned(
                unit=unit,
                amount=-amount,
                why=phrase(
                    "{given} taken back", given=sentences.amount_of(version.rules, unit, amount)
                ),
            )
            for unit, amount in taken.items()
        ),
        applied=(),
        refused=(),
        balances=after.standing.balances,
        coupons=after.coupons,
        brought=tuple(each.code for each in brought),
        stamps=after.standing.stamps,
        entry=undoing.last or member.entries,
        news=said,
        tier=stood.tier,
    )
    return Done(member_id=member_id, answer=answer.kept(done))


def _undoing(
    connection: Connection,
    counter: Counter,
    back: Return,
    version: Version,
    member: Member,
    at: datetime,
) -> Undoing:
    event = Event(
        kind=EntryKind.REVERSAL,
        source=counter.source,
        key=back.return_id,
        part=0,
        rule_version=version.version,
        occurred_at=at,
        sale_id=back.sale_id,
        location_id=counter.location_id,
        till_id=counter.till_id,
        staff_id=counter.staff_id,
    )
    return Undoing(connection, member, version, event, is_return=True)


def _coupons_used(
    connection: Connection, undoing: Undoing, sale: KeptSale, part: Part, back: Return
) -> Sequence[str]:
    """Give back the coupons that were used with what comes back, and what was paid for them."""
    there = coupons.codes_used_in(connection, sale.member_id, sale.source, sale.sale_id)
    wanted = [coupon_codes.normalise(code) or code for code in back.coupons]
    if any(code not in there for code in wanted):
        raise BadReturn(phrase("That coupon was not used with this sale."), field="coupons")
    chosen = there if part.is_whole else wanted
    undoing.coupons_used(sale.source, sale.sale_id, chosen)
    # A reward that was bought in the sale is no coupon any more: its price is on the card again.
    undoing.brought(sale.source, sale.sale_id, only=None if part.is_whole else chosen)
    return chosen


def _owed_and_taken(
    connection: Connection, undoing: Undoing, sale: KeptSale, part: Part
) -> tuple[dict[str, int], dict[str, int]]:
    """Take back what the rest of the sale would not have given; what that was, and what of it
    could be taken by the programme's policy."""
    rules = kept_sale.rules_of(connection, undoing.member.programme_id, sale)
    rest = sale.without(part.amount, part.goods)
    stays = {each.unit: each.amount for each in rest.earnings(rules).earned}
    before = owed_so_far(connection, sale)
    owed = {
        unit: amount - stays.get(unit, 0) - before.get(unit, 0)
        for unit, amount in gave(connection, sale).items()
    }
    owed = {unit: amount for unit, amount in owed.items() if amount > 0}
    undoing.progress(sale, rest, rules)
    policy = undoing.version.rules.returns.policy
    if policy != "only_pending" and owed:
        undoing.on_the_way(sale.source, sale.sale_id)
        undoing.make_room(sale.entry, owed)
    entry = undoing.reverse(sale.entry, phrase("goods came back"), amounts=owed, policy=policy)
    return owed, _taken(entry)


def _taken(entry: Entry | None) -> dict[str, int]:
    taken: dict[str, int] = {}
    for line in entry.lines if entry is not None else ():
        if line.account in MEMBERS_OWN:
            taken[line.unit] = taken.get(line.unit, 0) - line.amount
    return {unit: amount for unit, amount in taken.items() if amount}


def _write(
    connection: Connection,
    counter: Counter,
    sale: KeptSale,
    part: Part,
    back: Return,
    owed: Mapping[str, int],
    taken: Mapping[str, int],
    at: datetime,
    now: datetime,
) -> None:
    connection.execute(
        sa.insert(tables.sale_return).values(
            member_id=sale.member_id,
            source=sale.source,
            return_id=back.return_id,
            brand_id=counter.brand_id,
            sale_id=sale.sale_id,
            amount=part.amount,
            is_whole=part.is_whole,
            lines=[[place, quantity] for place, quantity in sorted(part.goods.items())],
            owed=dict(owed),
            taken=dict(taken),
            location_id=counter.location_id,
            till_id=counter.till_id,
            staff_id=counter.staff_id,
            occurred_at=at,
            recorded_at=now,
        )
    )
    mine = (sale.member_id, sale.source, sale.sale_id)
    connection.execute(
        sa.update(tables.sale)
        .where(kept_sale.is_it(tables.sale, *mine))
        .values(returned=tables.sale.c.returned + part.amount)
    )
    line = tables.sale_line
    for place, quantity in part.goods.items():
        connection.execute(
            sa.update(line)
            .where(kept_sale.is_it(line, *mine), line.c.line == place)
            .values(returned=line.c.returned + quantity)
        )


def _unknown() -> UnknownSale:
    return UnknownSale(phrase("There is no sale of that name to take back from."))
