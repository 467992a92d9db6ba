"""An amount of a unit in words: 3 stamps, 1 point, 2.50 € bonus."""

from wallet_service.language import Money, Phrase, phrase, phrases
from wallet_service.programme.part import MONEY_UNITS

UNITS = {
    "stamps": phrase("Stamps"),
    "points": phrase("Points"),
    "bonus": phrase("Bonus"),
    "visits": phrase("Visits"),
    "purchase_total": phrase("Purchases"),
}


def unit_amount(unit: str, amount: int, currency: str = "XXX") -> Phrase:
    """An amount of a unit. `currency` is the programme's, for the units that are money; without
    it the amount is said with the sign that stands for no currency."""
    money = Money(amount=amount, currency=currency)
    match unit:
        case "stamps":
            return phrases("{n} stamp", "{n} stamps", amount)
        case "visits":
            return phrases("{n} visit", "{n} visits", amount)
        case "bonus":
            return phrase("{money} bonus", money=money)
        case "purchase_total":
            return phrase("{money} of purchases", money=money)
        case _:
            return phrases("{n} point", "{n} points", amount)


def bare(unit: str, amount: int, currency: str) -> int | Money:
    """The amount alone, where the sentence has named the unit already."""
    return Money(amount=amount, currency=currency) if unit in MONEY_UNITS else amount
