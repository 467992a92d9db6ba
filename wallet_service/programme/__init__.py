"""A loyalty programme: a configured thing, its rules as versioned values."""

from wallet_service.programme.face import Stamps, card_face
from wallet_service.programme.ruleset import ProgrammeFault, Ruleset
from wallet_service.programme.versions import Version, apply, at, by_key, current, of_brand

__all__ = [
    "ProgrammeFault",
    "Ruleset",
    "Stamps",
    "Version",
    "apply",
    "at",
    "by_key",
    "card_face",
    "current",
    "of_brand",
]
