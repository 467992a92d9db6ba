"""Redeem: use one coupon at a counter. One wins, however many try at the same moment."""

from datetime import datetime

from sqlalchemy import Connection

from wallet_service import clock, coupons, idempotency, programme
from wallet_service.coupons import Coupon, OtherMembersCoupon, Use
from wallet_service.coupons import codes as coupon_codes
from wallet_service.idempotency import Done
from wallet_service.language import phrase
from wallet_service.ledger.in_force import in_force
from wallet_service.members import codes
from wallet_service.sales import answer, card, sentences, told, whose
from wallet_service.sales.answer import Redeemed
from wallet_service.sales.told import Counter


def redeem(
    connection: Connection,
    counter: Counter,
    event_id: str,
    coupon_code: str,
    sale_id: str | None = None,
    card_code: str | None = None,
    occurred_at: datetime | None = None,
) -> Redeemed:
    """Use a coupon. Raises UnknownCoupon, AlreadyRedeemed, CouponExpired, CouponVoid or MemberLeft.

    With a `card_code`, the coupon must be on that card: raises OtherMembersCoupon, or UnknownCard
    and its like. A till that was offline says when it was (`occurred_at`).
    """
    told.check_id(event_id)
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=event_id,
        operation="redeem",
        body={
            "coupon": coupon_codes.normalise(coupon_code) or coupon_code,
            "sale": sale_id,
            "location": counter.location_id,
            "till": told.as_told(counter.till_id),
            "staff": told.as_told(counter.staff_id),
            **({"occurred_at": clock.written(occurred_at)} if occurred_at else {}),
        },
        act=lambda: _redeem(
            connection, counter, event_id, coupon_code, sale_id, card_code, occurred_at
        ),
    )
    return answer.read_redeemed(connection, outcome)


def on_card(connection: Connection, brand_id: str, card_code: str, coupon_code: str) -> Coupon:
    """The coupon, which is on this card. Raises UnknownCoupon, OtherMembersCoupon, or UnknownCard
    and its like."""
    holder = codes.find(connection, brand_id, card_code)
    found = coupons.find(connection, brand_id, coupon_code)
    if found.member_id != holder.member_id:
        raise OtherMembersCoupon(phrase("This coupon is on somebody else's card."))
    return found


def _redeem(
    connection: Connection,
    counter: Counter,
    event_id: str,
    coupon_code: str,
    sale_id: str | None,
    card_code: str | None,
    occurred_at: datetime | None,
) -> Done:
    if card_code is not None:
        found = on_card(connection, counter.brand_id, card_code, coupon_code)
    else:
        found = coupons.find(connection, counter.brand_id, coupon_code)
    member = whose.held(connection, counter.brand_id, code=None, member_id=found.member_id)
    # Read again under the lock: another till may have used it while we waited.
    coupon = coupons.find(connection, counter.brand_id, coupon_code)
    now = clock.now()
    at = told.moment_of(occurred_at, now)
    use = Use(
        source=counter.source,
        key=event_id,
        sale_id=sale_id,
        occurred_at=at,
        location_id=counter.location_id,
        till_id=counter.till_id,
        staff_id=counter.staff_id,
    )
    coupons.redeem(connection, counter.brand_id, coupon, use)
    version = in_force(connection, member, programme.at(connection, member.programme_id, now))
    after = card.read(connection, member.member_id, version.rules)
    said = card.tell(
        connection,
        member.member_id,
        sentences.after_use(after.standing, coupon.name),
        after.standing,
    )
    redeemed = Redeemed(
        member_id=member.member_id,
        coupon=coupons.by_codes(connection, member.member_id, [coupon.code])[0],
        balances=after.standing.balances,
        stamps=after.standing.stamps,
        news=said,
    )
    return Done(member_id=member.member_id, answer=answer.kept_redeemed(redeemed))
