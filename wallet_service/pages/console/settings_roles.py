"""What the pages about people share: roles in words, and which a form offers."""

from sqlalchemy import Connection
from wtforms import SelectChoice

from wallet_service.brands import Location, locations, role_words, roles
from wallet_service.brands.roles import GRANTS, Role
from wallet_service.brands.staff import Staff
from wallet_service.pages.console import frame, settings
from wallet_service.pages.console.settings_forms import StaffForm
from wallet_service.web.language import said


def name(role: Role) -> str:
    """What a role is called, in the language of this request."""
    return said(roles.name_of(role))


def hints() -> dict[str, str]:
    """What each role is for."""
    return {role.value: said(role_words.purpose(role)) for role in Role}


def offer(connection: Connection, form: StaffForm, who: Staff | None = None) -> None:
    """Let a form choose among the roles that one may give and the places where one works."""
    mine = GRANTS[frame.current().staff.role]
    there = [role for role in Role if role in mine or (who and role == who.role)]
    form.role.choices = [SelectChoice(role.value, name(role)) for role in there]
    form.locations.choices = [
        SelectChoice(each.location_id, each.name) for each in _places(connection, who)
    ]


def places_of(connection: Connection, who: Staff) -> str:
    """The names of the places where somebody works; nothing for everywhere."""
    known = locations(connection, who.brand_id)
    return ", ".join(each.name for each in known if each.location_id in who.locations)


def _places(connection: Connection, who: Staff | None) -> tuple[Location, ...]:
    known = locations(connection, frame.current().brand.brand_id)
    mine = settings.my_places(connection)
    theirs = who.locations if who else frozenset()
    return tuple(each for each in known if each in mine or each.location_id in theirs)
