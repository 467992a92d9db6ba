"""The pass of one coupon or ticket: what it says now, from the books, in its holder's language."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from babel.numbers import format_percent
from sqlalchemy import Connection

from passes.apple import layout
from passes.coupon_card import CouponCard, Event
from passes.design import Design
from wallet_service import brands, clock, programme
from wallet_service.coupons import coupon as coupons
from wallet_service.coupons.coupon import Coupon, CouponState
from wallet_service.coupons.promise import Ticket, Worth
from wallet_service.language import Money, Phrase, Words, locale_of, phrase
from wallet_service.members import member, people
from wallet_service.members.links import Links
from wallet_service.phones.issued import IssuedPass
from wallet_service.phones.rendered import Rendered

_LABELS = {
    "state": phrase("State"),
    "until": phrase("Until"),
    "from": phrase("Good from"),
    "for": phrase("For"),
    "guest": phrase("Guest"),
    "where": phrase("Where"),
    "doors": phrase("Doors"),
    "admits": phrase("Lets in"),
    "name": phrase("What it is"),
    "worth": phrase("Worth"),
    "terms": phrase("Terms"),
    "when": phrase("When"),
    "code": phrase("Code"),
    "page": phrase("Your card"),
    "page_words": phrase("Your card, your visits and all your coupons"),
    "contact": phrase("Contact"),
    "website": phrase("Website"),
}
_STATES = {
    CouponState.REDEEMED: phrase("Used"),
    CouponState.EXPIRED: phrase("Over"),
    CouponState.VOID: phrase("Taken back"),
    CouponState.REVERSED: phrase("Taken back"),
}
_ENDED = phrase("Ended")


def card_of(
    connection: Connection, links: Links, member_id: str, person_id: str, code: str
) -> CouponCard:
    """What the pass of a coupon says now; of whoever left or was erased, only that it has ended.

    A sale that holds the coupon does not show: it is over before a phone would have fetched it.
    """
    whose = member.get(connection, member_id)
    [coupon] = coupons.by_codes(connection, member_id, [code])
    brand = brands.get(connection, whose.brand_id)
    try:
        person = people.get(connection, member_id, person_id)
    except LookupError:
        person = None
    is_there = person is not None and whose.status == "active"
    # Nothing is known of an erased person, so the shop's language is the nearest.
    language = person.language if person else brand.language
    ended = None if is_there else _ENDED
    state = ended or _STATES.get(coupon.state)
    promise = coupon.promise
    ticket = promise.ticket if promise else None
    worth = promise.worth if promise else None
    opens_at = coupon.opens_at if coupon.opens_at and coupon.opens_at > clock.now() else None
    return CouponCard(
        code=coupon.code if is_there else "",
        language=language,
        name=coupon.name.say(language),
        holder=person.given_name if person and is_there else "",
        card_link=links.card_url(connection, member_id, person_id) if is_there else "",
        labels={key: said.say(language) for key, said in _LABELS.items()},
        worth=_worth(connection, coupon, worth, language) if worth else "",
        opens_on=opens_at.astimezone(brand.zone).date() if opens_at else None,
        until=coupon.last_day,
        terms=coupon.terms.say(language),
        event=_event(coupon, ticket, brand.zone, language) if ticket else None,
        state=state.say(language) if state else "",
        expires_at=coupon.expires_at,
        foreign=(*_foreign(coupon.name, language), *_foreign(coupon.terms, language)),
    )


def rendered(
    connection: Connection, links: Links, the_pass: IssuedPass, design: Design
) -> Rendered:
    """Whether the pass looks different, and when time alone will change it."""
    member_id, code = the_pass.member_id, the_pass.coupon_code
    card = card_of(connection, links, member_id, the_pass.person_id, code)
    [coupon] = coupons.by_codes(connection, member_id, [code])
    now = clock.now()
    moments = [each for each in (coupon.opens_at, coupon.expires_at) if each and each > now]
    return Rendered(
        content_hash=layout.content_hash(card, design),
        next_change_at=None if card.voided else min(moments, default=None),
    )


def _worth(connection: Connection, coupon: Coupon, worth: Worth, language: str) -> str:
    """−20 % or −5 €; what is had for nothing, its name says."""
    if worth.percent is not None:
        return f"−{format_percent(worth.percent / 100, locale=locale_of(language))}"
    if worth.amount is not None:
        currency = programme.current(connection, coupon.programme_id).rules.currency
        return f"−{Money(amount=worth.amount, currency=currency).say(language)}"
    return ""


def _event(coupon: Coupon, ticket: Ticket, zone: ZoneInfo, language: str) -> Event:
    admits = _admits(coupon)
    return Event(
        name=ticket.event,
        place=ticket.place or "",
        doors_at=ticket.opens.astimezone(zone),
        starts_at=ticket.starts_at.astimezone(zone),
        ends_at=ticket.ends_at.astimezone(zone),
        admits=admits.say(language) if admits else "",
    )


def _admits(coupon: Coupon) -> Phrase | None:
    """How many may still come in; of one person's ticket nothing but that they are in."""
    everybody = coupon.admissions or 1
    left = everybody - coupon.admitted
    if left == 0:
        return phrase("all are in")
    if everybody == 1:
        return None
    if left == everybody:
        return phrase("{n} people", n=everybody)
    return phrase("{left} of {n}", left=left, n=everybody)


def _foreign(words: Words, language: str) -> Iterator[tuple[str, str]]:
    for piece in words.pieces(language):
        if piece.language != language and piece.text.strip():
            yield piece.text.strip(), piece.language
