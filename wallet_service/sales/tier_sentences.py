"""What a pass says of a tier whose time ends or has ended: pure, and short enough for its row."""

from datetime import date

from wallet_service.language import Day, Phrase, Words, phrase
from wallet_service.programme import Ruleset, unit_amount


def after_end(old: Words, new: Words | None) -> Phrase:
    """The time of a tier was over, and another is held now, or none."""
    if new is None:
        return phrase("{tier} has ended. You can reach it again.", tier=old)
    return phrase("{old} has ended; you are {new} now.", old=old, new=new)


def before_end(rules: Ruleset, name: Words, last: date, missing: int) -> Phrase:
    """A tier ends soon, and what would keep it."""
    unit = rules.tiers.counts if rules.tiers else "points"
    return phrase(
        "{tier} until {day}; {missing} to keep it.",
        tier=name,
        day=Day(date=last),
        missing=unit_amount(unit, missing, rules.currency),
    )
