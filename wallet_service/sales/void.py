"""Void: undo a sale, stamps or the use of a coupon, whole, as if it had not been told."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, coupons, idempotency, ledger, members, programme
from wallet_service.coupons import Coupon, CouponState
from wallet_service.idempotency import Done
from wallet_service.language import Phrase, phrase
from wallet_service.ledger import Account, EntryKind, Event
from wallet_service.members import Member
from wallet_service.programme import Version
from wallet_service.sales import answer, card, sentences, tables, told, whose
from wallet_service.sales.answer import Answer
from wallet_service.sales.counter import last_stamp
from wallet_service.sales.errors import CouponUsed, UnknownSale
from wallet_service.sales.settle import settle
from wallet_service.sales.told import Counter


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
    member_id = idempotency.member_of(
        connection, brand_id=counter.brand_id, source=counter.source, key=sale_id
    )
    if member_id is None:
        raise UnknownSale(phrase("There is nothing of that name to undo."))
    member = whose.held(connection, counter.brand_id, code=None, member_id=member_id)
    now = clock.now()
    version = programme.at(connection, member.programme_id, now)
    undoing = _Undoing(
        connection,
        member,
        version,
        Event(
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
        ),
    )
    undoing.coupons_used(counter.source, sale_id)
    entry = undoing.sale(counter.source, sale_id)
    brought = undoing.settled()

    after = card.read(connection, member_id, version.rules)
    said = card.tell(connection, member_id, sentences.after_undo(after.standing), after.standing)
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
    )
    return Done(member_id=member_id, answer=answer.kept(done))


class _Undoing:
    """One undo in the making: it counts the parts of its event as they are written."""

    def __init__(
        self, connection: Connection, member: Member, version: Version, event: Event
    ) -> None:
        self.connection = connection
        self.member = member
        self.version = version
        self.event = event
        self.parts = 0

    def coupons_used(self, source: str, sale_id: str) -> None:
        """Make the coupons that were used in it usable again."""
        member_id = self.member.member_id
        codes = coupons.codes_used_in(self.connection, member_id, source, sale_id)
        for coupon in coupons.by_codes(self.connection, member_id, codes):
            coupons.undo(self.connection, coupon)

    def sale(self, source: str, sale_id: str) -> int | None:
        """Take back what the sale gave; None when the event was the use of a coupon alone."""
        sale = tables.sale
        mine = (
            (sale.c.member_id == self.member.member_id)
            & (sale.c.source == source)
            & (sale.c.sale_id == sale_id)
        )
        row = self.connection.execute(sa.select(sale.c.entry).where(mine)).first()
        if row is None:
            return None
        for coupon in coupons.of_event(self.connection, self.member.member_id, source, sale_id):
            if coupon.state is not CouponState.VOID:
                self._withdraw(coupon)
        self._make_room(row.entry)
        number = self._reverse(row.entry, phrase("undone"))
        self.connection.execute(
            sa.update(sale).where(mine).values(voided_at=self.event.occurred_at)
        )
        last = last_stamp(self.connection, self.member.member_id)
        joined_at = self.member.joined_at
        members.set_seen(
            self.connection, self.member.member_id, max(last[1], joined_at) if last else joined_at
        )
        return number

    def settled(self) -> tuple[Coupon, ...]:
        """Give again what the member has without it: other stamps may fill the card."""
        event = replace(self.event, part=self.parts)
        return settle(self.connection, self.member, self.version, event)

    def _make_room(self, entry: int) -> None:
        """Withdraw rewards, newest first, until the gains of `entry` are on the card again."""
        needed = {
            line.unit: line.amount
            for line in ledger.lines_of(self.connection, self.member.member_id, entry)
            if line.account is Account.AVAILABLE
        }
        usable = coupons.of_member(self.connection, self.member.member_id, only_open=True)
        rewards = sorted(
            (each for each in usable if each.entry is not None),
            key=lambda each: each.entry or 0,
            reverse=True,
        )
        while any(self._available(unit) < amount for unit, amount in needed.items()):
            if not rewards:
                raise _used()
            self._withdraw(rewards.pop(0))

    def _withdraw(self, coupon: Coupon) -> None:
        if coupon.state is CouponState.REDEEMED:
            raise _used()
        coupons.withdraw(self.connection, coupon)
        if coupon.entry is not None:
            self._reverse(coupon.entry, phrase("the coupon was taken back"))

    def _reverse(self, number: int, why: Phrase) -> int:
        event = replace(self.event, part=self.parts)
        self.parts += 1
        return ledger.reverse(self.connection, self.member.member_id, number, event, why=why).number

    def _available(self, unit: str) -> int:
        return ledger.balances_of(self.connection, self.member.member_id, [unit])[unit].available


def _used() -> CouponUsed:
    return CouponUsed(
        phrase("The reward that came with this has been used, so it cannot be undone.")
    )
