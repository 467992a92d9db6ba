"""Reserve: hold a coupon for one sale for a while; and roll back a use or a reservation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from wallet_service import clock, coupons, idempotency, programme
from wallet_service.coupons import Coupon, CouponState, Use
from wallet_service.coupons import codes as coupon_codes
from wallet_service.errors import Refusal
from wallet_service.idempotency import Done, Outcome
from wallet_service.language import phrase
from wallet_service.ledger.in_force import in_force
from wallet_service.sales import answer, card, sentences, told, whose
from wallet_service.sales.answer import Redeemed
from wallet_service.sales.redeem import on_card
from wallet_service.sales.told import Counter

TTL_SECONDS = 300
TTL_SECONDS_MAX = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """A coupon that is held, and until when."""

    member_id: str
    coupon: Coupon
    until: datetime
    repeated: bool = False


class BadTime(Refusal):
    """A coupon cannot be held for so long."""

    code = "bad_ttl"


def reserve_key(event_id: str) -> str:
    """What the reserving for `event_id` is called, so that the sale or use itself keeps its name.
    No caller's own name holds a line break."""
    return f"reserve\n{event_id}"


def rollback_key(event_id: str, coupon_code: str) -> str:
    """What the rolling back of `event_id` is called: one sale may have used several coupons."""
    return f"rollback\n{event_id}\n{coupon_code}"


def reserve(
    connection: Connection,
    counter: Counter,
    event_id: str,
    coupon_code: str,
    *,
    ttl_seconds: int = TTL_SECONDS,
    card_code: str | None = None,
) -> Reserved:
    """Hold a coupon, so that no other event can use it until the time is over. The sale or the use
    that this source tells as the same `event_id`, or for it, may use it meanwhile.

    Raises what the use of the coupon would raise, CouponReserved where another event holds it.
    """
    told.check_id(event_id)
    if not 1 <= ttl_seconds <= TTL_SECONDS_MAX:
        raise BadTime(
            phrase("A coupon is held for 1 to {most} seconds.", most=TTL_SECONDS_MAX),
            field="ttl_seconds",
        )
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=reserve_key(event_id),
        operation="reserve",
        body={
            "coupon": coupon_codes.normalise(coupon_code) or coupon_code,
            "ttl": ttl_seconds,
        },
        act=lambda: _reserve(connection, counter, event_id, coupon_code, ttl_seconds, card_code),
    )
    return _read(connection, outcome)


def rollback(connection: Connection, counter: Counter, event_id: str, coupon_code: str) -> Redeemed:
    """Undo the use or the admission, or let go the reservation, that this source told as
    `event_id` for this coupon. A second time gives the same answer.

    Raises UnknownCoupon, NothingToRollBack or MemberLeft.
    """
    told.check_id(event_id)
    code = coupon_codes.normalise(coupon_code) or coupon_code
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=rollback_key(event_id, code),
        operation="rollback",
        body={"coupon": code},
        act=lambda: _rollback(connection, counter, event_id, coupon_code),
    )
    return answer.read_redeemed(connection, outcome)


def _reserve(
    connection: Connection,
    counter: Counter,
    event_id: str,
    coupon_code: str,
    ttl_seconds: int,
    card_code: str | None,
) -> Done:
    if card_code is not None:
        on_card(connection, counter.brand_id, card_code, coupon_code)
    found = coupons.find(connection, counter.brand_id, coupon_code)
    member = whose.held(connection, counter.brand_id, code=None, member_id=found.member_id)
    # Read again under the lock: another till may hold it since.
    coupon = coupons.find(connection, counter.brand_id, coupon_code)
    use = Use(
        source=counter.source,
        key=event_id,
        occurred_at=clock.now(),
        location_id=counter.location_id,
        till_id=counter.till_id,
        staff_id=counter.staff_id,
    )
    ttl = timedelta(seconds=ttl_seconds)
    held = coupons.reserve(connection, counter.brand_id, coupon, use, ttl)
    assert held.reserved_until is not None
    kept = {
        "member": member.member_id,
        "code": held.code,
        "until": clock.written(held.reserved_until),
    }
    # A phone shows nothing of it: it is over before the phone would have fetched it.
    return Done(member_id=member.member_id, answer=kept)


def _read(connection: Connection, outcome: Outcome) -> Reserved:
    stored: Any = outcome.answer
    [coupon] = coupons.by_codes(connection, stored["member"], [stored["code"]])
    return Reserved(
        member_id=stored["member"],
        coupon=coupon,
        until=datetime.fromisoformat(stored["until"]),
        repeated=outcome.repeated,
    )


def _rollback(connection: Connection, counter: Counter, event_id: str, coupon_code: str) -> Done:
    found = coupons.find(connection, counter.brand_id, coupon_code)
    member = whose.held(connection, counter.brand_id, code=None, member_id=found.member_id)
    coupon = coupons.find(connection, counter.brand_id, coupon_code)
    was_held = coupon.state is CouponState.RESERVED
    back = coupons.rollback(connection, counter.brand_id, coupon, counter.source, event_id)
    version = in_force(
        connection, member, programme.at(connection, member.programme_id, clock.now())
    )
    after = card.read(connection, member.member_id, version.rules)
    said = sentences.after_undo(after.standing)
    if not was_held:  # of a reservation a phone has shown nothing
        said = card.tell(connection, member.member_id, said, after.standing)
    done = Redeemed(
        member_id=member.member_id,
        coupon=back,
        balances=after.standing.balances,
        stamps=after.standing.stamps,
        news=said,
    )
    return Done(member_id=member.member_id, answer=answer.kept_redeemed(done))
