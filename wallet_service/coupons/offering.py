"""Offering: what is on offer under a key now, and how many copies of it are out. Reading it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.brands.tables import brand
from wallet_service.coupons import promise, tables
from wallet_service.coupons.errors import UnknownOffer
from wallet_service.coupons.promise import Promise
from wallet_service.language import Words, phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is promised, in each language. A changed offer is another one under the same key."""

    offer_id: str
    key: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """What is on offer under a key now: its words, its promise, and how many copies are out."""

    brand_id: str
    key: str
    programme_id: str
    offer_id: str
    kind: str
    name: Words
    terms: Words
    promise: Promise
    shared_code: str | None
    issued: int
    redeemed: int
    created_at: datetime  # of these terms
    changed_at: datetime
    ended_at: datetime | None

    @property
    def offer(self) -> Offer:
        return Offer(offer_id=self.offer_id, key=self.key, kind=self.kind)


def list_(
    connection: Connection, brand_id: str, *, only_open: bool = False
) -> tuple[Offering, ...]:
    """The offers of a brand by their keys, those that have ended last."""
    offering = tables.offering
    wanted = _OFFERINGS.where(offering.c.brand_id == brand_id)
    if only_open:
        wanted = wanted.where(offering.c.ended_at.is_(None))
    rows = connection.execute(wanted.order_by(offering.c.ended_at.is_not(None), offering.c.key))
    return tuple(_offering(row) for row in rows)


def get(connection: Connection, brand_id: str, key: str) -> Offering:
    """What is on offer under a key. Raises UnknownOffer."""
    found = of_key(connection, brand_id, key)
    if found is None:
        raise UnknownOffer(phrase("There is no offer of this name."))
    return found


def of_key(connection: Connection, brand_id: str, key: str) -> Offering | None:
    """What is on offer under a key, or None."""
    return _first(connection, brand_id, tables.offering.c.key == key)


def hold(connection: Connection, brand_id: str, key: str) -> None:
    """Let nobody change an offer before this transaction ends, so that what is read holds."""
    offering = tables.offering
    connection.execute(
        sa.select(offering.c.key)
        .where(offering.c.brand_id == brand_id, offering.c.key == key)
        .with_for_update()
    )


def by_shared_code(connection: Connection, brand_id: str, typed: str) -> Offering | None:
    """The offer whose shared code somebody typed or said, or None."""
    code = "".join(typed.split()).upper()
    return _first(connection, brand_id, tables.offering.c.shared_code == code)


def count(connection: Connection, brand_id: str, key: str, **more: int) -> None:
    """Count copies that came back (`issued=-1`) and uses (`redeemed=1`)."""
    offering = tables.offering
    connection.execute(
        sa.update(offering)
        .where(offering.c.brand_id == brand_id, offering.c.key == key)
        .values({name: offering.c[name] + by for name, by in more.items()})
    )


_OFFERINGS = (
    sa.select(
        tables.offering,
        tables.offer.c.kind,
        tables.offer.c.name,
        tables.offer.c.terms,
        tables.offer.c.promise,
        tables.offer.c.created_at,
        brand.c.language,
    )
    .join(
        tables.offer,
        (tables.offer.c.brand_id == tables.offering.c.brand_id)
        & (tables.offer.c.offer_id == tables.offering.c.offer_id),
    )
    .join(brand, brand.c.brand_id == tables.offering.c.brand_id)
)


def _first(connection: Connection, brand_id: str, mine: sa.ColumnElement[bool]) -> Offering | None:
    row = connection.execute(_OFFERINGS.where(tables.offering.c.brand_id == brand_id, mine)).first()
    return None if row is None else _offering(row)


def _offering(row: sa.Row[Any]) -> Offering:
    return Offering(
        brand_id=row.brand_id,
        key=row.key,
        programme_id=row.programme_id,
        offer_id=row.offer_id,
        kind=row.kind,
        name=Words(words=row.name, fallback=row.language),
        terms=Words(words=row.terms, fallback=row.language),
        promise=promise.read(row.promise),
        shared_code=row.shared_code,
        issued=row.issued,
        redeemed=row.redeemed,
        created_at=row.created_at,
        changed_at=row.changed_at,
        ended_at=row.ended_at,
    )
