"""Roles and intentions in words: what each role is for, and what it may do."""

from wallet_service.brands.roles import MAY, Intention, Role
from wallet_service.language import Phrase, phrase


def purpose(role: Role) -> Phrase:
    """What a role is for, in a sentence."""
    match role:
        case Role.OWNER:
            return phrase("Decides over everything: people, keys and security too.")
        case Role.MANAGER:
            return phrase("Runs the shop day by day: members, stamps, tills, cashiers.")
        case Role.MARKETER:
            return phrase(
                "Knows the members, writes to them and makes offers; corrects no balance."
            )
        case Role.CASHIER:
            return phrase("Stamps and redeems at the till.")
        case Role.AGENCY:
            return phrase("Works on words, designs and drafts, and sees no person.")


def intention(what: Intention) -> Phrase:
    """What somebody does who does this."""
    return _WORDS[what]


def table() -> tuple[tuple[Phrase, frozenset[Role]], ...]:
    """Everything that may be done here, and by whom."""
    return tuple((_WORDS[what], MAY[what]) for what in Intention)


_WORDS: dict[Intention, Phrase] = {
    Intention.CONSOLE_ENTER: phrase("Open the console"),
    Intention.TILL_SERVE: phrase("Stand at a till"),
    Intention.TILL_TAKE_BACK: phrase("Take goods back at a till"),
    Intention.FIGURES_SEE: phrase("See how the shop is doing"),
    Intention.LIABILITY_SEE: phrase("See what is owed to the members"),
    Intention.MEMBERS_SEE: phrase("See members"),
    Intention.MEMBERS_ADD: phrase("Add members"),
    Intention.MEMBERS_CORRECT: phrase("Correct members’ names and addresses"),
    Intention.MEMBERS_STAMP: phrase("Give stamps from the console"),
    Intention.MEMBERS_ADJUST: phrase("Correct balances"),
    Intention.MEMBERS_ERASE: phrase("Erase members"),
    Intention.APPROVALS_DECIDE: phrase("Agree to what waits for a second person"),
    Intention.FINDINGS_SETTLE: phrase("See what should not have happened at the counter"),
    Intention.OFFERS_SEE: phrase("See the offers"),
    Intention.OFFERS_CHANGE: phrase("Make, change and end offers"),
    Intention.DESIGN_SEE: phrase("See how the cards look"),
    Intention.BRAND_SEE: phrase("See the brand’s settings"),
    Intention.BRAND_CHANGE: phrase("Change the brand’s settings"),
    Intention.LOCATIONS_SEE: phrase("See the shops"),
    Intention.LOCATIONS_CHANGE: phrase("Change shops and opening days"),
    Intention.STAFF_SEE: phrase("See the staff"),
    Intention.STAFF_CHANGE: phrase("Add, change and let go staff"),
    Intention.TILLS_SEE: phrase("See the tills"),
    Intention.TILLS_CHANGE: phrase("Pair, move and end tills"),
    Intention.KEYS_SEE: phrase("See API keys"),
    Intention.KEYS_CHANGE: phrase("Make and end API keys"),
    Intention.SECURITY_SEE: phrase("See the level of security"),
    Intention.SECURITY_CHANGE: phrase("Choose the level of security"),
    Intention.AUDIT_SEE: phrase("Read what happened"),
}
