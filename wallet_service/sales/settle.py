"""Settle: a full card becomes a coupon by itself, in the transaction that filled it."""

from dataclasses import replace

from sqlalchemy import Connection

from wallet_service import coupons, ledger
from wallet_service.coupons import Coupon, offers
from wallet_service.language import phrase
from wallet_service.ledger import EntryKind, Event
from wallet_service.members import Member
from wallet_service.programme import Version


def settle(
    connection: Connection, member: Member, version: Version, event: Event
) -> tuple[Coupon, ...]:
    """Give every reward that the member has reached; what is left over stays on the next card.

    `event` is what brought it; its `part` is the first that is free.
    """
    given: list[Coupon] = []
    balances = ledger.balances_of(connection, member.member_id, version.rules.units)
    for reward in version.rules.reward:
        for _ in range(balances[reward.unit].available // reward.cost):
            why = phrase("{reward}, by itself", reward=version.rules.words(reward.name))
            entry = ledger.post(
                connection,
                member.member_id,
                replace(event, kind=EntryKind.REDEMPTION, part=event.part + len(given)),
                ledger.spent(reward.unit, reward.cost, why=why),
            )
            given.append(
                coupons.issue(
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
                    coupons.good_for(reward.valid_days, event.occurred_at, version.rules.zone),
                )
            )
    return tuple(given)
