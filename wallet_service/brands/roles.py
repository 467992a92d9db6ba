"""Who may do what: the one table of intentions and roles.

A role belongs to one person in one brand. Whatever a door lets a person do is one of these
intentions; what is not in the table is not allowed. `reseller` and `bookkeeper` will join with
their first pages.
"""

from enum import StrEnum

from wallet_service.language import Phrase, phrase


class Role(StrEnum):
    """What somebody is to a brand."""

    OWNER = "owner"
    MANAGER = "manager"
    MARKETER = "marketer"
    CASHIER = "cashier"
    AGENCY = "agency"


class Intention(StrEnum):
    """What somebody wants to do in a brand; noun first, so that they sort by what they touch."""

    CONSOLE_ENTER = "console.enter"
    TILL_SERVE = "till.serve"
    TILL_TAKE_BACK = "till.take_back"
    FIGURES_SEE = "figures.see"
    LIABILITY_SEE = "liability.see"
    MEMBERS_SEE = "members.see"
    MEMBERS_ADD = "members.add"
    MEMBERS_CORRECT = "members.correct"
    MEMBERS_STAMP = "members.stamp"
    MEMBERS_ADJUST = "members.adjust"
    MEMBERS_ERASE = "members.erase"
    APPROVALS_DECIDE = "approvals.decide"
    FINDINGS_SETTLE = "findings.settle"
    OFFERS_SEE = "offers.see"
    OFFERS_CHANGE = "offers.change"
    DESIGN_SEE = "design.see"
    BRAND_SEE = "brand.see"
    BRAND_CHANGE = "brand.change"
    LOCATIONS_SEE = "locations.see"
    LOCATIONS_CHANGE = "locations.change"
    STAFF_SEE = "staff.see"
    STAFF_CHANGE = "staff.change"
    TILLS_SEE = "tills.see"
    TILLS_CHANGE = "tills.change"
    KEYS_SEE = "keys.see"
    KEYS_CHANGE = "keys.change"
    SECURITY_SEE = "security.see"
    SECURITY_CHANGE = "security.change"
    AUDIT_SEE = "audit.see"


_ALL = frozenset(Role)
_OWNER = frozenset({Role.OWNER})
_RUN = frozenset({Role.OWNER, Role.MANAGER})
_KNOW_PEOPLE = frozenset({Role.OWNER, Role.MANAGER, Role.MARKETER})
_WORDS = frozenset({Role.OWNER, Role.MANAGER, Role.MARKETER, Role.AGENCY})

MAY: dict[Intention, frozenset[Role]] = {
    Intention.CONSOLE_ENTER: _ALL,
    Intention.TILL_SERVE: frozenset({Role.OWNER, Role.MANAGER, Role.CASHIER}),
    # Of a cashier, as far as the brand's level of security lets one (`levels`).
    Intention.TILL_TAKE_BACK: frozenset({Role.OWNER, Role.MANAGER, Role.CASHIER}),
    Intention.FIGURES_SEE: _KNOW_PEOPLE,
    Intention.LIABILITY_SEE: _RUN,
    Intention.MEMBERS_SEE: _KNOW_PEOPLE,
    Intention.MEMBERS_ADD: _KNOW_PEOPLE,
    Intention.MEMBERS_CORRECT: _KNOW_PEOPLE,
    # What is worth money is not for whoever writes to the members.
    Intention.MEMBERS_STAMP: _RUN,
    Intention.MEMBERS_ADJUST: _RUN,
    Intention.MEMBERS_ERASE: _RUN,
    Intention.APPROVALS_DECIDE: _RUN,
    Intention.FINDINGS_SETTLE: _RUN,
    Intention.OFFERS_SEE: _WORDS,
    # An offer is worth money too, but to promise it to everybody is the marketer's very work.
    Intention.OFFERS_CHANGE: _KNOW_PEOPLE,
    Intention.DESIGN_SEE: _WORDS,
    Intention.BRAND_SEE: _WORDS,
    Intention.BRAND_CHANGE: _OWNER,
    Intention.LOCATIONS_SEE: _KNOW_PEOPLE,
    Intention.LOCATIONS_CHANGE: _RUN,
    Intention.STAFF_SEE: _RUN,
    Intention.STAFF_CHANGE: _RUN,
    Intention.TILLS_SEE: _RUN,
    Intention.TILLS_CHANGE: _RUN,
    Intention.KEYS_SEE: _OWNER,
    Intention.KEYS_CHANGE: _OWNER,
    Intention.SECURITY_SEE: _RUN,
    Intention.SECURITY_CHANGE: _OWNER,
    Intention.AUDIT_SEE: _RUN,
}

# Whom one may invite, change and let go: nobody makes another more powerful than oneself.
GRANTS: dict[Role, frozenset[Role]] = {
    Role.OWNER: _ALL,
    Role.MANAGER: frozenset({Role.CASHIER}),
    Role.MARKETER: frozenset(),
    Role.CASHIER: frozenset(),
    Role.AGENCY: frozenset(),
}


def may(role: Role, intention: Intention) -> bool:
    """Whether somebody of this role may do it."""
    return role in MAY.get(intention, frozenset())


def reaches(locations: frozenset[str], location_id: str) -> bool:
    """Whether somebody who works at these locations (none: everywhere) may act at one."""
    return not locations or location_id in locations


def name_of(role: Role) -> Phrase:
    """What a role is called."""
    match role:
        case Role.OWNER:
            return phrase("owner")
        case Role.MANAGER:
            return phrase("manager")
        case Role.MARKETER:
            return phrase("marketer")
        case Role.CASHIER:
            return phrase("cashier")
        case Role.AGENCY:
            return phrase("agency")
