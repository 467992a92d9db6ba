"""Returning, as the file says it: how far a return may reach for what was given."""

from typing import Literal

from wallet_service.programme.part import Part

# only_pending: what can be used already stays. within_balance: as much as there is, the rest is
# forgiven. unlimited: the balance may go below nothing, and what is gained next fills it up.
Policy = Literal["only_pending", "within_balance", "unlimited"]


class Returns(Part):
    """What a return takes back."""

    policy: Policy = "within_balance"
