"""Became: why stamps that a card shows full cannot be taken off; they are a coupon by now."""

from sqlalchemy import Connection

from wallet_service import coupons
from wallet_service.errors import Refusal
from wallet_service.language import phrases
from wallet_service.ledger import NotEnough
from wallet_service.programme import Ruleset


def told(
    connection: Connection, member_id: str, rules: Ruleset, unit: str, refusal: NotEnough
) -> Refusal:
    """The refusal, with the coupon that the stamps have become where there is one."""
    costs = {each.key: each.cost for each in rules.reward if each.unit == unit == "stamps"}
    for coupon in coupons.of_member(connection, member_id, only_open=True):
        if coupon.entry is not None and coupon.offer in costs:
            say = phrases(
                "This stamp has become the coupon “{coupon}”."
                " Take back the visit that filled the card.",
                "These {n} stamps have become the coupon “{coupon}”."
                " Take back the visit that filled the card.",
                costs[coupon.offer],
                coupon=coupon.name,
            )
            return NotEnough(say, field="amount", **refusal.facts)
    return refusal
