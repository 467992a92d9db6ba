"""How a member's card stands after an intention, and the word to its passes."""

from dataclasses import dataclass

from sqlalchemy import Connection

from wallet_service import coupons, ledger
from wallet_service.coupons import Coupon
from wallet_service.language import Phrase
from wallet_service.phones import news, outbox
from wallet_service.programme import Ruleset
from wallet_service.sales import sentences
from wallet_service.sales.sentences import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A member's figures and the coupons that can be used."""

    standing: Standing
    coupons: tuple[Coupon, ...]


def read(connection: Connection, member_id: str, rules: Ruleset) -> Card:
    """The card as the books have it now."""
    usable = coupons.of_member(connection, member_id, only_open=True)
    reward = rules.card_reward
    standing = Standing(
        rules=rules,
        balances=ledger.balances_of(connection, member_id, rules.units),
        open_rewards=sum(reward is not None and each.offer == reward.key for each in usable),
    )
    return Card(standing=standing, coupons=usable)


def tell(connection: Connection, member_id: str, said: Phrase, standing: Standing) -> Phrase:
    """Put a sentence on the member's passes and leave word that they must change.

    Returns the sentence as it went out: never the one that stands there already.
    """
    last = news.latest(connection, member_id, 1)
    told = sentences.unlike(said, last[0].words if last else None, standing)
    news.tell(connection, member_id, told, number=last[0].number + 1 if last else 1)
    outbox.changed(connection, member_id)
    return told
