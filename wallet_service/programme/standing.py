"""A member's tier: pure. What counts and what is held in; the tier that is held now out."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from wallet_service.programme.ending import month_end_after, months_before
from wallet_service.programme.ruleset import Ruleset


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A tier, since when, and until when it is held whatever is bought."""

    tier: str
    since: datetime
    until: datetime


def window(rules: Ruleset, at: datetime) -> datetime:
    """The beginning of the time that counts towards a tier at `at`. Raises LookupError when the
    programme has no tiers."""
    tiers = rules.tiers
    if tiers is None:
        raise LookupError("The programme has no tiers.")
    today = at.astimezone(rules.zone).date()
    if tiers.qualifying == "year":
        first = today.replace(month=1, day=1)
    else:
        first = months_before(today, tiers.qualifying_months)
    return datetime.combine(first, time(), rules.zone).astimezone(UTC)


def standing(rules: Ruleset, total: int, held: Held | None, at: datetime) -> Held | None:
    """The tier held at `at` with `total` of what counts since `window`; `held` is the last one.

    A tier that was reached holds to its end even where `total` has fallen; with a total that
    reaches it anew it is held anew, and a higher one is held at once.
    """
    tiers = rules.tiers
    if tiers is None:
        return None
    ranks = {each.key: rank for rank, each in enumerate(tiers.tier)}
    # A tier that the rules no longer know is none; the ones that there are begin anew.
    if held is not None and (held.tier not in ranks or held.until <= at):
        held_until_now = held if held.tier in ranks else None
        held = None
    else:
        held_until_now = held
    reached = next((each for each in reversed(tiers.tier) if total >= each.from_total), None)
    if reached is None or (held is not None and ranks[reached.key] < ranks[held.tier]):
        return held
    since = at
    if held_until_now is not None and held_until_now.tier == reached.key:
        since = held_until_now.since
    until = month_end_after(at, tiers.holding_months, rules.zone)
    if held is not None and held.tier == reached.key:
        # Time is not taken away: an older sale that arrives late must not shorten what is held.
        until = max(until, held.until)
    return Held(tier=reached.key, since=since, until=until)
