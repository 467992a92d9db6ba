"""A colleague: one who works for a brand, as they are now, and why somebody cannot be one."""

from dataclasses import dataclass

import sqlalchemy as sa

from wallet_service.brands import roles
from wallet_service.brands.roles import Intention, Role
from wallet_service.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """One who works for a brand. No locations means everywhere."""

    brand_id: str
    staff_id: str
    name: str
    role: Role
    locations: frozenset[str] = frozenset()
    account_id: str | None = None
    has_pin: bool = True

    def may(self, intention: Intention) -> bool:
        """Whether this person's role allows it."""
        return roles.may(self.role, intention)

    def works_at(self, location_id: str) -> bool:
        """Whether this person works at a location."""
        return roles.reaches(self.locations, location_id)

    def reaches(self, other: "Staff") -> bool:
        """Whether this person may change the other: their role, and all of their places."""
        is_granted = other.role in roles.GRANTS[self.role]
        everywhere = not self.locations
        return is_granted and (
            everywhere or (bool(other.locations) and other.locations <= self.locations)
        )


class NameTaken(Refusal):
    """Somebody of this name works here already; a till could not tell them apart."""

    code = "name_taken"


class StaffRefused(Refusal):
    """Somebody cannot be called that, or be that. `facts` name the field."""

    code = "bad_staff"


class LastOwner(Refusal):
    """A brand has at least one owner who can sign in."""

    code = "last_owner"


class UnknownStaff(Refusal):
    """Nobody like that works here now."""

    code = "unknown_staff"


def of_row(row: sa.Row[tuple[object, ...]]) -> Staff:
    """One of the staff, as a row of the table has them."""
    return Staff(
        brand_id=row.brand_id,
        staff_id=row.staff_id,
        name=row.name,
        role=Role(row.role),
        locations=frozenset(row.locations),
        account_id=row.account_id,
        has_pin=row.pin_hash is not None,
    )
