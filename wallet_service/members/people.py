"""People: who holds a member's passes. All that is personal about a member stands here."""

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.members import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person of a member, with the seeds of the person's links."""

    member_id: str
    person_id: str
    role: str
    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    birthday: date | None
    language: str
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def short_name(self) -> str:
        """First name and initial: what a screen in a shop may show."""
        return f"{self.given_name} {self.family_name[:1]}." if self.family_name else self.given_name


_COLUMNS = [
    tables.person.c[name]
    for name in (
        "member_id", "person_id", "role", "given_name", "family_name", "email", "phone",
        "birthday", "language", "attributes",
    )
]  # fmt: skip


def of(connection: Connection, member_id: str) -> tuple[Person, ...]:
    """The people of a member, the first one first; none when the member was erased."""
    rows = connection.execute(
        sa.select(*_COLUMNS)
        .where(tables.person.c.member_id == member_id)
        .order_by(tables.person.c.person_id)
    )
    return tuple(_person(row) for row in rows)


def get(connection: Connection, member_id: str, person_id: str) -> Person:
    """One person. Raises LookupError."""
    row = connection.execute(_ONE, {"of_member": member_id, "of_person": person_id}).first()
    if row is None:
        raise LookupError("There is no such person.")
    return _person(row)


def by_email(connection: Connection, brand_id: str, email: str) -> str | None:
    """The member whose person has this address, or None."""
    return connection.execute(
        sa.select(tables.person.c.member_id).where(
            tables.person.c.brand_id == brand_id, tables.person.c.email_key == email_key(email)
        )
    ).scalar()


def name_key(given_name: str, family_name: str) -> str:
    """What lists are sorted by: the whole name, whatever its case and however its ä is made."""
    whole = f"{given_name} {family_name}".strip()
    return unicodedata.normalize("NFC", whole.casefold())


def email_key(email: str) -> str:
    """What makes two addresses the same: case, outer spaces and how an ä is put together."""
    return unicodedata.normalize("NFC", email.strip().casefold())


def _person(row: sa.Row[Any]) -> Person:
    facts = dict(row._mapping)
    if facts["birthday"] is not None:
        facts["birthday"] = date.fromisoformat(facts["birthday"])
    return Person(**facts)


_ONE = sa.select(*_COLUMNS).where(
    tables.person.c.member_id == sa.bindparam("of_member"),
    tables.person.c.person_id == sa.bindparam("of_person"),
)
