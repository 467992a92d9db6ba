"""A member's closed link, given anew: the one before opens nothing any more."""

from sqlalchemy import Connection

from wallet_service import audit, members
from wallet_service.audit import Actor
from wallet_service.language import phrase
from wallet_service.members import links


def revoke(connection: Connection, brand_id: str, member_id: str, *, actor: Actor) -> None:
    """End the invitation at hand; the card that was added with it stays. Raises LookupError."""
    members.lock(connection, member_id)
    view = members.read(connection, brand_id, member_id)
    links.revoke_invitation(connection, member_id, view.person.person_id)
    say = phrase("{who} gave a member a new link; the one before has ended")
    audit.write(connection, brand_id, actor, say, what="member.link", subject=member_id)
