"""Offers: what is promised. A reward of the programme is one, kept with the words it had.

An offer of the shop's own is made, changed and ended here. A changed one is another row of `offer`
under the same key, since a coupon keeps the terms it was given with; `offering` points at the one
that holds now and counts the copies that are out. A reward of the programme has no such row.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, brands, clock, db, ids, programme
from wallet_service.audit import Actor
from wallet_service.coupons import promise, tables
from wallet_service.coupons import terms as sound
from wallet_service.coupons.offering import (
    Offer,
    Offering,
    by_shared_code,
    count,
    get,
    list_,
    of_key,
)
from wallet_service.coupons.promise import Promise
from wallet_service.language import Phrase, Words, phrase
from wallet_service.programme.rewards import Reward

__all__ = [
    "Offer",
    "Offering",
    "by_shared_code",
    "count",
    "end",
    "get",
    "list_",
    "of_key",
    "of_reward",
    "put",
]


def put(
    connection: Connection,
    brand_id: str,
    key: str,
    name: Mapping[str, str],
    terms: Mapping[str, str],
    promised: Promise,
    *,
    actor: Actor,
) -> Offering:
    """Make an offer, change the one of this key, or open again one that has ended.

    Copies that are out keep their terms. Nothing changes where it stands like this already.
    Raises BadOffer with every fault and its place.
    """
    if faults := tuple(sound.faults(connection, brand_id, key, name, terms, promised)):
        raise promise.bad(faults)
    before = of_key(connection, brand_id, key)
    plain = promised.model_dump(mode="json", exclude_none=True)
    content_hash = _hash(["offer", dict(name), dict(terms), plain])
    programme_id = programme.of_brand(connection, brand_id).programme_id
    if before is not None and before.ended_at is None:
        same = sa.select(tables.offer.c.content_hash).where(
            tables.offer.c.brand_id == brand_id, tables.offer.c.offer_id == before.offer_id
        )
        if connection.execute(same).scalar() == content_hash:
            return before
    # The line of the log comes first: it lets one change of a brand's offers in at a time, so
    # that two cannot take one shared code.
    title = Words(words=dict(name), fallback=brands.get(connection, brand_id).language)
    audit.write(
        connection,
        brand_id,
        actor,
        _told(before, title),
        what="offer.made" if before is None else "offer.changed",
        subject=key,
    )
    _free_shared_code(connection, brand_id, key, promised.shared_code)
    offer_id = _row(
        connection,
        {
            "brand_id": brand_id,
            "programme_id": programme_id,
            "key": key,
            "kind": promised.kind,
            "name": dict(name),
            "terms": dict(terms),
            "promise": plain,
            "content_hash": content_hash,
        },
    ).offer_id
    now = {
        "programme_id": programme_id,
        "offer_id": offer_id,
        "shared_code": promised.shared_code,
        "changed_at": clock.now(),
        "ended_at": None,
    }
    connection.execute(
        db.insert(connection, tables.offering)
        .values(brand_id=brand_id, key=key, issued=0, redeemed=0, **now)
        .on_conflict_do_update(index_elements=["brand_id", "key"], set_=now)
    )
    return get(connection, brand_id, key)


def end(connection: Connection, brand_id: str, key: str, *, actor: Actor) -> Offering:
    """Give nobody a copy any more; those that are out can be used. Raises UnknownOffer."""
    before = get(connection, brand_id, key)
    if before.ended_at is not None:
        return before
    audit.write(
        connection,
        brand_id,
        actor,
        phrase("{who} ended the offer {name}", name=before.name),
        what="offer.ended",
        subject=key,
    )
    now = clock.now()
    connection.execute(
        sa.update(tables.offering)
        .where(tables.offering.c.brand_id == brand_id, tables.offering.c.key == key)
        .values(ended_at=now, changed_at=now)
    )
    return get(connection, brand_id, key)


def of_reward(connection: Connection, brand_id: str, programme_id: str, reward: Reward) -> Offer:
    """The offer of a reward, made when it is given for the first time with these words."""
    row = _row(
        connection,
        {
            "brand_id": brand_id,
            "programme_id": programme_id,
            "key": reward.key,
            "kind": "reward",
            "name": reward.name,
            "terms": reward.terms,
            "content_hash": _hash(["reward", reward.name, reward.terms]),
        },
    )
    return Offer(offer_id=row.offer_id, key=row.key, kind=row.kind)


def _row(connection: Connection, values: Mapping[str, Any]) -> sa.Row[str, str, str]:
    which = {f"of_{name}": values[name] for name in _SAME}
    row = connection.execute(_FOUND, which).first()
    if row is None:
        # Two members may fill their cards at once: one makes it, both find it.
        connection.execute(
            db.insert(connection, tables.offer)
            .values(offer_id=ids.new_id(), created_at=clock.now(), **values)
            .on_conflict_do_nothing(index_elements=["programme_id", "key", "content_hash"])
        )
        row = connection.execute(_FOUND, which).one()
    return row


def _hash(content: list[Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _told(before: Offering | None, name: Words) -> Phrase:
    if before is None:
        return phrase("{who} made the offer {name}", name=name)
    if before.ended_at is not None:
        return phrase("{who} opened the offer {name} again", name=name)
    return phrase("{who} changed the offer {name}", name=name)


def _free_shared_code(connection: Connection, brand_id: str, key: str, code: str | None) -> None:
    """Let go of a code that an ended offer still has."""
    if code is None:
        return
    holder = by_shared_code(connection, brand_id, code)
    if holder is None or holder.key == key:
        return
    if holder.ended_at is None:  # taken between the check and the turn
        raise promise.bad((("shared_code", f"is that of the offer {holder.key}"),))
    connection.execute(
        sa.update(tables.offering)
        .where(tables.offering.c.brand_id == brand_id, tables.offering.c.key == holder.key)
        .values(shared_code=None)
    )


_SAME = ("programme_id", "key", "content_hash")
_FOUND = sa.select(tables.offer.c.offer_id, tables.offer.c.key, tables.offer.c.kind).where(
    *(tables.offer.c[name] == sa.bindparam(f"of_{name}") for name in _SAME)
)
