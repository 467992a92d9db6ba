"""People of a brand together with the way they sign in: hired, invited, helped back, let go."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from wallet_service import audit
from wallet_service.access import invitations, recovery, sessions
from wallet_service.access.accounts import Account
from wallet_service.audit import Actor
from wallet_service.brands import Brand, reach, staff, words
from wallet_service.brands.roles import Intention, Role, may
from wallet_service.brands.staff import Staff, StaffRefused
from wallet_service.errors import Refusal
from wallet_service.keys import Keyring
from wallet_service.language import phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Hired:
    """Somebody new. `token` is the invitation's, for a link that is shown this once."""

    staff: Staff
    token: str | None


class SignsIn(Refusal):
    """Who signs in already needs no invitation."""

    code = "signs_in"


class NoAccount(Refusal):
    """Who does not sign in needs an invitation first."""

    code = "no_account"


def hire(
    connection: Connection,
    keyring: Keyring,
    brand: Brand,
    name: str,
    *,
    role: Role,
    pin: str | None = None,
    email: str = "",
    locations: Collection[str] = (),
    actor: Actor,
) -> Hired:
    """Add a person with a PIN for the till, an invitation to sign in, or both.

    Raises Refusal where one of the two is missing, and whatever `staff.add` raises.
    """
    if not email and pin is None and not may(role, Intention.TILL_SERVE):
        raise StaffRefused(phrase("This role signs in: give an e-mail address."), field="email")
    if not email and pin is None:
        raise StaffRefused(
            phrase("Give an e-mail address to sign in with, or a PIN for the till."), field="email"
        )
    who = staff.add(
        connection,
        keyring,
        brand.brand_id,
        name,
        role=role,
        pin=pin,
        locations=locations,
        actor=actor,
    )
    token = invite(connection, brand, who, email, actor=actor) if email else None
    return Hired(staff=who, token=token)


def invite(connection: Connection, brand: Brand, who: Staff, email: str, *, actor: Actor) -> str:
    """A new invitation's token; the one before is dead. Raises StaffRefused, SignsIn, NotYours."""
    _require_reach(connection, who, actor)
    if not words.is_email(email.strip()):
        raise StaffRefused(phrase("{email} is no e-mail address.", email=email), field="email")
    if who.account_id is not None:
        raise SignsIn(
            phrase("{name} signs in already; a lost password takes another link.", name=who.name)
        )
    token = invitations.invite(connection, brand, who, email)
    audit.write(
        connection,
        brand.brand_id,
        actor,
        phrase("{who} invited {name} to sign in", name=who.name),
        what="staff.invited",
        subject=who.staff_id,
    )
    return token


def help_back(connection: Connection, who: Staff, *, whole: bool = False, actor: Actor) -> str:
    """The token of a link that lets a person choose a new password.

    `whole`: second factor and passkeys go as well. Raises NoAccount, WorksElsewhere, NotYours.
    """
    _require_reach(connection, who, actor)
    if who.account_id is None:
        raise NoAccount(phrase("{name} does not sign in yet; invite them.", name=who.name))
    token = recovery.begin_for(connection, who, whole=whole, actor=actor)
    _tell_of_help(connection, who, actor, whole=whole)
    return token


def help_account_back(
    connection: Connection, account: Account, *, whole: bool = False, actor: Actor
) -> str:
    """The same by whoever runs the service, for an account of whichever brands."""
    token = recovery.begin(connection, account, whole=whole)
    for who in staff.of_account(connection, account.account_id):
        _tell_of_help(connection, who, actor, whole=whole)
    return token


def let_go(connection: Connection, who: Staff, *, actor: Actor) -> None:
    """Let a person go: their links are dead, and where they worked for no other brand they are
    signed out. Raises what `staff.end` raises."""
    staff.end(connection, who, actor=actor)
    invitations.end(connection, who)
    if who.account_id is not None and not staff.of_account(connection, who.account_id):
        sessions.end_all(connection, who.account_id)


def _require_reach(connection: Connection, who: Staff, actor: Actor) -> None:
    reach.require_role(connection, who.brand_id, actor, who.role)
    reach.require_places(connection, who.brand_id, actor, who.locations)


def _tell_of_help(connection: Connection, who: Staff, actor: Actor, *, whole: bool) -> None:
    audit.write(
        connection,
        who.brand_id,
        actor,
        phrase(
            "{who} gave {name} a link to choose a new password; it takes away codes and passkeys",
            name=who.name,
        )
        if whole
        else phrase("{who} gave {name} a link to choose a new password", name=who.name),
        what="staff.recovery",
        subject=who.staff_id,
    )
