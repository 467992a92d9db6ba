"""Beyond: rewards on the way that an undo gave again, and whose stamps have gone since.

A reward goes with the sale that brought it. One that came again when a part of that sale came back
is no sale's any more; nothing else would ever take it.
"""

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import coupons, ledger
from wallet_service.coupons import Coupon, CouponState
from wallet_service.coupons import tables as coupon_tables
from wallet_service.members import Member
from wallet_service.programme import Ruleset
from wallet_service.sales import settle, tables


def beyond(connection: Connection, member: Member, rules: Ruleset) -> tuple[Coupon, ...]:
    """Those that are more than the stamps reach now, and that nobody has used."""
    full = rules.card_reward
    costs = {
        each.key: each.cost
        for each in rules.reward
        if each.comes == "by_itself" and each.unit == "stamps" and each is not full
    }
    again = _given_again(connection, member.member_id, list(costs)) if full is not None else {}
    if not again:
        return ()
    have = ledger.balances_of(connection, member.member_id, ["stamps"])["stamps"].available
    filled = settle.cards_filled(connection, member.member_id)
    standing = settle.standing_of(connection, member, list(again))
    codes = [
        code
        for key, newest_first in again.items()
        for code in newest_first[: max(0, standing[key] - filled - (have >= costs[key]))]
    ]
    return coupons.by_codes(connection, member.member_id, codes)


def _given_again(connection: Connection, member_id: str, keys: list[str]) -> dict[str, list[str]]:
    """By reward, the codes that an undo or a return brought for nothing, the newest first."""
    coupon, offer, back = coupon_tables.coupon, coupon_tables.offer, tables.sale_return
    of_return = sa.exists().where(
        back.c.member_id == coupon.c.member_id,
        back.c.source == coupon.c.source,
        back.c.return_id == coupon.c.key,
    )
    rows = connection.execute(
        sa.select(offer.c.key, coupon.c.code)
        .join_from(
            coupon,
            offer,
            (offer.c.brand_id == coupon.c.brand_id) & (offer.c.offer_id == coupon.c.offer_id),
        )
        .where(
            coupon.c.member_id == member_id,
            coupon.c.state == CouponState.ISSUED,
            coupon.c.entry.is_(None),
            offer.c.kind == "reward",
            offer.c.key.in_(keys),
            coupon.c.key.startswith("void\n") | of_return,
        )
        .order_by(coupon.c.issued_at.desc(), coupon.c.code)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row.code)
    return found
