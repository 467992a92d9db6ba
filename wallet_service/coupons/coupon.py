"""A coupon: one member's copy of an offer, used once. Reading them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.brands.tables import brand
from wallet_service.coupons import codes, promise, tables
from wallet_service.coupons.errors import UnknownCoupon
from wallet_service.coupons.promise import Promise
from wallet_service.language import Words, phrase


class CouponState(StrEnum):
    """Where a coupon is in its life."""

    ISSUED = "issued"
    RESERVED = "reserved"  # held for one sale; never stored, read from the moment it is held until
    REDEEMED = "redeemed"
    REVERSED = "reversed"  # taken back, since what paid for it was
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """One member's copy of an offer, with the words it was given with."""

    code: str
    member_id: str
    offer: str
    kind: str
    name: Words
    terms: Words
    state: CouponState
    issued_at: datetime
    last_day: date | None
    expires_at: datetime | None
    entry: int | None
    uses: int = field(compare=False)  # undone uses count; only `redeem` asks
    programme_id: str
    funder: str
    promise: Promise | None  # nothing: a reward of the programme
    opens_at: datetime | None
    # What a counter is doing with it just now.
    reserved_until: datetime | None = field(compare=False)
    reserved_by: tuple[str, str] | None = field(compare=False)  # source and key
    admissions: int | None
    admitted: int = field(compare=False)

    @property
    def is_open(self) -> bool:
        """Whether it is still the member's to use, though a sale may hold it at this moment."""
        return self.state in {CouponState.ISSUED, CouponState.RESERVED}

    @property
    def may_be_a_pass(self) -> bool:
        """Whether it may be a pass of its own, by the terms that it was given with."""
        return self.promise is not None and self.promise.may_be_a_pass


def find(connection: Connection, brand_id: str, typed: str) -> Coupon:
    """The coupon that somebody typed or scanned. Raises UnknownCoupon."""
    code = codes.normalise(typed)
    mine = (tables.coupon.c.brand_id == brand_id) & (tables.coupon.c.code == code)
    found = _select(connection, mine) if code is not None else ()
    if not found:
        raise UnknownCoupon(phrase("We do not know this coupon. Could you check the code?"))
    return found[0]


def of_member(
    connection: Connection, member_id: str, *, only_open: bool = False
) -> tuple[Coupon, ...]:
    """The coupons of a member, the one that ends soonest first among those that can be used."""
    if not only_open:
        return _read(connection, _OF_MEMBER, of_member=member_id)
    found = _read(connection, _ISSUED, of_member=member_id)
    return tuple(each for each in found if each.is_open)


def ended_between(
    connection: Connection, member_id: str, since: datetime, until: datetime
) -> tuple[Coupon, ...]:
    """The coupons of a member that nobody used in their time, which was over then."""
    coupon = tables.coupon
    return _select(
        connection,
        (coupon.c.member_id == member_id)
        & (coupon.c.state == CouponState.ISSUED)
        & (coupon.c.expires_at > since)
        & (coupon.c.expires_at <= until),
    )


def of_event(connection: Connection, member_id: str, source: str, key: str) -> tuple[Coupon, ...]:
    """The coupons that an event brought."""
    coupon = tables.coupon
    return _select(
        connection,
        (coupon.c.member_id == member_id) & (coupon.c.source == source) & (coupon.c.key == key),
    )


def by_codes(connection: Connection, member_id: str, codes: Sequence[str]) -> tuple[Coupon, ...]:
    """Coupons of a member by their codes, in the order asked for."""
    if not codes:
        return ()
    found = {
        each.code: each for each in _read(connection, _BY_CODES, of_member=member_id, codes=codes)
    }
    return tuple(found[code] for code in codes if code in found)


def _select(connection: Connection, where: sa.ColumnElement[bool]) -> tuple[Coupon, ...]:
    return _read(connection, _COUPONS.where(where))


def _read(
    connection: Connection, wanted: sa.Select[tuple[object, ...]], **which: object
) -> tuple[Coupon, ...]:
    now = clock.now()
    return tuple(_coupon(row, now) for row in connection.execute(wanted, which))


def _coupon(row: sa.Row[tuple[object, ...]], now: datetime) -> Coupon:
    state = CouponState(row.state)
    reserved_until = row.reserved_until
    if reserved_until is not None and reserved_until <= now:
        reserved_until = None  # ran out: nobody has to come by for it to be issued again
    if state is CouponState.ISSUED and reserved_until is not None:
        state = CouponState.RESERVED
    # Nor for a coupon to expire: it has when its time is over.
    if state is CouponState.ISSUED and row.expires_at is not None and row.expires_at <= now:
        state = CouponState.EXPIRED
    return Coupon(
        code=row.code,
        member_id=row.member_id,
        offer=row.offer_key,
        kind=row.kind,
        name=Words(words=row.name, fallback=row.language),
        terms=Words(words=row.terms, fallback=row.language),
        state=state,
        issued_at=row.issued_at,
        last_day=date.fromisoformat(row.last_day) if row.last_day else None,
        expires_at=row.expires_at,
        entry=row.entry,
        uses=row.uses,
        programme_id=row.programme_id,
        funder=row.funder,
        promise=None if row.promise is None else promise.read(row.promise),
        opens_at=row.opens_at,
        reserved_until=reserved_until,
        reserved_by=(row.reserved_source, row.reserved_key) if reserved_until else None,
        admissions=row.admissions,
        admitted=row.admitted,
    )


_COUPONS = (
    sa.select(
        tables.coupon,
        tables.offer.c.key.label("offer_key"),
        tables.offer.c.kind,
        tables.offer.c.name,
        tables.offer.c.terms,
        tables.offer.c.promise,
        tables.offer.c.programme_id,
        brand.c.language,
    )
    .join(
        tables.offer,
        (tables.offer.c.brand_id == tables.coupon.c.brand_id)
        & (tables.offer.c.offer_id == tables.coupon.c.offer_id),
    )
    .join(brand, brand.c.brand_id == tables.coupon.c.brand_id)
    .order_by(
        tables.coupon.c.state != CouponState.ISSUED,
        tables.coupon.c.expires_at.is_(None),
        tables.coupon.c.expires_at,
        tables.coupon.c.issued_at,
        tables.coupon.c.code,
    )
)
_OF_MEMBER = _COUPONS.where(tables.coupon.c.member_id == sa.bindparam("of_member"))
_ISSUED = _OF_MEMBER.where(tables.coupon.c.state == CouponState.ISSUED)
_BY_CODES = _OF_MEMBER.where(tables.coupon.c.code.in_(sa.bindparam("codes", expanding=True)))
