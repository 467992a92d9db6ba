"""How far somebody's hand reaches: whom, and at which places, an actor may change.

Asked inside the change's own transaction, so that a role that was taken away a moment ago counts.
A command, a key and the service itself are held by their own doors.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.audit import Actor
from wallet_service.brands import roles, tables
from wallet_service.brands.roles import Role
from wallet_service.errors import Refusal
from wallet_service.language import phrase


class NotYours(Refusal):
    """The actor may change others like this, but not this one."""

    code = "not_yours"


def require_role(connection: Connection, brand_id: str, actor: Actor, *wanted: Role) -> None:
    """Raise NotYours unless the actor may give, change and take every one of these roles."""
    mine = _of(connection, brand_id, actor)
    if mine is not None and not roles.GRANTS[mine[0]].issuperset(wanted):
        raise NotYours(phrase("That takes the owner; your role does not reach so far."))


def require_places(
    connection: Connection, brand_id: str, actor: Actor, places: Iterable[str]
) -> None:
    """Raise NotYours unless the actor works at all of these places; none means everywhere."""
    mine = _of(connection, brand_id, actor)
    if mine is None or not mine[1]:
        return
    wanted = frozenset(places)
    if not wanted or not wanted <= mine[1]:
        raise NotYours(phrase("You work at other places; ask somebody who works there."))


def _of(connection: Connection, brand_id: str, actor: Actor) -> tuple[Role, frozenset[str]] | None:
    """The actor's role and places; None for whom neither is asked. Raises NotYours."""
    if actor.kind != "staff":
        return None
    row = connection.execute(
        sa.select(tables.staff.c.role, tables.staff.c.locations).where(
            tables.staff.c.brand_id == brand_id,
            tables.staff.c.staff_id == (actor.id or ""),
            tables.staff.c.ended_at.is_(None),
        )
    ).first()
    if row is None:
        raise NotYours(phrase("You do not work here any more."))
    return Role(row.role), frozenset(row.locations)
