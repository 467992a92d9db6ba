"""Undoing: what voids and returns share, so that both leave the books as if it had not been."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import coupons, ledger
from wallet_service.coupons import Coupon, CouponState
from wallet_service.language import Phrase, phrase
from wallet_service.ledger import Entry, Event
from wallet_service.ledger.entry import MEMBERS_OWN
from wallet_service.members import Member
from wallet_service.programme import Ruleset, Version
from wallet_service.programme.earn import Counted
from wallet_service.programme.returning import Policy
from wallet_service.sales import context, tables
from wallet_service.sales.beyond import beyond
from wallet_service.sales.errors import CouponUsed
from wallet_service.sales.kept_sale import KeptSale
from wallet_service.sales.settle import settle

_GONE = frozenset({"void", "reversed"})


class Undoing:
    """One undo in the making: it counts the parts of its event as they are written."""

    def __init__(
        self,
        connection: Connection,
        member: Member,
        version: Version,
        event: Event,
        *,
        is_return: bool = False,
    ) -> None:
        self.connection = connection
        self.member = member
        self.version = version
        self.event = event
        self.is_return = is_return
        self.parts = 0
        self.last: int | None = None  # the number of the last entry that it wrote

    def coupons_used(
        self, source: str, sale_id: str, only: Collection[str] | None = None
    ) -> tuple[Coupon, ...]:
        """Make the coupons that were used in it usable again, all or `only` these codes."""
        member_id = self.member.member_id
        codes = [
            code
            for code in coupons.codes_used_in(self.connection, member_id, source, sale_id)
            if only is None or code in only
        ]
        found = coupons.by_codes(self.connection, member_id, codes)
        for coupon in found:
            coupons.undo(self.connection, coupon)
        return found

    def brought(
        self,
        source: str,
        sale_id: str,
        *,
        only: Collection[str] | None = None,
        is_strict: bool = False,
    ) -> None:
        """Withdraw what the sale brought, and give back what was paid for it. Raises CouponUsed
        where it `is_strict` and one was used since; else that one stays as it is."""
        member_id = self.member.member_id
        for coupon in coupons.of_event(self.connection, member_id, source, sale_id):
            if coupon.state.value in _GONE or (only is not None and coupon.code not in only):
                continue
            if coupon.state is not CouponState.REDEEMED:
                self._withdraw(coupon)
            elif is_strict:
                raise _used()

    def on_the_way(self, source: str, sale_id: str) -> None:
        """Withdraw the rewards that it brought for nothing, on the way to a full card; they come
        again (`settled`) where the card still reaches them."""
        found = coupons.of_event(self.connection, self.member.member_id, source, sale_id)
        free = [each.code for each in found if each.entry is None and each.kind == "reward"]
        self.brought(source, sale_id, only=free)

    def make_room(self, entry: int, amounts: Mapping[str, int], *, is_strict: bool = False) -> None:
        """Withdraw rewards, newest first, until so much of the gains of `entry` is on the card
        again. Raises CouponUsed where it `is_strict` and they do not suffice."""
        member_id = self.member.member_id
        left = ledger.left_of(self.connection, member_id, entry)
        # What still waits to be confirmed has become nothing yet, and what has ended is gone.
        needed = {
            unit: min(amount, left[unit].amount) - left[unit].pending
            for unit, amount in amounts.items()
        }
        usable = coupons.of_member(self.connection, member_id, only_open=True)
        rewards = sorted(
            (each for each in usable if each.entry is not None),
            key=lambda each: each.entry or 0,
            reverse=True,
        )
        for unit, amount in needed.items():
            while amount > 0 and self._available(unit) < amount:
                paid_in_it = next((each for each in rewards if self._cost(each, unit)), None)
                if paid_in_it is None:
                    if is_strict:
                        raise _used()
                    break
                rewards.remove(paid_in_it)
                self._withdraw(paid_in_it)

    def reverse(
        self,
        number: int,
        why: Phrase,
        *,
        amounts: Mapping[str, int] | None = None,
        policy: Policy | None = None,
    ) -> Entry | None:
        """Undo an entry in the ledger, as the next part of this event."""
        event = replace(self.event, part=self.parts)
        entry = ledger.reverse(
            self.connection,
            self.member.member_id,
            number,
            event,
            why=why,
            amounts=amounts,
            policy=policy,
        )
        if entry is not None:
            self.parts += 1
            self.last = entry.number
        return entry

    def progress(self, before: KeptSale, after: KeptSale | None, rules: Ruleset) -> None:
        """Count back what the rules had counted of the sale, less what is left of it."""
        was = before.counted(rules)
        rest = after.counted(rules) if after is not None else {}
        # What gave without a leftover was counted as nothing, and its rest may leave one.
        counted = [
            Counted(
                rule=rule,
                period=period,
                amount=rest.get((rule, period), (0, 0))[0] - was.get((rule, period), (0, 0))[0],
                given=rest.get((rule, period), (0, 0))[1] - was.get((rule, period), (0, 0))[1],
            )
            for rule, period in dict.fromkeys([*was, *rest])
        ]
        context.count(self.connection, self.member, counted)

    def settled(self) -> tuple[Coupon, ...]:
        """Give again what the member has without it: other stamps may fill the card; and take
        what was given again before, where the stamps reach it no more."""
        for coupon in beyond(self.connection, self.member, self.version.rules):
            self._withdraw(coupon)
        event = replace(self.event, part=self.parts)
        return settle(self.connection, self.member, self.version, event)

    def _withdraw(self, coupon: Coupon) -> None:
        if self.is_return:
            coupons.reverse(self.connection, coupon)
        else:
            coupons.withdraw(self.connection, coupon)
        if coupon.entry is not None:
            self.reverse(coupon.entry, phrase("the coupon was taken back"))

    def _cost(self, coupon: Coupon, unit: str) -> int:
        """What was paid for a coupon in a unit."""
        assert coupon.entry is not None
        left = ledger.left_of(self.connection, self.member.member_id, coupon.entry)
        return -left[unit].amount if unit in left else 0

    def _available(self, unit: str) -> int:
        return ledger.balances_of(self.connection, self.member.member_id, [unit])[unit].available


def gave(connection: Connection, sale: KeptSale) -> dict[str, int]:
    """What the sale gave, by unit, as it stands in the ledger."""
    given: dict[str, int] = {}
    for line in ledger.lines_of(connection, sale.member_id, sale.entry):
        if line.account in MEMBERS_OWN:
            given[line.unit] = given.get(line.unit, 0) + line.amount
    return given


def owed_so_far(connection: Connection, sale: KeptSale) -> dict[str, int]:
    """What returns have asked back of it, by unit, taken or forgiven."""
    back = tables.sale_return
    owed: dict[str, int] = {}
    for told in connection.execute(
        sa.select(back.c.owed).where(
            back.c.member_id == sale.member_id,
            back.c.source == sale.source,
            back.c.sale_id == sale.sale_id,
        )
    ).scalars():
        for unit, amount in told.items():
            owed[unit] = owed.get(unit, 0) + amount
    return owed


def _used() -> CouponUsed:
    return CouponUsed(
        phrase("The reward that came with this has been used, so it cannot be undone.")
    )
