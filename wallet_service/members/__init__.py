"""Customers of a programme: members, the people in them, their card codes, links and consents."""

from wallet_service.members.member import Member, lock, set_head, set_seen
from wallet_service.members.reading import MemberView, read, search

__all__ = ["Member", "MemberView", "lock", "read", "search", "set_head", "set_seen"]
