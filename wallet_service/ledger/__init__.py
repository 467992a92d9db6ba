"""The ledger: what each member has, written by one function and never changed."""

from wallet_service.ledger.balances import Balance
from wallet_service.ledger.balances import of_member as balances_of
from wallet_service.ledger.confirm import confirm_all, confirm_due
from wallet_service.ledger.entry import (
    Account,
    Entry,
    EntryKind,
    Event,
    Line,
    adjusted,
    ended,
    gained,
    spent,
)
from wallet_service.ledger.errors import NotEnough
from wallet_service.ledger.expire import expire_all, expire_due
from wallet_service.ledger.post import post
from wallet_service.ledger.reverse import Left, left_of, lines_of, reverse
from wallet_service.ledger.verify import verify
from wallet_service.ledger.warn import warn_all, warn_due
from wallet_service.programme.returning import Policy

__all__ = [
    "Account",
    "Balance",
    "Entry",
    "EntryKind",
    "Event",
    "Left",
    "Line",
    "NotEnough",
    "Policy",
    "adjusted",
    "balances_of",
    "confirm_all",
    "confirm_due",
    "ended",
    "expire_all",
    "expire_due",
    "gained",
    "left_of",
    "lines_of",
    "post",
    "reverse",
    "spent",
    "verify",
    "warn_all",
    "warn_due",
]
