"""Offers: what is promised. A reward of the programme is one, kept with the words it had."""

import hashlib
import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock, db, ids
from wallet_service.coupons import tables
from wallet_service.programme.ruleset import Reward


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is promised, in each language. A changed offer is another one under the same key."""

    offer_id: str
    key: str
    kind: str


def of_reward(connection: Connection, brand_id: str, programme_id: str, reward: Reward) -> Offer:
    """The offer of a reward, made when it is given for the first time with these words."""
    offer = tables.offer
    content_hash = _content_hash(reward)
    mine = (
        (offer.c.programme_id == programme_id)
        & (offer.c.key == reward.key)
        & (offer.c.content_hash == content_hash)
    )
    found = sa.select(offer.c.offer_id, offer.c.key, offer.c.kind).where(mine)
    row = connection.execute(found).first()
    if row is None:
        # Two members may fill their cards at once: one makes it, both find it.
        connection.execute(
            db.insert(connection, offer)
            .values(
                brand_id=brand_id,
                offer_id=ids.new_id(),
                programme_id=programme_id,
                key=reward.key,
                kind="reward",
                name=reward.name,
                terms=reward.terms,
                content_hash=content_hash,
                created_at=clock.now(),
            )
            .on_conflict_do_nothing(index_elements=["programme_id", "key", "content_hash"])
        )
        row = connection.execute(found).one()
    return Offer(offer_id=row.offer_id, key=row.key, kind=row.kind)


def _content_hash(reward: Reward) -> str:
    text = json.dumps(["reward", reward.name, reward.terms], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
