"""The roll: a page of members with all that a list of them shows, in few questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.coupons import CouponState
from wallet_service.coupons import tables as coupons
from wallet_service.language import Phrase
from wallet_service.ledger import tables as ledger
from wallet_service.members import listing
from wallet_service.members.listing import Listed, Order
from wallet_service.phones import tables as phones
from wallet_service.programme import Ruleset, Stamps, card_face, unit_amount
from wallet_service.sales import tables


class OnPhone(StrEnum):
    """Whether a phone takes the card's updates. Nothing more can be known: whoever switches them
    off looks like whoever took the card off."""

    YES = "yes"
    NO_MORE = "no more"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A member in a list."""

    who: Listed
    last_visit: datetime | None
    stamps: Stamps | None
    figures: tuple[Phrase, ...]  # what else is on the card, an amount each
    open_coupons: int
    on_phone: OnPhone


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """A page of rows, how many match in all, and the cursors of the pages beside it."""

    rows: tuple[Row, ...]
    total: int
    before: str | None
    after: str | None


def read(
    connection: Connection,
    brand_id: str,
    rules: Ruleset,
    *,
    order: Order = Order.NAME,
    query: str = "",
    after: str = "",
    before: str = "",
    limit: int = 25,
) -> Roll:
    """A page of a brand's members."""
    page = listing.page(
        connection, brand_id, order=order, query=query, after=after, before=before, limit=limit
    )
    return Roll(
        rows=rows(connection, rules, page.members),
        total=page.total,
        before=page.before,
        after=page.after,
    )


def rows(connection: Connection, rules: Ruleset, found: Sequence[Listed]) -> tuple[Row, ...]:
    """What a list shows of these members."""
    ids = [each.member_id for each in found]
    visits, balances = _last_visits(connection, ids), _balances(connection, ids)
    waiting, on_phone = _open_coupons(connection, ids), _on_phone(connection, ids)
    reward = rules.card_reward
    return tuple(
        Row(
            who=each,
            last_visit=visits.get(each.member_id),
            stamps=card_face(
                balances.get((each.member_id, "stamps"), 0),
                rules.stamps.card,
                bool(reward and waiting.get((each.member_id, reward.key))),
            )
            if rules.stamps and "stamps" in rules.units
            else None,
            figures=tuple(
                unit_amount(unit, amount, rules.currency)
                for unit in rules.units
                if unit != "stamps" and (amount := balances.get((each.member_id, unit), 0))
            ),
            open_coupons=sum(n for (who, _), n in waiting.items() if who == each.member_id),
            on_phone=on_phone.get(each.member_id, OnPhone.NEVER),
        )
        for each in found
    )


def carried(connection: Connection, brand_id: str) -> int:
    """How many members have the card on a phone that takes its updates."""
    issued, registration = phones.issued_pass, phones.registration
    return connection.execute(
        sa.select(sa.func.count(sa.distinct(registration.c.member_id)))
        .join_from(registration, issued)
        .where(issued.c.brand_id == brand_id, issued.c.coupon_code == "")
    ).scalar_one()


def _last_visits(connection: Connection, ids: Sequence[str]) -> Mapping[str, datetime]:
    sale = tables.sale.c
    found = connection.execute(
        sa.select(sale.member_id, sa.func.max(sale.occurred_at))
        .where(sale.member_id.in_(ids), sale.voided_at.is_(None))
        .group_by(sale.member_id)
    )
    return {row[0]: row[1] for row in found}


def _balances(connection: Connection, ids: Sequence[str]) -> Mapping[tuple[str, str], int]:
    balance = ledger.balance.c
    found = connection.execute(
        sa.select(balance.member_id, balance.unit, balance.available).where(
            balance.member_id.in_(ids)
        )
    )
    return {(row.member_id, row.unit): row.available for row in found}


def _open_coupons(connection: Connection, ids: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """How many coupons can be used, by member and offer."""
    coupon, offer = coupons.coupon.c, coupons.offer.c
    is_good = coupon.expires_at.is_(None) | (coupon.expires_at > clock.now())
    found = connection.execute(
        sa.select(coupon.member_id, offer.key, sa.func.count())
        .join_from(
            coupons.coupon,
            coupons.offer,
            (offer.brand_id == coupon.brand_id) & (offer.offer_id == coupon.offer_id),
        )
        .where(coupon.member_id.in_(ids), coupon.state == CouponState.ISSUED, is_good)
        .group_by(coupon.member_id, offer.key)
    )
    return {(row[0], row[1]): row[2] for row in found}


def _on_phone(connection: Connection, ids: Sequence[str]) -> Mapping[str, OnPhone]:
    issued, registration = phones.issued_pass.c, phones.registration.c
    is_held = sa.exists().where(
        registration.member_id == issued.member_id, registration.pass_id == issued.pass_id
    )
    found = connection.execute(
        sa.select(issued.member_id, is_held, issued.downloaded_at).where(
            issued.member_id.in_(ids),
            issued.coupon_code == "",  # of the card, not of a coupon beside it
        )
    )
    on: dict[str, OnPhone] = {}
    for member_id, held, downloaded_at in found:
        state = OnPhone.YES if held else OnPhone.NO_MORE if downloaded_at else OnPhone.NEVER
        if on.get(member_id) is not OnPhone.YES:
            on[member_id] = state
    return on
