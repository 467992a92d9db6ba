"""Bought: a reward that is paid for with units at the counter, and used at once."""

from dataclasses import replace

from sqlalchemy import Connection

from wallet_service import coupons, ledger
from wallet_service.coupons import Coupon, offers
from wallet_service.language import phrase
from wallet_service.ledger import EntryKind, Event, NotEnough
from wallet_service.members import Member
from wallet_service.programme import Version
from wallet_service.programme.rewards import Reward
from wallet_service.sales import sentences
from wallet_service.sales.errors import BadSteps, UnknownReward
from wallet_service.sales.told import Wanted


def price(version: Version, wanted: Wanted) -> tuple[Reward, int]:
    """The reward that is asked for, and how much of its unit it takes. Pure.

    Raises UnknownReward or BadSteps.
    """
    rules = version.rules
    reward = rules.reward_of(wanted.reward or "")
    if reward is None or reward.comes != "bought":
        raise UnknownReward(phrase("There is no such reward to choose."))
    amount = reward.cost if wanted.amount is None else wanted.amount
    steps = sentences.amount_of(rules, reward.unit, reward.cost)
    if not reward.any_amount and amount != reward.cost:
        raise BadSteps(phrase("This reward takes {amount}, no more and no less.", amount=steps))
    if amount < reward.cost or amount % reward.cost:
        raise BadSteps(phrase("This reward goes in steps of {amount}.", amount=steps))
    return reward, amount


def worth_of(reward: Reward, amount: int) -> int | None:
    """What so much of the unit is worth in money, where the programme says so. Pure."""
    return None if reward.worth is None else reward.worth * (amount // reward.cost)


def buy(
    connection: Connection,
    member: Member,
    version: Version,
    event: Event,
    reward: Reward,
    amount: int,
) -> Coupon:
    """Pay for a reward: the coupon that it is, not yet used. Raises NotEnough."""
    rules = version.rules
    name = rules.words(reward.name)
    held = ledger.balances_of(connection, member.member_id, rules.units)[reward.unit].available
    if held < amount:
        raise NotEnough(
            phrase(
                "{reward} takes {amount}; there are {held} on the card.",
                reward=name,
                amount=sentences.amount_of(rules, reward.unit, amount),
                held=sentences.amount_of(rules, reward.unit, max(0, held)),
            ),
            unit=reward.unit,
            needed=amount,
            available=held,
        )
    entry = ledger.post(
        connection,
        member.member_id,
        replace(event, kind=EntryKind.REDEMPTION),
        ledger.spent(reward.unit, amount, why=phrase("{reward}, chosen", reward=name)),
    )
    return coupons.issue(
        connection,
        offers.of_reward(connection, member.brand_id, member.programme_id, reward),
        coupons.Given(
            brand_id=member.brand_id,
            member_id=member.member_id,
            source=event.source,
            key=event.key,
            issued_at=event.occurred_at,
            funder=reward.funder,
            location_id=event.location_id,
            entry=entry.number,
        ),
        coupons.good_for(reward.valid_days, event.occurred_at, rules.zone),
    )
