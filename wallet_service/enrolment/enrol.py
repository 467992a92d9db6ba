"""Enrol: a new member with its first person, card code, passes and first words on the card."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from wallet_service import audit, brands, clock, ids
from wallet_service.audit import Actor
from wallet_service.enrolment import welcome
from wallet_service.errors import Refusal
from wallet_service.language import LANGUAGES, phrase
from wallet_service.members import codes, consents, people, tables
from wallet_service.members.links import INVITATION_LASTS
from wallet_service.phones import issued, news
from wallet_service.programme import versions


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Who comes. `consents` are answers by channel, in the programme's current wording."""

    given_name: str
    family_name: str = ""
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    birthday: date | None = None
    external_id: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    consents: Mapping[str, bool] = field(default_factory=dict)
    joined_at: datetime | None = None  # for registers that are brought along


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """What new passes are made with: Apple's pass type, and the key that secrets derive from."""

    pass_type_identifier: str
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Who came; `is_new` is false when the caller's own name for the member was known."""

    member_id: str
    person_id: str
    code: str
    is_new: bool


class MemberExists(Refusal):
    """Somebody with this e-mail address is a member already."""

    code = "member_exists"


def enrol(
    connection: Connection,
    brand_id: str,
    new: NewMember,
    source: str,
    issuing: Issuing,
    *,
    actor: Actor | None = None,
) -> Enrolled:
    """Enrol a member in the brand's programme. Raises MemberExists.

    With an `actor` it is told in the audit log, by the member's id alone. A known `external_id`
    gives that member, unchanged: a CRM may send its list twice.
    """
    brand = brands.get(connection, brand_id)
    if known := _by_external_id(connection, brand_id, new.external_id):
        return known
    if new.email and (member_id := people.by_email(connection, brand_id, new.email)):
        raise _exists(member_id)

    programme = versions.of_brand(connection, brand_id)
    now = clock.now()
    member_id, person_id = ids.new_id(), ids.new_id()
    try:
        with connection.begin_nested():
            connection.execute(
                sa.insert(tables.member).values(
                    member_id=member_id,
                    brand_id=brand_id,
                    programme_id=programme.programme_id,
                    external_id=new.external_id,
                    status="active",
                    joined_at=new.joined_at or now,
                    seen_at=new.joined_at or now,
                    entries=0,
                    head="",
                )
            )
            connection.execute(
                sa.insert(tables.person).values(
                    member_id=member_id,
                    person_id=person_id,
                    brand_id=brand_id,
                    role="holder",
                    given_name=new.given_name,
                    family_name=new.family_name,
                    name_key=people.name_key(new.given_name, new.family_name),
                    email=new.email,
                    email_key=people.email_key(new.email) if new.email else None,
                    phone=new.phone,
                    birthday=new.birthday.isoformat() if new.birthday else None,
                    language=new.language if new.language in LANGUAGES else brand.language,
                    attributes=dict(new.attributes),
                    created_at=now,
                    key_id=issuing.key_id,
                    invitation_generation=0,
                    invitation_expires_at=now + INVITATION_LASTS,
                    card_generation=0,
                )
            )
    except IntegrityError:
        # Somebody enrolled the same person at the same moment; theirs stands.
        if known := _by_external_id(connection, brand_id, new.external_id):
            return known
        if new.email and (other := people.by_email(connection, brand_id, new.email)):
            raise _exists(other) from None
        raise

    code = codes.issue(connection, brand_id, member_id, person_id)
    consents.record(
        connection, member_id, person_id, new.consents, wording=programme.wording, source=source
    )
    welcome.give(connection, member_id, programme, new.joined_at or now)
    greeting = phrase("Welcome to {brand}. Show this when you pay.", brand=brand.name)
    news.tell(connection, member_id, greeting)
    issued.issue(
        connection,
        member_id=member_id,
        person_id=person_id,
        brand_id=brand_id,
        pass_type_identifier=issuing.pass_type_identifier,
        key_id=issuing.key_id,
    )
    if actor is not None:
        say = phrase("{who} added a member")
        audit.write(connection, brand_id, actor, say, what="member.added", subject=member_id)
    return Enrolled(member_id=member_id, person_id=person_id, code=code, is_new=True)


def _by_external_id(
    connection: Connection, brand_id: str, external_id: str | None
) -> Enrolled | None:
    if external_id is None:
        return None
    member_id = connection.execute(
        sa.select(tables.member.c.member_id).where(
            tables.member.c.brand_id == brand_id, tables.member.c.external_id == external_id
        )
    ).scalar()
    if member_id is None:
        return None
    person = people.of(connection, member_id)[0]
    code = codes.of(connection, member_id).get(person.person_id, "")
    return Enrolled(member_id=member_id, person_id=person.person_id, code=code, is_new=False)


def _exists(member_id: str) -> MemberExists:
    return MemberExists(
        phrase("Somebody with this e-mail address is a member already."), id=member_id
    )
