"""What a sale gives: pure. A rule set and a sale in; what was earned, and why, out."""

from datetime import datetime

from wallet_service.programme.purchase import (
    Context,
    Counted,
    Earned,
    Earnings,
    Goods,
    Progress,
    Purchase,
)
from wallet_service.programme.ruleset import Ruleset

__all__ = [
    "Context",
    "Counted",
    "Earned",
    "Earnings",
    "Goods",
    "Progress",
    "Purchase",
    "earn",
    "periods",
]


def periods(rules: Ruleset, at: datetime | None) -> tuple[tuple[str, str], ...]:
    """The (rule, period) pairs whose progress `earn` asks for, for a purchase at `at`."""
    return ()


def earn(rules: Ruleset, purchase: Purchase, context: Context = Context()) -> Earnings:  # noqa: B008
    """What `purchase` gives, one `Earned` a unit, in the programme's order of units."""
    from wallet_service.programme import rules as plain

    earned = plain.earn(
        rules,
        plain.Purchase(amount=purchase.paid, stamps=purchase.stamps, by_hand=purchase.by_hand),
    )
    return Earnings(
        earned=tuple(Earned(unit=each.unit, amount=each.amount, why=each.why) for each in earned)
    )
