"""Who may sign in, and with what: accounts, second factors, passkeys, sessions, invitations."""

from wallet_service.access.entry import Entry, enter
from wallet_service.access.tidy import tidy

__all__ = ["Entry", "enter", "tidy"]
