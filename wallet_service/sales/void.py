"""Void: undo a sale, stamps, the use of a coupon or an admission, whole, as if never told."""

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, coupons, idempotency, members, programme
from wallet_service.idempotency import Done, Told
from wallet_service.language import Phrase, phrase, phrases
from wallet_service.ledger import EntryKind, Event
from wallet_service.ledger.in_force import in_force
from wallet_service.sales import answer, card, kept_sale, sentences, tables, tier, told, whose
from wallet_service.sales.answer import Answer
from wallet_service.sales.counter import last_stamp
from wallet_service.sales.errors import UnknownSale
from wallet_service.sales.kept_sale import KeptSale
from wallet_service.sales.told import Counter
from wallet_service.sales.undoing import Undoing, gave, owed_so_far

UNDONE = ("sale", "stamps", "redeem", "admit")  # the operations that can be


def key_of(sale_id: str) -> str:
    """What the undoing of `sale_id` is called. No caller's own name holds a line break."""
    return f"void\n{sale_id}"


def void(connection: Connection, counter: Counter, sale_id: str) -> Answer:
    """Undo what this source told as `sale_id`. A second time gives the same answer.

    Gains go, coupons that were used with it can be used again, and coupons that it brought are
    withdrawn. Raises UnknownSale, or CouponUsed where what it brought was used since.
    """
    told.check_id(sale_id)
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=key_of(sale_id),
        operation="void",
        body={"sale": sale_id},
        act=lambda: _void(connection, counter, sale_id),
    )
    return answer.read(connection, outcome)


def _void(connection: Connection, counter: Counter, sale_id: str) -> Done:
    undone = idempotency.find(
        connection, brand_id=counter.brand_id, source=counter.source, key=sale_id
    )
    if undone is None or undone.operation not in UNDONE:
        raise UnknownSale(phrase("There is nothing of that name to undo."))
    member_id = undone.member_id
    member = whose.held(connection, counter.brand_id, code=None, member_id=member_id)
    now = clock.now()
    version = in_force(connection, member, programme.at(connection, member.programme_id, now))
    event = Event(
        kind=EntryKind.REVERSAL,
        source=counter.source,
        key=key_of(sale_id),
        part=0,
        rule_version=version.version,
        occurred_at=now,
        sale_id=sale_id,
        location_id=counter.location_id,
        till_id=counter.till_id,
        staff_id=counter.staff_id,
    )
    undoing = Undoing(connection, member, version, event)
    undoing.coupons_used(counter.source, sale_id)
    out = _let_out(connection, counter, undone) if undone.operation == "admit" else None
    sale = kept_sale.of(connection, member_id, counter.source, sale_id)
    if sale is not None:  # else it was the use of a coupon, or an admission, alone
        _undo(connection, undoing, sale)
    entry = undoing.last
    brought = undoing.settled()
    stood = tier.stand(connection, member, version, now)

    after = card.read(connection, member_id, version.rules)
    said = out if out is not None else sentences.after_undo(after.standing)
    said = card.tell(connection, member_id, said, after.standing)
    done = Answer(
        member_id=member_id,
        earned=(),
        applied=(),
        refused=(),
        balances=after.standing.balances,
        coupons=after.coupons,
        brought=tuple(each.code for each in brought),
        stamps=after.standing.stamps,
        entry=entry or member.entries,
        news=said,
        tier=stood.tier,
    )
    return Done(member_id=member_id, answer=answer.kept(done))


def _undo(connection: Connection, undoing: Undoing, sale: KeptSale) -> None:
    """Take back what is left of what the sale gave."""
    undoing.brought(sale.source, sale.sale_id, is_strict=True)
    before = owed_so_far(connection, sale)
    owed = {unit: amount - before.get(unit, 0) for unit, amount in gave(connection, sale).items()}
    undoing.make_room(sale.entry, owed, is_strict=True)
    undoing.reverse(sale.entry, phrase("undone"), amounts=owed if sale.returned else None)
    undoing.progress(sale, None, kept_sale.rules_of(connection, undoing.member.programme_id, sale))
    connection.execute(
        sa.update(tables.sale)
        .where(kept_sale.is_it(tables.sale, sale.member_id, sale.source, sale.sale_id))
        .values(voided_at=undoing.event.occurred_at)
    )
    last = last_stamp(connection, sale.member_id)
    joined_at = undoing.member.joined_at
    members.set_seen(connection, sale.member_id, max(last[1], joined_at) if last else joined_at)


def _let_out(connection: Connection, counter: Counter, undone: Told) -> Phrase:
    """As if nobody had come in then; who may come in with the ticket now."""
    [ticket] = coupons.by_codes(connection, undone.member_id, [undone.answer["code"]])
    coupons.take_out(connection, counter.brand_id, ticket, counter.source, undone.key)
    [after] = coupons.by_codes(connection, undone.member_id, [ticket.code])
    left = (after.admissions or 0) - after.admitted
    if not left:
        return phrase("{event}: everybody is in.", event=ticket.name)
    return phrases(
        "{event}: {n} may come in.", "{event}: {n} may come in.", left, event=ticket.name
    )
