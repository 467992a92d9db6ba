"""Approvals: what one person asks for and a second one must agree to.

Kept here as facts, and done by whoever knows how (`enrolment.second`), in the transaction of the
decision. Nobody decides what they asked for themselves.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock, db
from wallet_service.access import tables
from wallet_service.audit import Actor
from wallet_service.brands import tables as brand_tables
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.language import Phrase, phrase

WHY_LENGTH_MAX = 200
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One thing that was asked for. `subject` is a member's id, or the brand's for a level;
    `facts` are the asker's own."""

    approval_id: str
    brand_id: str
    intention: Intention
    subject: str
    facts: Mapping[str, Any]
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    state: str

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting"

    @property
    def why_not(self) -> str:
        """What was said against it."""
        return str(self.facts.get("why_not", ""))


class UnknownApproval(Refusal):
    """Nothing of this name was asked for."""

    code = "unknown_approval"


class OwnApproval(Refusal):
    """Whoever asked cannot be the second person too."""

    code = "own_approval"


class CameLater(Refusal):
    """Whoever came after the question could have been brought in to answer it."""

    code = "came_later"


class BadApprovalId(Refusal):
    """What would be no step of an address: the page could never be opened."""

    code = "bad_approval_id"


class DecidedBefore(Refusal):
    """Somebody decided it a moment ago."""

    code = "decided_before"


def check_id(approval_id: str) -> None:
    """Raises BadApprovalId."""
    if not _ID.fullmatch(approval_id):
        raise BadApprovalId(phrase("This form has grown old. Load the page again, please."))


def ask(
    connection: Connection,
    brand_id: str,
    *,
    approval_id: str,
    intention: Intention,
    subject: str,
    facts: Mapping[str, Any],
    say: Phrase,
    actor: Actor,
) -> Approval:
    """Ask for a second person; the same `approval_id` again is the same question.

    Raises BadApprovalId.
    """
    assert actor.id is not None
    check_id(approval_id)
    is_new = connection.execute(
        db.insert(connection, tables.approval)
        .values(
            brand_id=brand_id,
            approval_id=approval_id,
            intention=intention,
            subject=subject,
            facts=dict(facts),
            asked_by=actor.id,
            asked_at=clock.now(),
            state="waiting",
        )
        .on_conflict_do_nothing()
        .returning(tables.approval.c.approval_id)
    ).first()
    if is_new:
        _tell(connection, brand_id, actor, "asked", subject, _asked(say))
    return get(connection, brand_id, approval_id)


def get(connection: Connection, brand_id: str, approval_id: str) -> Approval:
    """One of a brand. Raises UnknownApproval."""
    row = connection.execute(sa.select(tables.approval).where(_one(brand_id, approval_id))).first()
    if row is None:
        raise UnknownApproval(phrase("Nobody asked for that."))
    return _approval(row)


def waiting(connection: Connection, brand_id: str, limit: int = 50) -> tuple[Approval, ...]:
    """What waits for a decision, the oldest first."""
    approval = tables.approval
    rows = connection.execute(
        sa.select(approval)
        .where(approval.c.brand_id == brand_id, approval.c.state == "waiting")
        .order_by(approval.c.asked_at, approval.c.approval_id)
        .limit(limit)
    )
    return tuple(_approval(row) for row in rows)


def count_waiting(connection: Connection, brand_id: str) -> int:
    """How much waits for a decision."""
    approval = tables.approval.c
    return connection.execute(
        sa.select(sa.func.count()).where(approval.brand_id == brand_id, approval.state == "waiting")
    ).scalar_one()


def about(
    connection: Connection, brand_id: str, subject: str, limit: int = 10
) -> tuple[Approval, ...]:
    """What was asked for about a member, the newest first; what was approved is done and gone."""
    approval = tables.approval
    rows = connection.execute(
        sa.select(approval)
        .where(
            approval.c.brand_id == brand_id,
            approval.c.subject == subject,
            approval.c.state != "approved",
        )
        .order_by(approval.c.asked_at.desc())
        .limit(limit)
    )
    return tuple(_approval(row) for row in rows)


def approve(
    connection: Connection, brand_id: str, approval_id: str, *, say: Phrase, actor: Actor
) -> Approval:
    """Agree; the caller does it in this transaction. Raises UnknownApproval, OwnApproval,
    CameLater, DecidedBefore."""
    found = _decide(connection, brand_id, approval_id, actor, "approved")
    _tell(connection, brand_id, actor, "approved", found.subject, _approved(say))
    return found


def refuse(
    connection: Connection, brand_id: str, approval_id: str, why: str, *, say: Phrase, actor: Actor
) -> Approval:
    """Say no, and why. Raises UnknownApproval, OwnApproval, CameLater, DecidedBefore."""
    found = _decide(connection, brand_id, approval_id, actor, "refused")
    facts = {**found.facts, "why_not": " ".join(why.split())[:WHY_LENGTH_MAX]}
    connection.execute(
        sa.update(tables.approval).where(_one(brand_id, approval_id)).values(facts=facts)
    )
    _tell(connection, brand_id, actor, "refused", found.subject, _refused(say))
    return found


def forget(connection: Connection, brand_id: str, subject: str) -> None:
    """Forget what was typed about a member, and ask for nothing about them any more."""
    mine = (tables.approval.c.brand_id == brand_id) & (tables.approval.c.subject == subject)
    connection.execute(sa.update(tables.approval).where(mine).values(facts={}))
    connection.execute(
        sa.update(tables.approval)
        .where(mine, tables.approval.c.state == "waiting")
        .values(state="refused", decided_at=clock.now())
    )


def _decide(
    connection: Connection, brand_id: str, approval_id: str, actor: Actor, state: str
) -> Approval:
    found = get(connection, brand_id, approval_id)
    if actor.kind != "staff" or actor.id == found.asked_by:
        raise OwnApproval(phrase("You asked for this yourself; somebody else decides."))
    since = _worked_since(connection, brand_id, actor.id or "")
    if since is None or since > found.asked_at:
        raise CameLater(
            phrase("This was asked for before you joined; somebody who was here then decides.")
        )
    # Of two who decide at the same moment, one does.
    won = connection.execute(
        sa.update(tables.approval)
        .where(_one(brand_id, approval_id), tables.approval.c.state == "waiting")
        .values(state=state, decided_by=actor.id, decided_at=clock.now())
        .returning(tables.approval.c.approval_id)
    ).first()
    if won is None:
        raise DecidedBefore(phrase("That was decided already."))
    return found


def _worked_since(connection: Connection, brand_id: str, staff_id: str) -> datetime | None:
    """Since when somebody of the staff can sign in as that; None when they cannot."""
    person, invitation = brand_tables.staff.c, tables.staff_invitation.c
    added_at = connection.execute(
        sa.select(person.created_at).where(
            person.brand_id == brand_id,
            person.staff_id == staff_id,
            person.account_id.is_not(None),
            person.ended_at.is_(None),
        )
    ).scalar()
    taken_up_at = connection.execute(
        sa.select(sa.func.max(invitation.used_at)).where(
            invitation.brand_id == brand_id,
            invitation.staff_id == staff_id,
            invitation.purpose == "join",
        )
    ).scalar()
    return max(added_at, taken_up_at) if added_at and taken_up_at else added_at


def _asked(say: Phrase) -> Phrase:
    return phrase("{who} asked for a second person: {deed}", deed=say)


def _approved(say: Phrase) -> Phrase:
    return phrase("{who} agreed, as the second person: {deed}", deed=say)


def _refused(say: Phrase) -> Phrase:
    return phrase("{who} did not agree, as the second person: {deed}", deed=say)


def _tell(
    connection: Connection, brand_id: str, actor: Actor, what: str, subject: str, say: Phrase
) -> None:
    audit.write(connection, brand_id, actor, say, what=f"approval.{what}", subject=subject)


def _one(brand_id: str, approval_id: str) -> sa.ColumnElement[bool]:
    approval = tables.approval.c
    return (approval.brand_id == brand_id) & (approval.approval_id == approval_id)


def _approval(row: sa.Row[tuple[object, ...]]) -> Approval:
    facts = dict(row._mapping)
    return Approval(**facts | {"intention": Intention(row.intention)})
