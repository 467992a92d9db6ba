"""Offers and coupons with defaults for all that a story does not care about."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from wallet_service import clock, coupons, ids, members
from wallet_service.audit import COMMAND
from wallet_service.brands import Brand
from wallet_service.coupons import Coupon, Given, Offering, Use, offers, promise
from wallet_service.coupons.promise import Promise
from wallet_service.db import Database


def a_promise(kind: str = "offer", **rest: Any) -> Promise:
    """What an offer promises, as a file or the API would say it."""
    return promise.read({"kind": kind, **rest})


def an_offer(
    database: Database, brand: Brand, key: str = "spring", kind: str = "offer", **rest: Any
) -> Offering:
    """An offer of the shop's own."""
    name, terms = {"en": key.capitalize()}, {"en": f"One {key} each."}
    return database.run(
        offers.put, brand.brand_id, key, name, terms, a_promise(kind, **rest), actor=COMMAND
    )


def given(brand: Brand, member_id: str, at: datetime | None = None) -> Given:
    return Given(
        brand_id=brand.brand_id,
        member_id=member_id,
        source="tests",
        key=ids.new_id(),
        issued_at=at or clock.now(),
        funder="brand",
    )


def a_coupon(database: Database, brand: Brand, member_id: str, key: str = "spring") -> Coupon:
    """The member's copy of an offer."""

    def give(connection: Connection) -> Coupon:
        members.lock(connection, member_id)
        return coupons.issue_offer(connection, key, given(brand, member_id))

    return database.run(give)


def use(key: str, at: datetime | None = None, **rest: Any) -> Use:
    return Use(source="till", key=key, occurred_at=at or clock.now(), **rest)


def with_coupon(database: Database, brand: Brand, code: str, act: Any, *rest: Any) -> Any:
    """`act` on a coupon, its member locked and the coupon read after that, as a counter does."""

    def locked(connection: Connection) -> Any:
        members.lock(connection, coupons.find(connection, brand.brand_id, code).member_id)
        coupon = coupons.find(connection, brand.brand_id, code)
        return act(connection, brand.brand_id, coupon, *rest)

    return database.run(locked)


def now(database: Database, brand: Brand, code: str) -> Coupon:
    """The coupon as it is."""
    with database.read() as connection:
        return coupons.find(connection, brand.brand_id, code)


def offering(database: Database, brand: Brand, key: str = "spring") -> Offering:
    """The offer as it is."""
    with database.read() as connection:
        return offers.get(connection, brand.brand_id, key)
