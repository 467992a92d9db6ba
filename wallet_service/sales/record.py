"""Record: a sale by its amount or its lines, or stamps as a cashier gives them. One transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from wallet_service import clock, idempotency, ledger, members, programme
from wallet_service.coupons import Coupon
from wallet_service.idempotency import Done
from wallet_service.language import Words, phrase
from wallet_service.ledger import EntryKind, Event, Line
from wallet_service.ledger.in_force import in_force
from wallet_service.members import Member
from wallet_service.programme import Ruleset, Version
from wallet_service.programme.earn import Earned, Purchase, earn
from wallet_service.programme.ending import confirm_at, ends
from wallet_service.sales import (
    answer,
    applied,
    as_told,
    card,
    context,
    sentences,
    tier,
    told,
    velocity,
    whose,
)
from wallet_service.sales.answer import Answer
from wallet_service.sales.applied import Applied
from wallet_service.sales.errors import BeforeJoining, NoStamps, WrongCurrency
from wallet_service.sales.settle import settle
from wallet_service.sales.told import Counter, Sale, StampsTold

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
    member, version = _after_what_was_due(connection, member, occurred_at)
    rules = version.rules
    purchase = _purchase(rules, what, occurred_at)
    if not counter.unhurried and not purchase.by_hand:
        velocity.check(connection, counter, member, version, occurred_at, stamps=purchase.stamps)
    known = context.read(connection, member, rules, occurred_at)
    earnings = earn(rules, purchase, known)

    name = what.sale_id if isinstance(what, Sale) else what.event_id
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
    lines = _gained(rules, earnings.earned, occurred_at)
    entry = ledger.post(
        connection,
        member.member_id,
        event,
        lines,
        held=member,
        seen_at=max(member.seen_at, occurred_at),
    )
    as_told.keep(connection, entry, what, context.kept(known, earnings.counted), now)
    context.count(connection, member, earnings.counted)
    used = Applied()
    if isinstance(what, Sale) and what.redeem:
        used = applied.use_all(connection, member, version, replace(event, part=1), what)
    after = card.read(connection, member.member_id, rules)
    first = replace(event, part=1 + used.parts)
    brought = settle(connection, member, version, first, held=after.standing.balances)
    if brought:  # seldom; most sales find the card as it was just read
        after = card.read(connection, member.member_id, rules)
    stood = tier.stand(connection, member, version, occurred_at)

    full = rules.card_reward.key if rules.card_reward else None
    if stood.is_reached and (reached := tier.name_of(rules, stood.tier)) is not None:
        said = sentences.after_tier(after.standing, reached)
    else:
        said = sentences.after_sale(
            after.standing,
            earnings.earned,
            brought=sum(each.offer == full for each in brought),
            used=[each.name for each in used.coupons],
            on_the_way=_on_the_way(rules, brought, full),
        )
    if earnings.earned or used.coupons or brought or stood.is_reached:
        said = card.tell(connection, member.member_id, said, after.standing)
    done = Answer(
        member_id=member.member_id,
        earned=earnings.earned,
        applied=tuple(each.code for each in used.coupons),
        refused=used.refused,
        balances=after.standing.balances,
        coupons=after.coupons,
        brought=tuple(each.code for each in (*brought, *used.unlocked)),
        stamps=after.standing.stamps,
        entry=entry.number,
        news=said,
        uses=used.uses,
        tier=stood.tier,
    )
    return Done(member_id=member.member_id, answer=answer.kept(done), given=done)


def _after_what_was_due(
    connection: Connection, member: Member, at: datetime
) -> tuple[Member, Version]:
    """The member, and the rules for this card: a sale sees the card as it is."""
    current = programme.at(connection, member.programme_id, at)
    posted = 0
    if current.rules.pending:
        posted += ledger.confirm_due(connection, member.member_id, clock.now())
    if current.rules.expiry:
        posted += ledger.expire_due(connection, member.member_id, clock.now())
    if posted:
        member = members.lock(connection, member.member_id)
    return member, in_force(connection, member, current)


def _on_the_way(rules: Ruleset, brought: Sequence[Coupon], full: str | None) -> Words | None:
    """What is said of a reward that came besides that of a full card; of several, of the last."""
    others = [rules.reward_of(each.offer) for each in brought if each.offer != full]
    return next((rules.words(each.earned) for each in reversed(others) if each), None)


def _purchase(rules: Ruleset, what: Sale | StampsTold, at: datetime) -> Purchase:
    if isinstance(what, Sale):
        if what.currency != rules.currency:
            raise WrongCurrency(
                phrase("This programme counts in {currency}.", currency=rules.currency)
            )
        return Purchase(amount=what.paid, lines=what.lines, at=at)
    if "stamps" not in rules.units:
        raise NoStamps(phrase("This programme has no stamps."))
    return Purchase(stamps=what.count, by_hand=what.by_hand, at=at)


def _gained(rules: Ruleset, earned: Sequence[Earned], at: datetime) -> list[Line]:
    return [
        line
        for each in earned
        for line in ledger.gained(
            each.unit,
            each.amount,
            funder="brand",
            why=each.why,
            expires_at=ends(rules, each.unit, at),  # type: ignore[arg-type]
            confirm_at=confirm_at(rules, each.unit, at),  # type: ignore[arg-type]
        )
    ]
