"""The verdict on one member: better off, worse off, the same, or more of one and less of another.

Pure. Nothing is weighed against anything that it cannot be measured by: money is compared with
money, a reward without a worth with itself, a tier with tiers.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from wallet_service.backtest.tally import Tally
from wallet_service.backtest.worth import Worth
from wallet_service.programme import Ruleset


class Verdict(StrEnum):
    """How a member fares under the rules that are tried, beside today's."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One member under today's rules and under the others. `standing` is below nothing where the
    tier at the end is lower."""

    member_id: str
    purchases: int
    before: Worth
    after: Worth
    counted_before: Tally
    counted_after: Tally
    tier_before: str | None
    tier_after: str | None
    standing: int

    @property
    def money(self) -> Fraction:
        """So much more in money, or (below nothing) less."""
        return self.after.money - self.before.money

    @property
    def unpriced(self) -> Fraction:
        """So many more rewards without a worth in money, whichever they are."""
        return sum(self._things(), Fraction())

    @property
    def verdict(self) -> Verdict:
        """What it comes to."""
        found = (self.money, *self._things(), Fraction(self.standing))
        is_more, is_less = any(each > 0 for each in found), any(each < 0 for each in found)
        if is_more and is_less:
            return Verdict.MIXED
        return Verdict.BETTER if is_more else Verdict.WORSE if is_less else Verdict.SAME

    def _things(self) -> list[Fraction]:
        before, after = self.before.unpriced, self.after.unpriced
        nothing = Fraction()
        return [
            after.get(key, nothing) - before.get(key, nothing)
            for key in sorted(before.keys() | after.keys())
        ]


def standing(today: Ruleset, tried: Ruleset, before: str | None, after: str | None) -> int:
    """Whether the tier after is higher (1) or lower (-1); nothing where they cannot be compared."""
    if before == after:
        return 0
    for rules in (tried, today):
        ranks: dict[str | None, int] = {None: 0}
        for rank, tier in enumerate(rules.tiers.tier if rules.tiers else (), start=1):
            ranks[tier.key] = rank
        if before in ranks and after in ranks:
            return 1 if ranks[after] > ranks[before] else -1
    return 0
