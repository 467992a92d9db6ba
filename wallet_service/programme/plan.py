"""What changes from one rule set to the next: pure, one sentence a change."""

from dataclasses import dataclass

from wallet_service.language import Phrase
from wallet_service.programme.ruleset import Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change in words, and whether a member may be worse off by it."""

    say: Phrase
    worsens: bool = False


def plan(before: Ruleset | None, after: Ruleset) -> tuple[Change, ...]:
    """Every change from `before` (nothing: a programme begins) to `after`."""
    return ()
