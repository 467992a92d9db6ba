"""Adjust: correct a balance by hand, up or down. One transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from wallet_service import clock, idempotency, ledger, programme
from wallet_service.audit import Actor
from wallet_service.errors import Refusal
from wallet_service.idempotency import Done
from wallet_service.language import phrase
from wallet_service.ledger import EntryKind, Event, NotEnough
from wallet_service.ledger.in_force import in_force
from wallet_service.programme import Ruleset
from wallet_service.sales import answer, became, card, sentences, told, whose
from wallet_service.sales.answer import Answer
from wallet_service.sales.settle import settle
from wallet_service.sales.told import AMOUNT_MAX, Counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """So much more of a unit on the card, or (below zero) less."""

    event_id: str
    member_id: str
    unit: str
    amount: int

    def canonical(self) -> Mapping[str, Any]:
        """What makes two tellings the same."""
        return {"member": self.member_id, "unit": self.unit, "amount": self.amount}


class BadAdjustment(Refusal):
    """A balance cannot be corrected by that."""

    code = "bad_adjustment"


def adjust(
    connection: Connection, counter: Counter, adjustment: Adjustment, *, actor: Actor
) -> Answer:
    """Correct a balance; a card that it fills brings the reward, as at the till.

    Raises BadAdjustment, UnknownMember, MemberLeft, or NotEnough: no balance goes below zero.
    """
    told.check_id(adjustment.event_id)
    if not 0 < abs(adjustment.amount) <= AMOUNT_MAX:
        raise BadAdjustment(phrase("Say by how much, up or down."), field="amount")
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=adjustment.event_id,
        operation="adjust",
        body=adjustment.canonical(),
        act=lambda: _adjust(connection, counter, adjustment, actor),
    )
    return answer.read(connection, outcome)


def _adjust(connection: Connection, counter: Counter, adjustment: Adjustment, actor: Actor) -> Done:
    member = whose.held(connection, counter.brand_id, code=None, member_id=adjustment.member_id)
    now = clock.now()
    version = in_force(connection, member, programme.at(connection, member.programme_id, now))
    _require_counted(version.rules, adjustment.unit)
    event = Event(
        kind=EntryKind.ADJUSTMENT,
        source=counter.source,
        key=adjustment.event_id,
        part=0,
        rule_version=version.version,
        occurred_at=now,
        location_id=counter.location_id,
        till_id=counter.till_id,
        staff_id=counter.staff_id,
    )
    # The typed reason is kept beside, where an erasure reaches it: this line stays for good.
    why = phrase("corrected by {name}", name=actor.name)
    lines = ledger.adjusted(adjustment.unit, adjustment.amount, funder="brand", why=why)
    try:
        entry = ledger.post(connection, member.member_id, event, lines)
    except NotEnough as refusal:
        unit, rules = adjustment.unit, version.rules
        raise became.told(connection, member.member_id, rules, unit, refusal) from None
    brought = settle(connection, member, version, replace(event, part=1))
    after = card.read(connection, member.member_id, version.rules)
    said = sentences.after_adjustment(after.standing, adjustment.unit, brought=len(brought))
    done = Answer(
        member_id=member.member_id,
        earned=(),
        applied=(),
        refused=(),
        balances=after.standing.balances,
        coupons=after.coupons,
        brought=tuple(each.code for each in brought),
        stamps=after.standing.stamps,
        entry=entry.number,
        news=card.tell(connection, member.member_id, said, after.standing),
    )
    return Done(member_id=member.member_id, answer=answer.kept(done))


def _require_counted(rules: Ruleset, unit: str) -> None:
    if unit not in rules.units:
        raise BadAdjustment(phrase("The programme does not count that."), field="unit")
