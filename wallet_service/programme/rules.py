"""What a sale gives where nothing is remembered: `earn` without progress, for those who ask so."""

from wallet_service.programme import earn as whole
from wallet_service.programme.amount import unit_amount
from wallet_service.programme.purchase import Earned, Purchase
from wallet_service.programme.ruleset import Ruleset

__all__ = ["Earned", "Purchase", "earn", "unit_amount"]


def earn(rules: Ruleset, purchase: Purchase) -> tuple[Earned, ...]:
    """What `purchase` gives, one `Earned` a unit, in the programme's order of units."""
    return whole.earn(rules, purchase).earned
