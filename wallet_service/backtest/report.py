"""The report: what a back-test found, member by member put together. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from statistics import median

from wallet_service.backtest.card import Card
from wallet_service.backtest.history import Chosen, History
from wallet_service.backtest.verdict import Fate, Verdict
from wallet_service.backtest.worth import Worth
from wallet_service.programme import Ruleset

WORST_MAX = 10


@dataclass(slots=True, kw_only=True)
class Side:
    """What one set of rules came to, over all members."""

    given: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    came: Counter[str] = field(default_factory=Counter)
    chosen: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    unpriced: set[str] = field(default_factory=set)
    tiers: Counter[str] = field(default_factory=Counter)
    got: Counter[str] = field(default_factory=Counter)
    owed: dict[str, Fraction] = field(default_factory=dict)

    def add(self, card: Card, came_to: Worth, tier: str | None) -> None:
        """Add one member's card."""
        tally = card.tally
        for mine, hers in (
            (self.given, tally.given),
            (self.ended, tally.ended),
            (self.came, tally.came),
            (self.chosen, tally.chosen),
            (self.missed, tally.missed),
        ):
            mine.update(hers)
        self.left.update(card.left())
        self.got.update(came_to.got)
        self.unpriced.update(came_to.unpriced)
        for funder, money in came_to.owed.items():
            self.owed[funder] = self.owed.get(funder, Fraction()) + money
        if tier is not None:
            self.tiers[tier] += 1

    def cost(self, funder: str) -> int:
        """What it costs who pays: rewards that were got, and what is owed at the end."""
        return self.got[funder] + self.owing(funder)

    def owing(self, funder: str) -> int:
        """What of it is owed, for what members have left."""
        return round(self.owed.get(funder, Fraction()))


@dataclass(slots=True, kw_only=True)
class Report:
    """Both sets of rules beside each other. Money is in minor units of `today.currency`."""

    today: Ruleset
    tried: Ruleset
    since: datetime
    until: datetime
    months: int
    location: str | None = None
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    members: int = 0
    passive: int = 0  # of them, who bought nothing in that time
    purchases: int = 0
    only_stamped: int = 0  # of them, without an amount
    earlier: int = 0  # purchases before that time
    really_given: Counter[str] = field(default_factory=Counter)
    by_hand: Counter[str] = field(default_factory=Counter)
    really_rewards: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    differences: dict[Verdict, list[Fraction]] = field(default_factory=dict)
    worst: list[Fate] = field(default_factory=list)
    higher: int = 0
    lower: int = 0
    kept_cards: int = 0  # running cards that kept their size
    worse_kept: int = 0  # of their members, how many are worse off all the same

    def books(self, history: History) -> None:
        """What the ledger really says of a member."""
        self.really_given.update(history.really.given)
        self.by_hand.update(history.really.by_hand)
        self.really_rewards.update(history.really.rewards)
        for chosen in history.happenings:
            # The books have one coupon for it, however many times its cost was paid at once.
            if isinstance(chosen, Chosen) and chosen.at >= self.since:
                self.really_rewards[chosen.reward] += chosen.times - 1

    def fate(self, fate: Fate, *, kept: bool) -> None:
        """How one member fares; `kept`: a card was running, and kept its size."""
        verdict = fate.verdict
        self.members += 1
        self.passive += not fate.purchases
        self.verdicts[verdict] += 1
        self.differences.setdefault(verdict, []).append(fate.money)
        self.higher += fate.standing > 0
        self.lower += fate.standing < 0
        self.kept_cards += kept
        self.worse_kept += kept and verdict is Verdict.WORSE
        if verdict in (Verdict.WORSE, Verdict.MIXED):
            self.worst.append(fate)
            self.worst.sort(key=lambda each: (each.money, each.unpriced, each.member_id))
            del self.worst[WORST_MAX:]

    def median(self, verdict: Verdict) -> int:
        """What a member of this verdict gains or loses in money: half of them more, half less."""
        return round(median(self.differences.get(verdict) or [Fraction()]))

    def total(self, verdict: Verdict) -> int:
        """What the members of this verdict gain or lose in money, together."""
        return round(sum(self.differences.get(verdict, ()), Fraction()))

    @property
    def funders(self) -> list[str]:
        """Who pays for anything."""
        sides = (self.before, self.after)
        return sorted({name for side in sides for name in (*side.got, *side.owed)})

    @property
    def units(self) -> list[str]:
        """Every unit that either counts, in their order."""
        return list(dict.fromkeys((*self.today.units, *self.tried.units)))

    @property
    def rewards(self) -> list[str]:
        """Every reward of either, in their order."""
        keys = (each.key for rules in (self.today, self.tried) for each in rules.reward)
        return list(dict.fromkeys(keys))

    @property
    def unpriced(self) -> list[str]:
        """The rewards that members got, or have a part of, and that have no worth in money."""
        there = self.before.unpriced | self.after.unpriced
        return [key for key in self.rewards if key in there]

    @property
    def tiers(self) -> list[str]:
        """Every tier of either, from the lowest."""
        keys = (
            each.key
            for rules in (self.today, self.tried)
            for each in (rules.tiers.tier if rules.tiers else ())
        )
        return list(dict.fromkeys(keys))
