"""The second person: do at once what one may do alone, ask for the rest, do it when agreed to.

What is asked for is a deed by hand, an erasure, or (`access.choosing`) a milder level of security.
"""

from typing import Any, Literal

from sqlalchemy import Connection

from wallet_service import members
from wallet_service.access import approvals, choosing
from wallet_service.access.approvals import Approval
from wallet_service.audit import Actor
from wallet_service.brands import Brand, staff
from wallet_service.brands.roles import Intention
from wallet_service.enrolment.erase import erase
from wallet_service.language import Phrase, phrase
from wallet_service.sales import Answer, by_hand, reasons
from wallet_service.sales.by_hand import Wish
from wallet_service.sales.errors import UnknownMember

ERASURE = "erasure"


def wish(connection: Connection, brand: Brand, wanted: Wish, *, actor: Actor) -> Answer | Approval:
    """Do it, or, where the brand's level says so, ask for a second person.

    Raises UnknownMember, BadApprovalId, TooMuchByHand, and what `by_hand.act` raises.
    """
    approvals.check_id(wanted.event_id)
    _require_member(connection, brand, wanted.member_id)
    by_hand.require_within(brand.level, wanted)
    members.lock(connection, wanted.member_id)
    if not by_hand.waits(connection, brand.level, wanted, actor=actor):
        return by_hand.act(connection, brand.brand_id, wanted, actor=actor)
    reasons.read(wanted.reason)
    return approvals.ask(
        connection,
        brand.brand_id,
        approval_id=wanted.event_id,
        intention=by_hand.intention_of(wanted),
        subject=wanted.member_id,
        facts=by_hand.as_facts(wanted),
        say=by_hand.said(wanted),
        actor=actor,
    )


def erasure(
    connection: Connection, brand: Brand, member_id: str, event_id: str, *, actor: Actor
) -> Literal["erased"] | Approval:
    """Erase, or ask for a second person. Raises UnknownMember, BadApprovalId."""
    approvals.check_id(event_id)
    _require_member(connection, brand, member_id)
    if brand.level.erase_alone:
        erase(connection, brand.brand_id, member_id, actor=actor)
        return "erased"
    return approvals.ask(
        connection,
        brand.brand_id,
        approval_id=event_id,
        intention=Intention.MEMBERS_ERASE,
        subject=member_id,
        facts={"kind": ERASURE},
        say=said({"kind": ERASURE}),
        actor=actor,
    )


def agree(connection: Connection, brand: Brand, approval_id: str, *, actor: Actor) -> Approval:
    """Agree, and do it in this transaction in the name of whoever asked.

    Raises UnknownApproval, OwnApproval, CameLater, DecidedBefore, and what doing it raises.
    """
    facts = approvals.get(connection, brand.brand_id, approval_id).facts
    found = approvals.approve(connection, brand.brand_id, approval_id, say=said(facts), actor=actor)
    asker = _actor(connection, brand.brand_id, found.asked_by)
    if found.facts.get("kind") == ERASURE:
        erase(connection, brand.brand_id, found.subject, actor=asker)
    elif found.facts.get("kind") == choosing.KIND:
        choosing.agreed(connection, found, actor=asker)
    else:
        wanted = by_hand.from_facts(dict(found.facts))
        by_hand.act(connection, brand.brand_id, wanted, actor=asker)
    return found


def disagree(
    connection: Connection, brand: Brand, approval_id: str, why: str, *, actor: Actor
) -> Approval:
    """Say no, and why.

    Raises UnknownApproval, OwnApproval, CameLater, DecidedBefore, BadReason.
    """
    facts = approvals.get(connection, brand.brand_id, approval_id).facts
    return approvals.refuse(
        connection, brand.brand_id, approval_id, reasons.read(why), say=said(facts), actor=actor
    )


def said(facts: Any) -> Phrase:
    """What was asked for, in words that name no member."""
    match facts.get("kind"):
        case None:
            return phrase("something about a member who was erased since")
        case kind if kind == ERASURE:
            return phrase("a member erased")
        case kind if kind == choosing.KIND:
            return choosing.said(facts)
        case _:
            return by_hand.said(by_hand.from_facts(_deed(facts)))


def reason(facts: Any) -> str:
    """Why it was asked for, in the asker's words."""
    return str(facts.get("reason", ""))


def _deed(facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "why_not"}


def _require_member(connection: Connection, brand: Brand, member_id: str) -> None:
    try:
        members.read(connection, brand.brand_id, member_id)
    except LookupError:
        raise UnknownMember(phrase("We do not know this member.")) from None


def _actor(connection: Connection, brand_id: str, staff_id: str) -> Actor:
    who = staff.get(connection, brand_id, staff_id)
    # Whoever asked may have gone since; what they asked for was agreed to all the same.
    return Actor(kind="staff", id=staff_id, name=who.name if who else "–")
