"""Add: somebody of the staff enrols a member, once however often the button is pressed."""

from sqlalchemy import Connection

from wallet_service import idempotency, ids
from wallet_service.audit import Actor
from wallet_service.enrolment.enrol import Enrolled, Issuing, NewMember, enrol
from wallet_service.idempotency import Done
from wallet_service.members import codes, people
from wallet_service.sales import told
from wallet_service.sales.by_hand import SOURCE


def add(
    connection: Connection,
    brand_id: str,
    new: NewMember,
    event_id: str,
    issuing: Issuing,
    *,
    actor: Actor,
) -> Enrolled:
    """Enrol a member; the same `event_id` for the same name is the same member.

    Raises MemberExists.
    """
    told.check_id(event_id)

    def act() -> Done:
        made = enrol(connection, brand_id, new, SOURCE, issuing, actor=actor)
        return Done(member_id=made.member_id, answer={})

    outcome = idempotency.once(
        connection,
        brand_id=brand_id,
        source=SOURCE,
        key=event_id,
        operation="enrol",
        body={},  # even a hash of somebody's name would outlive their erasure
        act=act,
    )
    member_id = idempotency.member_of(connection, brand_id=brand_id, source=SOURCE, key=event_id)
    assert member_id is not None
    found = people.of(connection, member_id)
    if outcome.repeated and (not found or found[0].given_name != new.given_name):
        # A page that was kept open, filled in for somebody else.
        return add(connection, brand_id, new, ids.new_id(), issuing, actor=actor)
    return Enrolled(
        member_id=member_id,
        person_id=found[0].person_id,
        code=codes.of(connection, member_id).get(found[0].person_id, ""),
        is_new=not outcome.repeated,
    )
