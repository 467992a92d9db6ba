"""The book of rules that a card is replayed by: pure. What holds, and what a running card keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wallet_service.programme import Reward, Ruleset, Version, running

TODAYS, TRIED = 1, 2  # the versions that a replay knows

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The rules from a moment on, as `version`, and those of a card that was begun before.

    `prices` are what rewards are worth in money by their keys, over what the rules say.
    """

    version: int
    rules: Ruleset
    kept: Ruleset
    prices: Mapping[str, int] = field(default_factory=dict)

    def of_card(self, begun: int | None) -> Ruleset:
        """The rules of a card whose oldest stamps were given under the version `begun`."""
        return self.kept if begun is not None and begun < self.version else self.rules

    def price(self, reward: Reward) -> int | None:
        """What a reward is worth in minor units of money; bonus is money, so it says so itself."""
        said = self.prices.get(reward.key, reward.worth)
        return reward.cost if said is None and reward.unit == "bonus" else said


def of_today(rules: Ruleset, prices: Mapping[str, int]) -> Book:
    """The rules that hold, as if they had held all along."""
    return Book(version=TODAYS, rules=rules, kept=rules, prices=prices)


def on_trial(
    todays: Ruleset, tried: Ruleset, prices: Mapping[str, int], *, also_running: bool
) -> Book:
    """Other rules, as if they had been applied over today's."""
    before, after = _version(TODAYS, todays), _version(TRIED, tried, also_running=also_running)
    kept = running(after, before).rules
    return Book(version=TRIED, rules=tried, kept=kept, prices=prices)


def _version(number: int, rules: Ruleset, *, also_running: bool = False) -> Version:
    return Version(
        programme_id="",
        brand_id="",
        version=number,
        content_hash="",
        valid_from=_EVER,
        rules=rules,
        also_running=also_running,
        followed_from=number if also_running else 0,
    )
