"""The switches in words: what a member may count on, as the member's own page says it."""

from wallet_service.language import Phrase, phrase
from wallet_service.programme.ruleset import Ruleset


def promised(rules: Ruleset) -> tuple[Phrase, ...]:
    """A sentence for each loyal default that is on."""
    said = {
        "best_rule_wins": phrase("When several offers fit, the best one for you counts."),
        "rewards_offered": phrase("You are told at the counter what you can use; no need to ask."),
        "leftovers_carry": phrase("What is left over counts the next time."),
        "warned_before_expiry": phrase("Nothing ends without our telling you in time."),
        "grace_week": phrase("A reward that has just ended is still good for a week."),
        "changes_never_worsen": phrase("A card that you have begun never gets dearer."),
    }
    return tuple(words for name, words in said.items() if getattr(rules.loyal, name))
