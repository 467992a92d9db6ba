"""People who work for a brand: they come, change and go, and get PINs where they stand at a till.

Whom somebody may add, change and let go is
`reach`'s and asked here, in the change's own transaction.
"""

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service import audit, clock, ids
from wallet_service.audit import Actor
from wallet_service.brands import brand, location, pin, reach, roles, tables, words
from wallet_service.brands.colleague import (
    LastOwner,
    NameTaken,
    Staff,
    StaffRefused,
    UnknownStaff,
    of_row,
)
from wallet_service.brands.colleague_changes import changes
from wallet_service.brands.pin import WeakPin
from wallet_service.brands.roles import Intention, Role
from wallet_service.brands.team import at_the_till, by_name, get, locked, of, of_account
from wallet_service.keys import Keyring
from wallet_service.language import Phrase, phrase

__all__ = [
    "LastOwner",
    "NameTaken",
    "Staff",
    "StaffRefused",
    "UnknownStaff",
    "WeakPin",
    "add",
    "at_the_till",
    "by_name",
    "call_themselves",
    "change",
    "end",
    "get",
    "locked",
    "of",
    "of_account",
    "of_row",
    "set_pin",
    "unlock",
]


def add(
    connection: Connection,
    keyring: Keyring,
    brand_id: str,
    name: str,
    *,
    role: Role,
    pin: str | None = None,
    locations: Collection[str] = (),
    actor: Actor,
) -> Staff:
    """Add a person. Raises NameTaken, StaffRefused, WeakPin, UnknownLocation, NotYours."""
    who = Staff(
        brand_id=brand_id,
        staff_id=ids.new_id(),
        name=name.strip(),
        role=role,
        locations=frozenset(locations),
        has_pin=pin is not None,
    )
    reach.require_role(connection, brand_id, actor, role)
    reach.require_places(connection, brand_id, actor, who.locations)
    _check(connection, who)
    connection.execute(
        sa.insert(tables.staff).values(
            brand_id=brand_id,
            staff_id=who.staff_id,
            name=who.name,
            role=role,
            locations=sorted(who.locations),
            pin_hash=None if pin is None else _pin_kept(connection, keyring, who, pin),
            pin_attempts=0,
            created_at=clock.now(),
        )
    )
    say = phrase("{who} added {name} as {role}", name=who.name, role=roles.name_of(role))
    _tell(connection, who, actor, say, "staff.added")
    return who


def change(connection: Connection, who: Staff, *, actor: Actor) -> Staff:
    """Make a person's name, role and places what `who` says now; nothing else of it is looked at.

    Raises NameTaken, StaffRefused, UnknownLocation, LastOwner, NotYours, UnknownStaff.
    """
    before = _held(connection, who)
    after = replace(before, name=who.name.strip(), role=who.role, locations=who.locations)
    if not after.may(Intention.TILL_SERVE):
        after = replace(after, has_pin=False)
    if after == before:
        return before
    reach.require_role(connection, who.brand_id, actor, before.role, after.role)
    reach.require_places(connection, who.brand_id, actor, before.locations)
    reach.require_places(connection, who.brand_id, actor, after.locations)
    _check(connection, after)
    if before.role == Role.OWNER and after.role != Role.OWNER:
        _require_another_owner(connection, before)
    values: dict[str, object] = {
        "name": after.name, "role": after.role, "locations": sorted(after.locations)
    }  # fmt: skip
    if not after.has_pin:
        values["pin_hash"] = None
    connection.execute(_mine(who).values(**values))
    for say in changes(connection, before, after):
        _tell(connection, after, actor, say, "staff.changed")
    return after


def call_themselves(connection: Connection, who: Staff, name: str) -> Staff:
    """Call a person as they say themselves, where nobody else here is called so already."""
    before = _held(connection, who)
    after = replace(before, name=name.strip())
    namesake = by_name(connection, who.brand_id, after.name)
    is_taken = namesake is not None and namesake.staff_id != who.staff_id
    if after == before or is_taken or not words.is_name(after.name):
        return before
    connection.execute(_mine(who).values(name=after.name))
    say = phrase("{old} is called {name} now", old=before.name, name=after.name)
    themselves = Actor(kind="staff", id=who.staff_id, name=after.name)
    _tell(connection, after, themselves, say, "staff.changed")
    return after


def set_pin(
    connection: Connection, keyring: Keyring, who: Staff, pin: str, *, actor: Actor
) -> Staff:
    """Give a person another PIN, and a new start if it was locked.

    Raises WeakPin, StaffRefused, NotYours, UnknownStaff.
    """
    before = _held(connection, who)
    reach.require_role(connection, who.brand_id, actor, before.role)
    reach.require_places(connection, who.brand_id, actor, before.locations)
    after = replace(before, has_pin=True)
    _check(connection, after)
    kept = _pin_kept(connection, keyring, before, pin)
    connection.execute(_mine(who).values(pin_hash=kept, pin_attempts=0, locked_until=None))
    _tell(connection, who, actor, phrase("{who} gave {name} a new PIN", name=who.name), "staff.pin")
    return after


def unlock(connection: Connection, who: Staff, *, actor: Actor) -> bool:
    """Let a person try their PIN again at once; False when nobody was locked. Raises NotYours."""
    before = _held(connection, who)
    reach.require_role(connection, who.brand_id, actor, before.role)
    reach.require_places(connection, who.brand_id, actor, before.locations)
    opened = connection.execute(
        _mine(who)
        .where(sa.or_(tables.staff.c.pin_attempts > 0, tables.staff.c.locked_until.is_not(None)))
        .values(pin_attempts=0, locked_until=None)
        .returning(tables.staff.c.locked_until)
    ).first()
    if opened is None:
        return False
    _tell(
        connection, who, actor, phrase("{who} unlocked the PIN of {name}", name=who.name),
        "staff.unlocked",
    )  # fmt: skip
    return True


def end(connection: Connection, who: Staff, *, actor: Actor) -> None:
    """Let a person go: no till knows them any more; what they did stays theirs.

    Raises LastOwner, NotYours, UnknownStaff. What they sign in with is the access room's.
    """
    before = _held(connection, who)
    reach.require_role(connection, who.brand_id, actor, before.role)
    reach.require_places(connection, who.brand_id, actor, before.locations)
    if before.role == Role.OWNER:
        _require_another_owner(connection, before)
    connection.execute(_mine(who).values(ended_at=clock.now()))
    _tell(connection, before, actor, phrase("{who} let {name} go", name=before.name), "staff.ended")


def _check(connection: Connection, who: Staff) -> None:
    if not words.is_name(who.name):
        raise StaffRefused(
            phrase("A person needs a name of 1 to 60 characters, without quotes or braces."),
            field="name",
        )
    namesake = by_name(connection, who.brand_id, who.name)
    if namesake is not None and namesake.staff_id != who.staff_id:
        raise NameTaken(
            phrase("{name} works here already; give another name.", name=who.name), field="name"
        )
    location.known(connection, who.brand_id, who.locations)
    if who.role == Role.OWNER and who.locations:
        raise StaffRefused(phrase("An owner works everywhere; name no places."), field="locations")
    if who.has_pin and not who.may(Intention.TILL_SERVE):
        raise StaffRefused(
            phrase("Somebody of this role does not stand at the till; leave the PIN out."),
            field="pin",
        )


def _pin_kept(connection: Connection, keyring: Keyring, who: Staff, typed: str) -> str:
    pin.require(typed, brand.get(connection, who.brand_id).level.pin_digits_min)
    return pin.kept(keyring, who.staff_id, typed)


def _require_another_owner(connection: Connection, leaving: Staff) -> None:
    """Raise LastOwner unless another can do all that this one could: an owner who cannot sign in
    yet is none in the place of one who can."""
    others = [
        each
        for each in of(connection, leaving.brand_id)
        if each.role == Role.OWNER and each.staff_id != leaving.staff_id
    ]
    if not any(each.account_id or not leaving.account_id for each in others):
        raise LastOwner(
            phrase(
                "{name} is the last owner; make somebody else an owner first, who has signed in.",
                name=leaving.name,
            )
        )


def _held(connection: Connection, who: Staff) -> Staff:
    """The person as they are now, held until the transaction ends. Raises UnknownStaff."""
    # The owners are held too, all in one order: two who leave at once must not leave none.
    rows = connection.execute(
        sa.select(tables.staff)
        .where(
            tables.staff.c.brand_id == who.brand_id,
            tables.staff.c.ended_at.is_(None),
            sa.or_(tables.staff.c.staff_id == who.staff_id, tables.staff.c.role == Role.OWNER),
        )
        .order_by(tables.staff.c.staff_id)
        .with_for_update()
    ).all()
    found = next((row for row in rows if row.staff_id == who.staff_id), None)
    if found is None:
        raise UnknownStaff(phrase("{name} does not work here any more.", name=who.name))
    return of_row(found)


def _mine(who: Staff) -> sa.Update:
    return sa.update(tables.staff).where(
        tables.staff.c.brand_id == who.brand_id, tables.staff.c.staff_id == who.staff_id
    )


def _tell(connection: Connection, who: Staff, actor: Actor, say: Phrase, what: str) -> None:
    audit.write(connection, who.brand_id, actor, say, what=what, subject=who.staff_id)
