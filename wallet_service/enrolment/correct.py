"""Correct: change what is known of a person, and let the card say it."""

from collections.abc import Mapping
from typing import Any, TypedDict

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from wallet_service import audit, members
from wallet_service.audit import Actor
from wallet_service.enrolment.enrol import MemberExists
from wallet_service.language import phrase
from wallet_service.members import consents, people, tables
from wallet_service.members.people import Person
from wallet_service.phones import outbox
from wallet_service.programme import versions


class Changes(TypedDict, total=False):
    """What may be changed. A key that is absent stays as it is; None empties what may be empty."""

    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    birthday: str | None  # ISO date
    language: str
    external_id: str | None
    attributes: dict[str, Any]
    consents: Mapping[str, bool]


def correct(
    connection: Connection,
    brand_id: str,
    member_id: str,
    changes: Changes,
    source: str,
    *,
    actor: Actor,
) -> None:
    """Change a member's first person. Raises LookupError, or MemberExists for a taken address.

    It is told in the audit log, by the member's id and without what it was.
    """
    members.lock(connection, member_id)
    view = members.read(connection, brand_id, member_id)
    _require_free(connection, brand_id, member_id, changes)
    try:
        with connection.begin_nested():
            _write(connection, view.person, changes)
    except IntegrityError:
        # Another member took the address or the id at the same moment; theirs stands.
        _require_free(connection, brand_id, member_id, changes)
        raise
    if answers := changes.get("consents"):
        wording = versions.of_brand(connection, brand_id).wording
        consents.record(
            connection,
            member_id,
            view.person.person_id,
            answers,
            wording=wording,
            source=source,
        )
    if changes.keys() - _BESIDE_THE_PERSON:
        outbox.changed(connection, member_id)
    if changes:
        say = phrase("{who} corrected a member's details")
        audit.write(connection, brand_id, actor, say, what="member.corrected", subject=member_id)


def _write(connection: Connection, person: Person, changes: Changes) -> None:
    member_id, person_id = person.member_id, person.person_id
    personal: dict[str, Any] = {
        key: value for key, value in changes.items() if key not in _BESIDE_THE_PERSON
    }
    if "email" in changes:
        email = changes["email"]
        personal["email_key"] = people.email_key(email) if email else None
    if personal.keys() & {"given_name", "family_name"}:
        personal["name_key"] = people.name_key(
            personal.get("given_name", person.given_name),
            personal.get("family_name", person.family_name),
        )
    if personal:
        connection.execute(
            sa.update(tables.person)
            .where(tables.person.c.member_id == member_id, tables.person.c.person_id == person_id)
            .values(**personal)
        )
    if "external_id" in changes:
        connection.execute(
            sa.update(tables.member)
            .where(tables.member.c.member_id == member_id)
            .values(external_id=changes["external_id"])
        )


def _require_free(connection: Connection, brand_id: str, member_id: str, changes: Changes) -> None:
    if email := changes.get("email"):
        other = people.by_email(connection, brand_id, email)
        if other not in {None, member_id}:
            raise MemberExists(
                phrase("Somebody with this e-mail address is a member already."), id=other
            )
    if external_id := changes.get("external_id"):
        other = connection.execute(
            sa.select(tables.member.c.member_id).where(
                tables.member.c.brand_id == brand_id,
                tables.member.c.external_id == external_id,
                tables.member.c.member_id != member_id,
            )
        ).scalar()
        if other is not None:
            raise MemberExists(phrase("Another member has this external id."), id=other)


_BESIDE_THE_PERSON = frozenset({"external_id", "consents"})
