"""At the counter: what a cashier sees and may say when a card is scanned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, coupons, programme
from wallet_service.coupons import Coupon
from wallet_service.language import Money, Phrase, phrase
from wallet_service.ledger import Balance
from wallet_service.ledger.in_force import in_force
from wallet_service.members import codes, people
from wallet_service.members.member import get as get_member
from wallet_service.programme import Stamps
from wallet_service.sales import card, sentences, tables
from wallet_service.sales.errors import MemberLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A member as a counter may see one: first name and initial, figures, what can be used."""

    member_id: str
    person_id: str
    code: str
    name: str
    language: str
    balances: Mapping[str, Balance]
    stamps: Stamps | None
    coupons: tuple[Coupon, ...]
    is_offered: bool  # whether what can be used is shown without asking
    last_visit: datetime | None
    last_paid: Money | None  # then, by its amount; nothing where it was a stamp
    say: Phrase


def at_the_counter(connection: Connection, brand_id: str, typed_code: str) -> Scan:
    """Who holds this card, and what the member has. Changes nothing.

    Raises UnknownCard and its like, or MemberLeft.
    """
    holder = codes.find(connection, brand_id, typed_code)
    try:
        member = get_member(connection, holder.member_id)
        person = people.get(connection, holder.member_id, holder.person_id)
    except LookupError:  # erased between one look and the next
        raise _left() from None
    if member.status != "active":
        raise _left()
    current = programme.at(connection, member.programme_id, clock.now())
    rules = in_force(connection, member, current).rules
    now = card.read(connection, member.member_id, rules)
    visit = _last(connection, member.member_id)
    return Scan(
        member_id=member.member_id,
        person_id=person.person_id,
        code=holder.code,
        name=person.short_name,
        language=person.language,
        balances=now.standing.balances,
        stamps=now.standing.stamps,
        # A reward that ended a few days ago is offered too: the pass does not show it any more.
        coupons=(*now.coupons, *coupons.lapsed(connection, member.member_id, clock.now())),
        is_offered=rules.loyal.rewards_offered,
        last_visit=visit.occurred_at if visit else None,
        last_paid=Money(amount=visit.amount, currency=visit.currency)
        if visit is not None and visit.amount is not None
        else None,
        say=sentences.to_say(now.standing, is_offered=rules.loyal.rewards_offered),
    )


def last_stamp(connection: Connection, member_id: str) -> tuple[str, datetime] | None:
    """The member's last sale or stamp that was not undone: its id, and when it was."""
    row = _last(connection, member_id)
    return None if row is None else (row.sale_id, row.occurred_at)


def _last(connection: Connection, member_id: str) -> Any:
    sale = tables.sale
    return connection.execute(
        sa.select(sale.c.sale_id, sale.c.occurred_at, sale.c.amount, sale.c.currency)
        .where(sale.c.member_id == member_id, sale.c.voided_at.is_(None))
        .order_by(sale.c.occurred_at.desc(), sale.c.entry.desc())
        .limit(1)
    ).first()


def _left() -> MemberLeft:
    return MemberLeft(phrase("This member has left the programme."))
