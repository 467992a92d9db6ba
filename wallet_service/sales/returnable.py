"""Returnable: the purchases on a card of which goods may still come back to a counter."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import clock
from wallet_service.brands.levels import Level
from wallet_service.brands.roles import Role
from wallet_service.errors import Refusal
from wallet_service.language import phrase, phrases
from wallet_service.sales import kept_sale, tables
from wallet_service.sales.errors import UnknownSale
from wallet_service.sales.kept_sale import KeptSale
from wallet_service.sales.told import Counter

MOST = 8


class ReturnNotYours(Refusal):
    """The brand's level of security leaves returns to those who run the shop."""

    code = "return_not_yours"


class ReturnTooLate(Refusal):
    """The purchase is older than what a till may take back."""

    code = "return_too_late"


def require_may(level: Level, role: Role) -> None:
    """Raises ReturnNotYours where somebody of this role takes nothing back at the till."""
    if role is Role.CASHIER and not level.cashier_returns:
        raise ReturnNotYours(phrase("Here an owner or a manager takes goods back."))


def of_card(
    connection: Connection, counter: Counter, member_id: str, level: Level
) -> tuple[KeptSale, ...]:
    """The last purchases by their amount at this counter's shop, the newest first."""
    sale = tables.sale
    rows = connection.execute(
        sa.select(sale.c.source, sale.c.sale_id)
        .where(
            *_here(counter, member_id),
            sale.c.voided_at.is_(None),
            sale.c.amount > sale.c.returned,
            sale.c.occurred_at >= clock.now() - level.returns_within,
        )
        .order_by(sale.c.occurred_at.desc(), sale.c.entry.desc())
        .limit(MOST)
    ).all()
    found = [kept_sale.of(connection, member_id, row.source, row.sale_id) for row in rows]
    return tuple(each for each in found if each is not None)


def one(
    connection: Connection,
    counter: Counter,
    member_id: str,
    source: str,
    sale_id: str,
    level: Level,
) -> KeptSale:
    """One of them, or one of which nothing is left. Raises UnknownSale or ReturnTooLate."""
    sale = tables.sale
    there = connection.execute(
        sa.select(sale.c.sale_id).where(
            *_here(counter, member_id), sale.c.source == source, sale.c.sale_id == sale_id
        )
    ).first()
    found = kept_sale.of(connection, member_id, source, sale_id) if there else None
    if found is None:
        raise UnknownSale(phrase("There is no such purchase on this card, in this shop."))
    if found.occurred_at < clock.now() - level.returns_within:
        raise ReturnTooLate(
            phrases(
                "A till takes back what was bought within {n} day.",
                "A till takes back what was bought within {n} days.",
                level.returns_within.days,
            )
        )
    return found


def _here(counter: Counter, member_id: str) -> Sequence[sa.ColumnElement[bool]]:
    sale = tables.sale
    # A source that names no shop may have been this one.
    is_here = sa.or_(sale.c.location_id == counter.location_id, sale.c.location_id.is_(None))
    return (sale.c.member_id == member_id, sale.c.brand_id == counter.brand_id, is_here)
