"""Settle: a reward that comes by itself, in the transaction that reached it.

Of stamps there may be several a card. The dearest empties the card and is paid for in the ledger;
the others come on the way, once a card, and cost nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import coupons, ledger
from wallet_service.coupons import Coupon, CouponState, offers
from wallet_service.coupons import tables as coupon_tables
from wallet_service.language import phrase
from wallet_service.ledger import Account, Balance, EntryKind, Event
from wallet_service.ledger import tables as books
from wallet_service.members import Member
from wallet_service.programme import Version
from wallet_service.programme.earn import Counted, Progress
from wallet_service.programme.rewards import Reward
from wallet_service.sales import context

EVER = "ever"


def settle(
    connection: Connection,
    member: Member,
    version: Version,
    event: Event,
    held: Mapping[str, Balance] | None = None,
) -> tuple[Coupon, ...]:
    """Give every reward that the member has reached; what is left over stays on the next card.

    `event` is what brought it; its `part` is the first that is free. `held` are the balances,
    from who has just read them. Where stamps do not roll over, an event fills one card and what
    is beyond it is dropped.
    """
    rules = version.rules
    comes = [each for each in rules.reward if each.comes == "by_itself"]
    if not comes:
        return ()
    if held is None:
        held = ledger.balances_of(connection, member.member_id, rules.units)
    giving = _Giving(connection, member, version, event)
    giving.available = {unit: each.available for unit, each in held.items()}
    full = rules.card_reward
    for reward in comes:
        if reward.unit != "stamps":
            while giving.left(reward.unit) >= reward.cost:
                giving.paid(reward)
    if full is not None:
        on_the_way = [each for each in comes if each.unit == "stamps" and each is not full]
        _settle_card(giving, full, sorted(on_the_way, key=lambda each: each.cost))
    return tuple(giving.coupons)


def _settle_card(giving: "_Giving", full: Reward, on_the_way: Sequence[Reward]) -> None:
    """Go along the cards that the stamps fill, and give what stands on each of them."""
    marks = _Marks(giving, on_the_way)
    while True:
        have = giving.left("stamps")
        for reward in on_the_way:
            if reward.cost <= min(have, full.cost) and marks.is_due(reward):
                giving.free(reward)
                marks.given(reward)
        if have < full.cost:
            break
        giving.paid(full)
        marks.card += 1
        stamps = giving.version.rules.stamps
        if stamps is not None and not stamps.roll_over:
            giving.drop("stamps")
            break
    marks.keep()


@dataclass(slots=True)
class _Giving:
    """What one event brings: it counts the parts of the event as they are written."""

    connection: Connection
    member: Member
    version: Version
    event: Event
    coupons: list[Coupon] = field(default_factory=list)
    parts: int = 0
    available: dict[str, int] = field(default_factory=dict)

    def left(self, unit: str) -> int:
        """What is there of a unit still."""
        return self.available[unit]

    def paid(self, reward: Reward) -> None:
        """Give a reward for what it costs."""
        why = phrase("{reward}, by itself", reward=self.version.rules.words(reward.name))
        number = self._post(EntryKind.REDEMPTION, ledger.spent(reward.unit, reward.cost, why=why))
        self.available[reward.unit] -= reward.cost
        self._issue(reward, number)

    def free(self, reward: Reward) -> None:
        """Give a reward on the way to a full card."""
        self._issue(reward, None)

    def drop(self, unit: str) -> None:
        """What is beyond a full card goes, where the programme says so."""
        beyond = self.left(unit)
        if beyond > 0:
            why = phrase("beyond a full card")
            self._post(EntryKind.EXPIRY, ledger.ended(unit, beyond, expires_at=None, why=why))
            self.available[unit] = 0

    def _post(self, kind: EntryKind, lines: Sequence[ledger.Line]) -> int:
        event = replace(self.event, kind=kind, part=self.event.part + self.parts)
        self.parts += 1
        return ledger.post(self.connection, self.member.member_id, event, lines).number

    def _issue(self, reward: Reward, entry: int | None) -> None:
        member, event = self.member, self.event
        self.coupons.append(
            coupons.issue(
                self.connection,
                offers.of_reward(self.connection, member.brand_id, member.programme_id, reward),
                coupons.Given(
                    brand_id=member.brand_id,
                    member_id=member.member_id,
                    source=event.source,
                    key=event.key,
                    issued_at=event.occurred_at,
                    funder=reward.funder,
                    location_id=event.location_id,
                    entry=entry,
                ),
                coupons.good_for(reward.valid_days, event.occurred_at, self.version.rules.zone),
            )
        )


class _Marks:
    """On which of a member's cards each reward on the way was given last, as `progress` has it.

    A coupon that was taken back with its sale frees its mark: it comes again when the stamps do.
    """

    def __init__(self, giving: _Giving, on_the_way: Sequence[Reward]) -> None:
        self.giving = giving
        self.before: dict[str, Progress] = {}
        self.card = 0
        if not on_the_way:
            return
        connection, member_id = giving.connection, giving.member.member_id
        names = {each.key: (f"reward:{each.key}", EVER) for each in on_the_way}
        found = context.progress_of(connection, member_id, list(names.values()))
        self.before = {key: found[name] for key, name in names.items()}
        self.card = 1 + cards_filled(connection, member_id)
        standing = standing_of(connection, giving.member, list(names))
        self.now = {
            key: Progress(
                amount=min(each.amount, self.card) - max(0, each.given - standing[key]),
                given=min(each.given, standing[key]),
            )
            for key, each in self.before.items()
        }

    def is_due(self, reward: Reward) -> bool:
        """Whether the card at hand has not brought this reward."""
        return self.now[reward.key].amount < self.card

    def given(self, reward: Reward) -> None:
        """Note that it has."""
        self.now[reward.key] = Progress(amount=self.card, given=self.now[reward.key].given + 1)

    def keep(self) -> None:
        """Write down what has changed."""
        moved = [
            Counted(
                rule=f"reward:{key}",
                period=EVER,
                amount=self.now[key].amount - was.amount,
                given=self.now[key].given - was.given,
            )
            for key, was in self.before.items()
            if self.now[key] != was
        ]
        context.count(self.giving.connection, self.giving.member, moved)


def cards_filled(connection: Connection, member_id: str) -> int:
    """How many cards became a reward and stayed one."""
    line = books.entry_line
    sign = sa.case((line.c.amount > 0, 1), else_=-1)
    filled = connection.execute(
        sa.select(sa.func.coalesce(sa.func.sum(sign), 0)).where(
            line.c.member_id == member_id,
            line.c.unit == "stamps",
            line.c.account == Account.REDEEMED,
        )
    ).scalar_one()
    return int(filled)


def standing_of(connection: Connection, member: Member, keys: Sequence[str]) -> dict[str, int]:
    """How many coupons of these rewards a member got and kept or used."""
    coupon, offer = coupon_tables.coupon, coupon_tables.offer
    rows = connection.execute(
        sa.select(offer.c.key, sa.func.count())
        .select_from(coupon)
        .join(
            offer,
            (offer.c.brand_id == coupon.c.brand_id) & (offer.c.offer_id == coupon.c.offer_id),
        )
        .where(
            coupon.c.member_id == member.member_id,
            offer.c.programme_id == member.programme_id,
            offer.c.key.in_(keys),
            offer.c.kind == "reward",
            coupon.c.state.not_in([CouponState.VOID, CouponState.REVERSED]),
        )
        .group_by(offer.c.key)
    )
    return dict.fromkeys(keys, 0) | {row[0]: int(row[1]) for row in rows}
