"""A loyalty programme: a configured thing, its rules as versioned values."""

from wallet_service.programme.amount import unit_amount
from wallet_service.programme.face import Stamps, card_face
from wallet_service.programme.purchase import (
    Context,
    Counted,
    Earned,
    Earnings,
    Goods,
    Progress,
    Purchase,
)
from wallet_service.programme.rewards import Reward
from wallet_service.programme.ruleset import ProgrammeFault, Ruleset
from wallet_service.programme.running import running
from wallet_service.programme.standing import Held
from wallet_service.programme.versions import (
    Version,
    apply,
    at,
    by_key,
    current,
    numbered,
    of_brand,
)

__all__ = [
    "Context",
    "Counted",
    "Earned",
    "Earnings",
    "Goods",
    "Held",
    "ProgrammeFault",
    "Progress",
    "Purchase",
    "Reward",
    "Ruleset",
    "Stamps",
    "Version",
    "apply",
    "at",
    "by_key",
    "card_face",
    "current",
    "numbered",
    "of_brand",
    "running",
    "unit_amount",
]
