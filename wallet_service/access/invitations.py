"""Invitations: a link, shown once to whoever invites, with which somebody comes to sign in.

Opening it changes nothing, as scanners of mail open everything; a button does.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, brands, clock
from wallet_service.access import accounts, tables
from wallet_service.access.accounts import Account
from wallet_service.access.errors import AccountExists, DeadLink, NotYours, WorksHere
from wallet_service.audit import Actor
from wallet_service.brands import Brand, staff
from wallet_service.brands import tables as brand_tables
from wallet_service.brands.staff import Staff
from wallet_service.keys import Keyring
from wallet_service.language import phrase

_JOIN = "join"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Who is awaited where. `account`: whoever has this address already signs in first."""

    brand: Brand
    staff: Staff
    email: str
    expires_at: datetime
    account: Account | None


def invite(connection: Connection, brand: Brand, person: Staff, email: str) -> str:
    """A new link's token for somebody who works here; the one before is dead."""
    end(connection, person)
    token, now = secrets.token_urlsafe(32), clock.now()
    connection.execute(
        sa.insert(tables.staff_invitation).values(
            token_hash=_hash(token),
            purpose=_JOIN,
            brand_id=brand.brand_id,
            staff_id=person.staff_id,
            email=email.strip(),
            role=person.role,
            locations=sorted(person.locations),
            created_at=now,
            expires_at=now + brand.level.invitation_lasts,
        )
    )
    return token


def url(base_url: str, token: str) -> str:
    """The link that is handed over."""
    return f"{base_url}/console/invitation/{token}"


def end(connection: Connection, person: Staff) -> None:
    """Let no link of this person open anything any more."""
    row = tables.staff_invitation
    connection.execute(
        sa.update(row)
        .where(
            row.c.brand_id == person.brand_id,
            row.c.staff_id == person.staff_id,
            row.c.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )


def awaited(connection: Connection, brand_id: str) -> dict[str, datetime]:
    """Whose invitation still waits, by staff id, and until when."""
    row = tables.staff_invitation
    rows = connection.execute(
        sa.select(row).where(
            row.c.brand_id == brand_id, row.c.used_at.is_(None), row.c.expires_at > clock.now()
        )
    )
    people = {each.staff_id: each for each in staff.of(connection, brand_id)}
    return {
        found.staff_id: found.expires_at
        for found in rows
        if _is_for(found, people.get(found.staff_id))
    }


def last_email(connection: Connection, person: Staff) -> str:
    """The address that somebody was invited by last, or nothing."""
    row = tables.staff_invitation.c
    found = connection.execute(
        sa.select(row.email)
        .where(row.brand_id == person.brand_id, row.staff_id == person.staff_id)
        .order_by(row.created_at.desc())
        .limit(1)
    ).scalar()
    return found or ""


def read(connection: Connection, token: str) -> Invitation:
    """What a link is for. Raises DeadLink."""
    row = connection.execute(sa.select(tables.staff_invitation).where(_living(token))).first()
    person = staff.get(connection, row.brand_id, row.staff_id) if row else None
    if row is None or person is None or not _is_for(row, person):
        raise _dead()
    return Invitation(
        brand=brands.get(connection, row.brand_id),
        staff=person,
        email=row.email,
        expires_at=row.expires_at,
        account=accounts.by_email(connection, row.email),
    )


def accept(
    connection: Connection, keyring: Keyring, token: str, *, name: str, password_hash: str
) -> Account:
    """Somebody who is new chose a name and a password. Raises DeadLink or AccountExists."""
    invitation = _used(connection, token)
    if invitation.account is not None:
        raise AccountExists(
            phrase("There is an account with this address already. Sign in, then open the link.")
        )
    account = accounts.add(
        connection, keyring, email=invitation.email, name=name, password_hash=password_hash
    )
    _join(connection, invitation, account)
    # Who invited had to call them something; they know best.
    staff.call_themselves(connection, invitation.staff, account.name)
    return account


def accept_as(connection: Connection, token: str, account: Account) -> Brand:
    """Somebody who signs in for another brand already works here too.

    Raises DeadLink, NotYours or WorksHere.
    """
    invitation = _used(connection, token)
    if invitation.account is None or invitation.account.account_id != account.account_id:
        raise NotYours(
            phrase("This invitation is for {email}; you are somebody else.", email=invitation.email)
        )
    works = staff.of_account(connection, account.account_id)
    if any(work.brand_id == invitation.brand.brand_id for work in works):
        raise WorksHere(
            phrase("You work for {brand} already.", brand=invitation.brand.name),
        )
    _join(connection, invitation, account)
    return invitation.brand


def _used(connection: Connection, token: str) -> Invitation:
    invitation = read(connection, token)
    # Of two at once, one: the other finds nothing to change. A refusal undoes it with the rest.
    taken = connection.execute(
        sa.update(tables.staff_invitation).where(_living(token)).values(used_at=clock.now())
    )
    if taken.rowcount != 1:
        raise _dead()
    return invitation


def _join(connection: Connection, invitation: Invitation, account: Account) -> None:
    person = invitation.staff
    # Held, so that a link to a new password that is used just now sees this work or is seen by it.
    accounts.hold(connection, account.account_id)
    mine = brand_tables.staff.c.staff_id == person.staff_id
    connection.execute(
        sa.update(brand_tables.staff)
        .where(brand_tables.staff.c.brand_id == person.brand_id, mine)
        .values(account_id=account.account_id)
    )
    audit.write(
        connection,
        person.brand_id,
        Actor(kind="staff", id=person.staff_id, name=person.name),
        phrase("{who} took up the invitation"),
        what="staff.joined",
        subject=person.staff_id,
    )


def _is_for(row: sa.Row[tuple[object, ...]], person: Staff | None) -> bool:
    """Whether an invitation is still for what somebody is."""
    # Whoever was invited as less must not come in as more, by a link that others may hold too.
    if person is None or person.account_id is not None or person.role != row.role:
        return False
    return person.locations == frozenset(row.locations)


def _living(token: str) -> sa.ColumnElement[bool]:
    row = tables.staff_invitation
    is_unused = (row.c.token_hash == _hash(token)) & row.c.used_at.is_(None)
    return is_unused & (row.c.expires_at > clock.now())


def _dead() -> DeadLink:
    return DeadLink(phrase("This link has been used, or is too old. Ask for a new one."))


def _hash(token: str) -> str:
    # The token has 256 bits, so a plain hash is enough.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
