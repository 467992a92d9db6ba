"""Give: a copy of an offer for one member, as staff or another system decide. One transaction."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from wallet_service import clock, coupons, idempotency, programme
from wallet_service.coupons import Coupon, CouponState
from wallet_service.idempotency import Done
from wallet_service.language import Phrase, phrase
from wallet_service.members import codes
from wallet_service.sales import card, told, whose
from wallet_service.sales.told import Counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A coupon that a member got, as it was when it was given, and what the card says of it."""

    coupon: Coupon
    news: Phrase
    repeated: bool = False


def give(
    connection: Connection,
    counter: Counter,
    event_id: str,
    offer: str,
    *,
    code: str | None = None,
    member_id: str | None = None,
) -> Given:
    """Give a member a copy of what is on offer under a key.

    Raises UnknownOffer, OfferEnded, QuotaUsed, MemberLimit, UnknownCard and its like,
    UnknownMember or MemberLeft.
    """
    told.check_id(event_id)
    outcome = idempotency.once(
        connection,
        brand_id=counter.brand_id,
        source=counter.source,
        key=event_id,
        operation="give",
        body={
            "offer": offer,
            "code": (codes.normalise(code) or code) if code else None,
            "member": member_id,
            "location": counter.location_id,
            "till": told.as_told(counter.till_id),
            "staff": told.as_told(counter.staff_id),
        },
        act=lambda: _give(connection, counter, event_id, offer, code, member_id),
    )
    stored = outcome.answer
    [coupon] = coupons.by_codes(connection, stored["member"], [stored["code"]])
    return Given(
        # A repeat is answered as the first time was, whatever became of the coupon since.
        coupon=replace(coupon, state=CouponState.ISSUED),
        news=Phrase.from_json(stored["news"]),
        repeated=outcome.repeated,
    )


def _give(
    connection: Connection,
    counter: Counter,
    event_id: str,
    offer: str,
    code: str | None,
    member_id: str | None,
) -> Done:
    member = whose.held(connection, counter.brand_id, code=code, member_id=member_id)
    now = clock.now()
    coupon = coupons.issue_offer(
        connection,
        offer,
        coupons.Given(
            brand_id=counter.brand_id,
            member_id=member.member_id,
            source=counter.source,
            key=event_id,
            issued_at=now,
            funder="brand",
            location_id=counter.location_id,
        ),
    )
    rules = programme.at(connection, member.programme_id, now).rules
    standing = card.read(connection, member.member_id, rules).standing
    said = phrase("For you: {name}.", name=coupon.name)
    news = card.tell(connection, member.member_id, said, standing)
    return Done(
        member_id=member.member_id,
        answer={"member": member.member_id, "code": coupon.code, "news": news.as_json()},
    )
