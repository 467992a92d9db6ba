"""Update tags: marks "changes up to here", digits from one counter row per pass type."""

import sqlalchemy as sa
from sqlalchemy import Connection

from wallet_service.phones.tables import pass_type


def next_update_tag(connection: Connection, pass_type_identifier: str) -> int:
    """Take the next tag. Write it to the passes it is for in this same transaction.

    The counter's row stays locked until the commit, so tags become visible in their order: a
    phone that has seen tag 6 can never miss what 5 was for.
    """
    tag: int = connection.execute(_NEXT, {"of_type": pass_type_identifier}).scalar_one()
    return tag


def last_update_tag(connection: Connection, pass_type_identifier: str) -> int:
    """The newest tag that was given out; 0 where none was."""
    tag: int | None = connection.execute(
        sa.select(pass_type.c.update_tag).where(
            pass_type.c.pass_type_identifier == pass_type_identifier
        )
    ).scalar()
    return tag or 0


_NEXT = (
    sa.update(pass_type)
    .where(pass_type.c.pass_type_identifier == sa.bindparam("of_type"))
    .values(update_tag=pass_type.c.update_tag + 1)
    .returning(pass_type.c.update_tag)
)
