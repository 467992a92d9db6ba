"""Reading members: one, or a page of a search."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.members import codes, consents, people, tables
from wallet_service.members.member import Member
from wallet_service.members.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A member with its first person: what the API shows."""

    member: Member
    person: Person
    code: str
    consents: dict[str, bool]


def read(connection: Connection, brand_id: str, member_id: str) -> MemberView:
    """One member of a brand. Raises LookupError when there is none, or it was erased."""
    row = connection.execute(
        sa.select(tables.member).where(
            tables.member.c.member_id == member_id,
            tables.member.c.brand_id == brand_id,
            tables.member.c.status != "erased",
        )
    ).first()
    if row is None:
        raise LookupError("There is no such member.")
    return _view(connection, Member(**row._mapping))


def search(
    connection: Connection,
    brand_id: str,
    *,
    query: str | None = None,
    external_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> tuple[tuple[MemberView, ...], str | None]:
    """A page of members in the order they joined, and the cursor of the next page.

    `query` is a part of a name, an e-mail address, a phone number, or a whole card code.
    """
    wanted = sa.select(tables.member).where(
        tables.member.c.brand_id == brand_id, tables.member.c.status != "erased"
    )
    if external_id is not None:
        wanted = wanted.where(tables.member.c.external_id == external_id)
    if after is not None:
        wanted = wanted.where(tables.member.c.member_id > after)
    if query:
        wanted = wanted.where(tables.member.c.member_id.in_(matching(brand_id, query)))
    found = connection.execute(wanted.order_by(tables.member.c.member_id).limit(limit + 1)).all()
    members = tuple(_view(connection, Member(**row._mapping)) for row in found[:limit])
    return members, members[-1].member.member_id if len(found) > limit else None


def matching(brand_id: str, query: str) -> sa.Select[str]:
    """The ids of members by a part of a name, an address, a number, or a whole card code."""
    code = codes.normalise(query)
    if code is not None:
        return sa.select(tables.card_code.c.member_id).where(
            tables.card_code.c.code == code, tables.card_code.c.brand_id == brand_id
        )
    person = tables.person.c
    typed = query.strip()
    words = people.name_key(typed, "").split() or [""]
    return sa.select(person.member_id).where(
        person.brand_id == brand_id,
        sa.or_(
            sa.and_(*(person.name_key.contains(each, autoescape=True) for each in words)),
            person.email_key.contains(people.email_key(query), autoescape=True),
            person.phone.contains(typed, autoescape=True),
        ),
    )


def _view(connection: Connection, member: Member) -> MemberView:
    person = people.of(connection, member.member_id)[0]
    return MemberView(
        member=member,
        person=person,
        code=codes.of(connection, member.member_id).get(person.person_id, ""),
        consents=consents.of(connection, member.member_id, person.person_id),
    )
