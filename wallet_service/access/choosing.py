"""Choosing a level of security: from where one person can do no harm alone, none lowers it alone.

Otherwise one owner would lower it, do the harm, and raise it again.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from wallet_service import brands
from wallet_service.access import approvals
from wallet_service.access.approvals import Approval
from wallet_service.audit import Actor
from wallet_service.brands import Brand, levels, staff
from wallet_service.brands.levels import LEVELS, LevelName
from wallet_service.brands.roles import Intention
from wallet_service.errors import Refusal
from wallet_service.language import Phrase, phrase

KIND = "level"
_DECIDERS_MIN = 2


class TooFewDeciders(Refusal):
    """Nobody could be the second person that the level asks for."""

    code = "too_few_deciders"


def choose(
    connection: Connection, brand_id: str, name: LevelName, event_id: str, *, actor: Actor
) -> Brand | Approval:
    """Choose a level, or ask for a second person. Raises TooFewDeciders, BadApprovalId."""
    approvals.check_id(event_id)
    before = brands.get(connection, brand_id)
    if not LEVELS[name].erase_alone and before.level.erase_alone:
        _require_deciders(connection, brand_id)
    if not waits(before, name):
        return brands.set_level(connection, brand_id, name, actor=actor)
    facts = {"kind": KIND, "level": str(name)}
    return approvals.ask(
        connection,
        brand_id,
        approval_id=event_id,
        intention=Intention.SECURITY_CHANGE,
        subject=brand_id,
        facts=facts,
        say=said(facts),
        actor=actor,
    )


def agreed(connection: Connection, found: Approval, *, actor: Actor) -> None:
    """Do what was asked for and agreed to; `actor` is whoever asked."""
    name = LevelName(found.facts["level"])
    brands.set_level(connection, found.brand_id, name, actor=actor)


def waits(brand: Brand, name: LevelName) -> bool:
    """Whether a second person must agree to this level."""
    return not brand.level.erase_alone and levels.is_stricter(brand.level, LEVELS[name])


def said(facts: Mapping[str, Any]) -> Phrase:
    """What was asked for."""
    level = levels.name_of(LevelName(facts["level"]))
    return phrase("the level of security lowered to {level}", level=level)


def _require_deciders(connection: Connection, brand_id: str) -> None:
    joined = [
        each
        for each in staff.of(connection, brand_id)
        if each.account_id is not None and each.may(Intention.APPROVALS_DECIDE)
    ]
    if len(joined) < _DECIDERS_MIN:
        raise TooFewDeciders(
            phrase(
                "This level needs two people who may decide, owners or managers, and who have"
                " joined. Invite another one first."
            )
        )
