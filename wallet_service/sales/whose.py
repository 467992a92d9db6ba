"""Whose card it is: find the member, hold it, and see that it may go on."""

from sqlalchemy import Connection

from wallet_service import members
from wallet_service.language import phrase
from wallet_service.members import Member, codes
from wallet_service.sales.errors import MemberLeft, UnknownMember


def held(
    connection: Connection, brand_id: str, *, code: str | None, member_id: str | None
) -> Member:
    """The member of a card code or an id, locked until the end of the transaction.

    Raises UnknownCard and its like, UnknownMember or MemberLeft.
    """
    if code is not None:
        member = codes.lock(connection, brand_id, code)
        if member_id is not None and member_id != member.member_id:
            raise UnknownMember(phrase("This card belongs to another member."))
    else:
        try:
            member = members.lock(connection, member_id or "")
        except LookupError:
            raise _unknown() from None
    if member.brand_id != brand_id:
        raise _unknown()
    if member.status != "active":
        raise MemberLeft(phrase("This member has left the programme."))
    return member


def _unknown() -> UnknownMember:
    return UnknownMember(phrase("We do not know this member."))
