"""Record: a sale by its amount, or stamps as a cashier gives them. One transaction."""

from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, coupons, idempotency, ledger, members, programme
from wallet_service.coupons import Coupon, OtherMembersCoupon, Use
from wallet_service.errors import Refusal
from wallet_service.idempotency import Done
from wallet_service.language import phrase
from wallet_service.ledger import EntryKind, Event
from wallet_service.members import Member
from wallet_service.programme import Version, rules
from wallet_service.programme.rules import Purchase
from wallet_service.sales import answer, card, sentences, tables, told, whose
from wallet_service.sales.answer import Answer, Refused
from wallet_service.sales.errors import BeforeJoining, NoStamps, WrongCurrency
from wallet_service.sales.settle import settle
from wallet_service.sales.told import Counter, Sale, StampsTold, Wanted

BEFORE_JOINING_MAX = timedelta(hours=24)


def record(connection: Connection, counter: Counter, sale: Sale) -> Answer:
    """Record a sale: what it earns, the coupons used with it, the reward it may bring.

    A coupon that is refused never refuses the sale. Raises Refusal; the transaction is then void.
    """
    told.check_id(sale.sale_id)
    told.check_lines(sale.lines)
    told.check_amount(sale.paid)
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=sale.sale_id,
        operation="sale",
        body=sale.canonical(counter),
        act=lambda: _record(connection, counter, sale),
    )
    return answer.read(connection, outcome)


def dry(connection: Connection, counter: Counter, sale: Sale) -> Answer:
    """What `record` would answer now. Nothing is kept, and the id stays free.

    It is the very same work, undone: codes of coupons that it would bring are made up anew by the
    real one. Raises what `record` raises.
    """
    woken = connection.info.get("wake")
    trial = connection.begin_nested()
    try:
        return record(connection, counter, sale)
    finally:
        trial.rollback()
        connection.info["wake"] = woken


def stamp(connection: Connection, counter: Counter, stamps: StampsTold) -> Answer:
    """Give stamps: a sale whose id is the event's, without an amount. Raises Refusal."""
    told.check_id(stamps.event_id)
    told.check_count(stamps.count)
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=stamps.event_id,
        operation="stamps",
        body=stamps.canonical(counter),
        act=lambda: _record(connection, counter, stamps),
    )
    return answer.read(connection, outcome)


def _record(connection: Connection, counter: Counter, what: Sale | StampsTold) -> Done:
    now = clock.now()
    occurred_at = told.moment_of(what.occurred_at, now)
    member = whose.held(connection, counter.brand_id, code=what.code, member_id=what.member_id)
    if occurred_at < member.joined_at - BEFORE_JOINING_MAX:
        raise BeforeJoining(phrase("This sale was more than a day before the card was taken."))
    version = programme.at(connection, member.programme_id, occurred_at)
    name = what.sale_id if isinstance(what, Sale) else what.event_id
    earned = rules.earn(version.rules, _purchase(version, what))

    event = Event(
        kind=EntryKind.ACCRUAL,
        source=counter.source,
        key=name,
        part=0,
        rule_version=version.version,
        occurred_at=occurred_at,
        sale_id=name,
        location_id=counter.location_id,
        till_id=counter.till_id,
        staff_id=counter.staff_id,
    )
    lines = [
        line
        for each in earned
        for line in ledger.gained(each.unit, each.amount, funder="brand", why=each.why)
    ]
    entry = ledger.post(connection, member.member_id, event, lines)
    _write_as_told(connection, counter, member, what, entry.number, occurred_at, now)
    members.set_seen(connection, member.member_id, max(member.seen_at, occurred_at))
    wanted = what.wanted if isinstance(what, Sale) else ()
    used, refused = _use_coupons(connection, counter, member, name, occurred_at, wanted)
    brought = settle(connection, member, version, replace(event, part=1))

    after = card.read(connection, member.member_id, version.rules)
    said = sentences.after_sale(
        after.standing, earned, brought=len(brought), used=[each.name for each in used]
    )
    if earned or used:
        said = card.tell(connection, member.member_id, said, after.standing)
    done = Answer(
        member_id=member.member_id,
        earned=earned,
        applied=tuple(each.code for each in used),
        refused=refused,
        balances=after.standing.balances,
        coupons=after.coupons,
        brought=tuple(each.code for each in brought),
        stamps=after.standing.stamps,
        entry=entry.number,
        news=said,
    )
    return Done(member_id=member.member_id, answer=answer.kept(done))


def _purchase(version: Version, what: Sale | StampsTold) -> Purchase:
    if isinstance(what, Sale):
        if what.currency != version.rules.currency:
            raise WrongCurrency(
                phrase("This programme counts in {currency}.", currency=version.rules.currency)
            )
        return Purchase(amount=what.paid)
    if "stamps" not in version.rules.units:
        raise NoStamps(phrase("This programme has no stamps."))
    return Purchase(stamps=what.count, by_hand=what.by_hand)


def _use_coupons(
    connection: Connection,
    counter: Counter,
    member: Member,
    sale_id: str,
    occurred_at: datetime,
    wanted: tuple[Wanted, ...],
) -> tuple[list[Coupon], tuple[Refused, ...]]:
    """Use the coupons that the sale names; each that cannot be is refused by itself."""
    used: list[Coupon] = []
    refused: list[Refused] = []
    for each in wanted:
        try:
            coupon = coupons.find(connection, counter.brand_id, each.name)
            if coupon.member_id != member.member_id:
                raise OtherMembersCoupon(phrase("This coupon is on somebody else's card."))
            use = Use(
                source=counter.source,
                key=sale_id,
                sale_id=sale_id,
                occurred_at=occurred_at,
                location_id=counter.location_id,
                till_id=counter.till_id,
                staff_id=counter.staff_id,
            )
            coupons.redeem(connection, counter.brand_id, coupon, use)
        except Refusal as refusal:  # raised before anything was written
            refused.append(Refused(what=each.name, code=refusal.code, say=refusal.say))
        else:
            used.append(coupon)
    return used, tuple(refused)


def _write_as_told(
    connection: Connection,
    counter: Counter,
    member: Member,
    what: Sale | StampsTold,
    entry: int,
    occurred_at: datetime,
    recorded_at: datetime,
) -> None:
    connection.execute(
        sa.insert(tables.sale).values(
            member_id=member.member_id,
            source=counter.source,
            sale_id=what.sale_id if isinstance(what, Sale) else what.event_id,
            brand_id=member.brand_id,
            programme_id=member.programme_id,
            entry=entry,
            amount=what.paid if isinstance(what, Sale) else None,
            currency=what.currency if isinstance(what, Sale) else None,
            stamps=None if isinstance(what, Sale) else what.count,
            location_id=counter.location_id,
            till_id=counter.till_id,
            staff_id=counter.staff_id,
            occurred_at=occurred_at,
            recorded_at=recorded_at,
        )
    )
