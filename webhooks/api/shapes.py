"""What the API shows of members, coupons and answers: the shapes of docs/api.md."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from wallet_service import clock, coupons, ledger, programme
from wallet_service.coupons import Coupon, CouponState
from wallet_service.ledger import Balance
from wallet_service.members import MemberView
from wallet_service.programme import Stamps
from wallet_service.sales import Answer, Redeemed, Scan, Used
from wallet_service.sales.give import Given
from wallet_service.sales.reserve import Reserved
from wallet_service.sales.tickets import Admission
from wallet_service.web import current_wallet, language
from webhooks.api.reply import said

COUPONS_MAX = 100


def member(connection: Connection, view: MemberView) -> dict[str, Any]:
    """A member, its first person, and all that it has."""
    of, person = view.member, view.person
    rules = programme.current(connection, of.programme_id).rules
    link = current_wallet().links.invitation_url(connection, of.member_id, person.person_id)
    return {
        "id": of.member_id,
        "code": view.code,
        "link": link,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "birthday": person.birthday.isoformat() if person.birthday else None,
        "external_id": of.external_id,
        "attributes": person.attributes,
        "joined_at": _moment(of.joined_at),
        "balances": balances(ledger.balances_of(connection, of.member_id, rules.units)),
        "coupons": _coupons(coupons.of_member(connection, of.member_id)[:COUPONS_MAX]),
        "consents": view.consents,
    }


def scan(seen: Scan) -> dict[str, Any]:
    """A card at the counter: what a till may know of a member."""
    return {
        "member": {"id": seen.member_id, "name": seen.name, "language": seen.language},
        "code": seen.code,
        "balances": balances(seen.balances),
        "stamps": _stamps(seen.stamps),
        "coupons": _coupons(seen.coupons if seen.is_offered else ()),
        "last_visit": _moment(seen.last_visit),
        "say": said(seen.say),
    }


def answer(given: Answer) -> dict[str, Any]:
    """What a sale did. A repeat shows the same, letter for letter."""
    return {
        "member": given.member_id,
        "earned": [
            {"unit": each.unit, "amount": each.amount, "why": said(each.why)}
            for each in given.earned
        ],
        "applied": [{"coupon": code} for code in given.applied],
        "uses": [_use(each) for each in given.uses],
        "refused": [
            {"what": each.what, "code": each.code, "say": said(each.say)} for each in given.refused
        ],
        "balances": balances(given.balances),
        "stamps": _stamps(given.stamps),
        "tier": given.tier,
        "coupons": _coupons(given.coupons),
        "brought": list(given.brought),
        "entry": given.entry,
        "say": said(given.news),
    }


def redeemed(given: Redeemed) -> dict[str, Any]:
    """What using a coupon did."""
    return {
        **coupon(given.coupon),
        "balances": balances(given.balances),
        "stamps": _stamps(given.stamps),
        "say": said(given.news),
    }


def given(of: Given) -> dict[str, Any]:
    """A coupon that was given."""
    return {**coupon(of.coupon), "say": said(of.news)}


def reserved(of: Reserved) -> dict[str, Any]:
    """A coupon that is held. A repeat shows the same, whatever became of it since."""
    held = replace(of.coupon, state=CouponState.RESERVED)
    return {**coupon(held), "reserved_until": _moment(of.until)}


def admitted(of: Admission) -> dict[str, Any]:
    """Who came in."""
    return {
        "code": of.coupon.code,
        "offer": of.coupon.offer,
        "name": of.coupon.name.say(language.chosen()),
        "member": of.member_id,
        "admitted": of.admitted,
        "left": of.left,
        "is_return": of.is_return,
        "say": said(of.news),
    }


def whole_coupon(of: Coupon) -> dict[str, Any]:
    """A coupon, with what it is worth, on what conditions, and who holds it now."""
    promised = of.promise.model_dump(mode="json", exclude_none=True) if of.promise else {}
    return {
        **coupon(of),
        "opens_at": _moment(of.opens_at),
        "reserved_until": _moment(of.reserved_until),
        "worth": promised.get("worth"),
        "conditions": promised.get("conditions", {}),
        "ticket": promised.get("ticket"),
        "admissions": of.admissions,
        "admitted": of.admitted,
    }


def coupon(of: Coupon) -> dict[str, Any]:
    """A coupon, with its words in the caller's language."""
    return {
        "code": of.code,
        "state": of.state.value,
        "offer": of.offer,
        "kind": of.kind,
        "name": of.name.say(language.chosen()),
        "terms": of.terms.say(language.chosen()),
        "member": of.member_id,
        "issued_at": _moment(of.issued_at),
        "last_day": of.last_day.isoformat() if of.last_day else None,
        "expires_at": _moment(of.expires_at),
    }


def balances(of: Mapping[str, Balance]) -> dict[str, dict[str, int]]:
    """Figures by unit, zeros too."""
    return {
        unit: {"available": each.available, "pending": each.pending, "lifetime": each.lifetime}
        for unit, each in of.items()
    }


def _use(of: Used) -> dict[str, Any]:
    return {
        "coupon": of.coupon,
        "offer": of.offer,
        "worth": of.worth,
        "unit": of.unit,
        "amount": of.amount,
    }


def _coupons(found: Iterable[Coupon]) -> list[dict[str, Any]]:
    return [coupon(each) for each in found]


def _stamps(stamps: Stamps | None) -> dict[str, int] | None:
    return {"have": stamps.have, "of": stamps.of} if stamps else None


def _moment(moment: datetime | None) -> str | None:
    return clock.written(moment) if moment else None
